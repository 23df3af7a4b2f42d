"""Greedy text token for token against transformers' `generate`: folders, GGUF files, adapters, many streams, a real model."""

import json
import os

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from . import conversions

COUNT = 48
# Logits are compared in single precision: this share of the largest is no difference. Beside weights in blocks activations
# have 16 bits, of which the last is 1.5e-5 of the largest of 32.
TIE = 1e-5
BLOCK_TIE = 5e-5
# Beyond those of the conversions: a window that the text outgrows.
CASES = conversions.CASES + [("mistral narrow", dict(sliding_window=24), True)]


def prompts(size):
    return [[(i * i * 7 + i * 3 + n) % size for i in range(length)] for n, length in enumerate((5, 90, 1, 40, 13))]


def continued(model, prompt, count=COUNT):
    """The likeliest tokens after a prompt, and how near the second ones came, as shares of the largest logit."""
    model.generation_config.eos_token_id = None
    with torch.no_grad():
        done = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False,
            max_new_tokens=count, eos_token_id=None, pad_token_id=0, output_logits=True, return_dict_in_generate=True)
    logits = torch.cat(done.logits)
    best = logits.topk(2).values
    return done.sequences[0, len(prompt):].tolist(), ((best[:, 0] - best[:, 1]) / logits.abs().max()).tolist()


def ours(context, path, texts, count=COUNT, streams=1, adapter=None):
    more = [str(streams)] + ([adapter] if adapter else [])
    return [json.loads(line) for line in context.run("greedy", path, json.dumps(texts), str(count), *more).splitlines()]


def compare(context, name, model, found, texts, count=COUNT, tie=TIE):
    """Equal token for token; where two tokens are equally likely but for rounding, the text may part there."""
    equal, ties, worst = 0, 0, 0
    for text, other in zip(texts, found):
        tokens, gaps = continued(model, text, count)
        apart = next((place for place in range(count) if tokens[place] != other[place]), None)
        equal += apart is None
        ties += apart is not None and gaps[apart] < tie
        worst = max(worst, gaps[apart] if apart is not None else 0)
    parted = f", {ties} part where two tokens are within {worst:.1e} of each other" if ties else ""
    context.report(name, equal + ties == len(texts) and ties < equal, f"{equal} of {len(texts)} texts of {count} tokens{parted}")


def run(context):
    for name, more, hasGGUF in CASES:
        folder = conversions.made(context, name, more)
        texts = prompts(json.load(open(os.path.join(folder, "config.json")))["vocab_size"])
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        alone = ours(context, folder, texts)
        compare(context, f"sample {name}: folder", model, alone, texts)
        context.report(f"sample {name}: streams together", ours(context, folder, texts, streams=3) == alone)
        if hasGGUF:
            files(context, name, folder, texts)
    halves(context)
    adapters(context)
    real(context)


def files(context, name, folder, texts):
    path = context.path("out.gguf")
    for kind in ("f32", "f16", "bf16", "q8_0"):
        context.run("convert", folder, path, kind)
        compare(context, f"sample {name}: GGUF {kind}", conversions.unpacked(path, folder), ours(context, path, texts), texts,
                tie=BLOCK_TIE if kind == "q8_0" else TIE)
    if name in ("tied", "untied"):
        model = AutoModelForCausalLM.from_pretrained(os.path.dirname(path), gguf_file="out.gguf", dtype=torch.float32)
        compare(context, f"sample {name}: GGUF q8_0 read by transformers", model, ours(context, path, texts), texts, tie=BLOCK_TIE)


def halves(context):
    """Folders in 16 bits are computed with their weights as they are and activations in 32."""
    folder = conversions.made(context, "untied", dict(tie_word_embeddings=False))
    texts = prompts(json.load(open(os.path.join(folder, "config.json")))["vocab_size"])
    for kind, dtype in (("f16", torch.float16), ("bf16", torch.bfloat16)):
        out = context.path("half-" + kind)
        context.run("convert", folder, out + "/", kind)
        compare(context, f"sample folder in {kind}", AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32), ours(context, out, texts), texts)


def adapters(context):
    folder, source = context.tiny(), context.path("sampled-adapter")
    texts = prompts(json.load(open(os.path.join(folder, "config.json")))["vocab_size"])
    torch.manual_seed(4)
    trained = get_peft_model(
        AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32),
        LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=9, target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
    for key, parameter in trained.named_parameters():
        if "lora_" in key:
            torch.nn.init.normal_(parameter, std=0.2)
    trained.save_pretrained(source)
    loaded = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32), source).eval()
    compare(context, "sample adapter on a folder", loaded, ours(context, folder, texts, adapter=source), texts)
    path = context.path("adapted.gguf")
    context.run("convert", folder, path, "f32")
    compare(context, "sample adapter on a GGUF file", loaded, ours(context, path, texts, streams=4, adapter=source), texts)


def real(context):
    path = context.real_file()
    if path is None:
        return context.skip("sample a real model", "no GGUF file (MDATA_ORACLE_GGUF names one)")
    folder, name = os.path.split(path)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    tasks = ["Name three causes of fever.", "Write a short poem about the sea.", "What is 12 times 11?"]
    examples = [{"instruction": task} for task in tasks]
    texts = context.lines("prompts", path, "own", values=examples)
    expected = [
        tokenizer.apply_chat_template([{"role": "user", "content": task}], add_generation_prompt=True, return_dict=False) for task in tasks]
    context.report("sample real model: prompts", texts == expected)
    compare(context, "sample real model", model, ours(context, path, texts, 64, streams=3), texts, 64, tie=BLOCK_TIE)
