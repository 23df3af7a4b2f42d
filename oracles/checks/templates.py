"""Conversations as tokens against transformers' apply_chat_template, and which of them are learned."""

import json
import os
import random
import shutil

from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from . import texts, vocabularies

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
DEFINED = "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"
SYSTEM = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nSYSTEM<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}"
    "{% set system_message = false %}{% endif %}{% for message in loop_messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}"
    r"{% set content = '<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
    "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
    "{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    r"{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim"
    " + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    r"{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
# By name: the tokens that the template is made of, the source, and the name that mdata gives it.
TEMPLATES = {
    "chatml": (["<|im_start|>", "<|im_end|>"], CHATML, "chatml"),
    "chatml escaped": (["<|im_start|>", "<|im_end|>"], CHATML.replace("\n", r"\n"), "chatml"),
    "chatml defined": (["<|im_start|>", "<|im_end|>"], DEFINED + CHATML, "chatml"),
    "smollm2": (
        ["<|im_start|>", "<|im_end|>"],
        SYSTEM.replace("SYSTEM", "You are a helpful AI assistant named SmolLM, trained by Hugging Face"),
        None,
    ),
    "qwen2": (["<|im_start|>", "<|im_end|>"], SYSTEM.replace("SYSTEM", "You are a helpful assistant."), None),
    "llama-2": (["<s>", "</s>"], LLAMA2, "llama-2"),
    "llama-3": (["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], LLAMA3, "llama-3"),
}


def conversations(count):
    """Examples; no text holds a special token, which transformers would take for one and mdata does not."""
    source = random.Random(17)
    plain = [s for s in texts.randoms(4 * count, seed=19) if "<|" not in s and "<s>" not in s]
    take = lambda: source.choice(plain)
    for _ in range(count):
        example = {"instruction": take(), "output": take()}
        if source.random() < 0.3:
            example["system"] = take()
        if source.random() < 0.3:
            example["input"] = take()
        if source.random() < 0.3:
            example["turns"] = [
                {"role": role, "content": take()} for _ in range(source.randrange(1, 3)) for role in ("user", "assistant")
            ]
        yield example


def messages(example):
    task = example["instruction"] + ("\n\n" + example["input"] if example.get("input") else "")
    system = [{"role": "system", "content": example["system"]}] if "system" in example else []
    turns = example.get("turns", []) + [{"role": "user", "content": task}, {"role": "assistant", "content": example["output"]}]
    return system + turns


def folder(context, name, value, tokens, source):
    """A tiny model with this tokenizer, and rows for its tokens."""
    target = context.path("template-" + name.replace(" ", "-"))
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(context.tiny(), target)
    size = max(list(value["model"]["vocab"].values()) + [token["id"] for token in value["added_tokens"]]) + 1
    for token in tokens:
        if token not in value["model"]["vocab"] and all(added["content"] != token for added in value["added_tokens"]):
            value["added_tokens"].append(
                {"id": size, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            )
            size += 1
    # A model is opened whole: its rows are as many as its tokens.
    model = AutoModelForCausalLM.from_pretrained(target)
    model.resize_token_embeddings(size, mean_resizing=False)
    model.save_pretrained(target)
    with open(os.path.join(target, "tokenizer.json"), "w", encoding="utf-8") as file:
        json.dump(value, file)
    with open(os.path.join(target, "tokenizer_config.json"), "w", encoding="utf-8") as file:
        json.dump({"eos_token": tokens[-1], "bos_token": tokens[0], "chat_template": source}, file)
    return target


def run(context):
    count = min(int(os.environ.get("MDATA_ORACLE_STRINGS", "5000")), 5000) // 5
    examples = list(conversations(count))
    families = dict(list(vocabularies.byte_levels())[:1])
    families |= {name: value for name, value in vocabularies.characters() if name in ("llama-2", "metaspace first")}
    for family, value in families.items():
        for name, (tokens, source, named) in TEMPLATES.items():
            value = json.loads(json.dumps(value))
            target = folder(context, name, value, tokens, source)
            tokenizer = PreTrainedTokenizerFast(
                tokenizer_file=os.path.join(target, "tokenizer.json"), bos_token=tokens[0], eos_token=tokens[-1], chat_template=source
            )
            for choice in ["own"] + ([named] if named else []):
                found = context.lines("examples", target, "100000", choice, values=examples)
                expected = [reference(tokenizer, messages(example), tokens[-1]) for example in examples]
                wrong = [i for i in range(count) if found[i] != expected[i]]
                detail = f"{count}" + "".join(
                    f"\n       {ascii(examples[i])}\n       {found[i]}\n       {expected[i]}" for i in wrong[:2]
                )
                context.report(f"template {name} ({choice}) {family}", not wrong, detail)
                found = context.lines("prompts", target, choice, values=examples)
                expected = [opening(tokenizer, messages(example)[:-1]) for example in examples]
                equal = sum(a == b for a, b in zip(found, expected))
                context.report(f"prompts in {name} ({choice}) {family}", equal == count, f"{equal} of {count}")


def opening(tokenizer, conversation):
    """The tokens after which an answer begins."""
    text = tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False).input_ids


def reference(tokenizer, conversation, end):
    """The tokens of the whole conversation; learned is what follows the prompt up to the end of the turn."""

    def tokens(part, prompt=False):
        text = tokenizer.apply_chat_template(part, tokenize=False, add_generation_prompt=prompt)
        return tokenizer(text, add_special_tokens=False).input_ids

    whole = tokens(conversation)
    labels = [-100] * len(whole)
    stop = tokenizer.convert_tokens_to_ids(end)
    for index, message in enumerate(conversation):
        if message["role"] == "assistant":
            start = len(tokens(conversation[:index], prompt=True))
            last = whole.index(stop, start)
            labels[start : last + 1] = whole[start : last + 1]
    return {"tokens": whole, "labels": labels}
