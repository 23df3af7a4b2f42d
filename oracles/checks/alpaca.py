"""Prompts, masks and truncation against Stanford Alpaca's own preprocessing, written out with transformers."""

import random

from transformers import AutoTokenizer

from . import texts

# tatsu-lab/stanford_alpaca, train.py.
PROMPTS = {
    "prompt_input": (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:"
    ),
    "prompt_no_input": (
        "Below is an instruction that describes a task. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\n{instruction}\n\n### Response:"
    ),
}


def reference(tokenizer, example):
    prompt = PROMPTS["prompt_input" if example.get("input", "") != "" else "prompt_no_input"].format_map(example)
    whole = tokenizer(prompt + example["output"] + tokenizer.eos_token, truncation=True).input_ids
    alone = tokenizer(prompt, truncation=True).input_ids
    return {"tokens": whole, "labels": [-100] * len(alone) + whole[len(alone) :]}


def run(context):
    source = random.Random(3)
    strings = list(texts.randoms(6_000, seed=5))
    examples = [
        {"instruction": strings[i], "input": strings[i + 1] if source.random() < 0.5 else "", "output": strings[i + 2]}
        for i in range(0, len(strings) - 2, 3)
    ]
    folders = {"tiny": context.tiny()}
    if context.real():
        folders["real"] = context.real()
    for name, folder in folders.items():
        for limit in (64, 128, 512):
            tokenizer = AutoTokenizer.from_pretrained(folder, model_max_length=limit)
            expected = [reference(tokenizer, example) for example in examples]
            found = context.lines("examples", folder, str(limit), "alpaca", values=examples)
            wrong = [i for i in range(len(examples)) if found[i] != expected[i]]
            detail = f"{len(examples)} examples" + "".join(f"\n       {ascii(examples[i])}" for i in wrong[:3])
            context.report(f"alpaca {name} to {limit}", not wrong, detail)
