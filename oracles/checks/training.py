"""Training runs against PyTorch's AdamW with transformers' schedules: every loss, rate and norm, and the final weights; of
whole models, and of adapters against PEFT."""

import json
import math
import os

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, get_scheduler

from .context import REPOSITORY
from .model import batch

CONFIG = {"epochs": 3, "batch": 2, "accumulation": 2, "lr": 3e-3, "warmup": 0.2, "decay": 0.1}
ADAPTERS = [
    ("adapter of attention", ["q_proj", "v_proj"]), ("adapter of k, up and down", ["k_proj", "up_proj", "down_proj"]),
    ("adapter of everything", ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
]


def replay(context, name, model, sequences, steps, config):
    """Takes the same steps in PyTorch, and compares what each said."""
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": config["decay"]},
        {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=config["lr"], betas=(0.9, 0.999), eps=1e-8)
    kind = {"constant": "constant_with_warmup"}.get(config.get("schedule", "cosine"), config.get("schedule", "cosine"))
    schedule = get_scheduler(kind, optimizer, math.ceil(len(steps) * config["warmup"]), len(steps))
    worst = {"loss": 0.0, "lr": 0.0, "norm": 0.0}
    for step in steps:
        chosen = [sequences[i] for i in step["examples"]]
        labels = sum(sum(label != -100 for label in s["labels"][1:]) for s in chosen)
        optimizer.zero_grad()
        total = 0.0
        for s in chosen:
            logits = model(torch.tensor([s["tokens"]])).logits[0, :-1]
            target = torch.tensor(s["labels"][1:])
            loss = torch.nn.functional.cross_entropy(logits, target, ignore_index=-100, reduction="sum") / labels
            loss.backward()
            total += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
        worst["loss"] = max(worst["loss"], abs(step["loss"] - total))
        worst["lr"] = max(worst["lr"], abs(step["lr"] - schedule.get_last_lr()[0]))
        worst["norm"] = max(worst["norm"], abs(step["norm"] - norm) / norm)
        optimizer.step()
        schedule.step()
    passed = worst["loss"] < 1e-4 and worst["lr"] < 1e-12 and worst["norm"] < 1e-4
    detail = ", ".join(f"{key} off by {value:.1e}" for key, value in worst.items())
    context.report(f"{name} step by step", passed, f"{detail}; loss {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")


def train(context, folder, sequences, config, out):
    return context.run("train", folder, context.write("batch.json", sequences), json.dumps(config), out)


def whole(context, folder, sequences):
    for kind in ["cosine", "linear", "constant"]:
        out, config = context.path(f"trained-{kind}"), {**CONFIG, "schedule": kind}
        text = train(context, folder, sequences, config, out)
        steps = [json.loads(line) for line in text.splitlines()]
        name = f"training, {kind}:"
        if kind == "cosine":
            context.report("training repeats itself", text == train(context, folder, sequences, config, context.path("again")))
            context.report("training steps", len(steps) == 3 * math.ceil(len(sequences) / 4), f"{len(steps)}")
            seen = [sorted(i for s in steps if s["epoch"] == epoch for i in s["examples"]) for epoch in range(3)]
            context.report("training sees each example once an epoch", seen == [list(range(len(sequences)))] * 3)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        replay(context, name, model, sequences, steps, config)
        ours = AutoModelForCausalLM.from_pretrained(out)
        error = max((a - b).abs().max().item() for a, b in zip(ours.parameters(), model.parameters()))
        context.report(f"{name} weights", error < 1e-4, f"largest difference {error:.1e}")


def adapter(context, folder, sequences, name, modules):
    """Both begin with the same matrices, none of them zero."""
    torch.manual_seed(5)
    source, out = context.path(name + ".start"), context.path(name + ".end")
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    fresh = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=12, target_modules=modules))
    for key, parameter in fresh.named_parameters():
        if "lora_" in key:
            torch.nn.init.normal_(parameter, std=0.1)
    fresh.save_pretrained(source)
    text = train(context, folder, sequences, {**CONFIG, "adapter": source}, out)
    steps = [json.loads(line) for line in text.splitlines()]
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model = PeftModel.from_pretrained(base, source, is_trainable=True)
    replay(context, name, model, sequences, steps, CONFIG)
    end = context.path(name + ".peft")
    model.save_pretrained(end)
    ours, theirs, start = (load_file(os.path.join(f, "adapter_model.safetensors")) for f in (out, end, source))
    same = ours.keys() == theirs.keys()
    error = max((ours[key] - theirs[key]).abs().max().item() for key in theirs) if same else math.inf
    moved = min((theirs[key] - start[key]).abs().max().item() for key in theirs)
    context.report(f"{name} matrices", error < 1e-4 < moved, f"{len(ours)}, largest difference {error:.1e}, least change {moved:.1e}")


def curve(context, folder):
    """A hundred steps of a real model on English text."""
    with open(os.path.join(REPOSITORY, "docs", "architecture.md"), encoding="utf-8") as file:
        tokens = AutoTokenizer.from_pretrained(folder)(file.read(), add_special_tokens=False)["input_ids"]
    pieces = [tokens[start : start + 48] for start in range(0, 120 * 48, 48)]
    sequences = [{"tokens": piece, "labels": [-100] * 12 + piece[12:]} for piece in pieces if len(piece) == 48]
    config = {"steps": 100, "batch": 1, "accumulation": 2, "lr": 2e-5, "warmup": 0.03, "decay": 0.0}
    text = train(context, folder, sequences, config, context.path("curve"))
    steps = [json.loads(line) for line in text.splitlines()]
    replay(context, "100 steps of a real model", AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32), sequences, steps, config)


def run(context):
    folder = context.tiny()
    size = AutoModelForCausalLM.from_pretrained(folder).config.vocab_size
    sequences = batch(size, [5, 9, 33, 60, 12, 40, 21, 8, 70, 30, 25], 3)
    whole(context, folder, sequences)
    for name, modules in ADAPTERS:
        adapter(context, folder, sequences, name, modules)
    if context.real():
        curve(context, context.real())
    else:
        context.skip("100 steps of a real model", "no real model: set MDATA_ORACLE_MODEL to a Hugging Face folder")
