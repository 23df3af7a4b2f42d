"""A training run against PyTorch's AdamW with transformers' schedule: every loss, rate and norm, and the final weights."""

import json
import math

import torch
from transformers import AutoModelForCausalLM, get_cosine_schedule_with_warmup

from .model import batch


def run(context):
    folder = context.tiny()
    size = AutoModelForCausalLM.from_pretrained(folder).config.vocab_size
    sequences = batch(size, [5, 9, 33, 60, 12, 40, 21, 8, 70, 30, 25], 3)
    config = {"epochs": 3, "batch": 2, "accumulation": 2, "lr": 3e-3, "warmup": 0.2, "decay": 0.1}
    out = context.path("trained")
    arguments = ("train", folder, context.write("batch.json", sequences), json.dumps(config))
    text = context.run(*arguments, out)
    steps = [json.loads(line) for line in text.splitlines()]
    context.report("training repeats itself", text == context.run(*arguments, context.path("trained-again")))
    per_epoch = math.ceil(len(sequences) / 4)
    context.report("training steps", len(steps) == 3 * per_epoch, f"{len(steps)}")
    seen = [sorted(i for s in steps if s["epoch"] == epoch for i in s["examples"]) for epoch in range(3)]
    context.report("training sees each example once an epoch", seen == [list(range(len(sequences)))] * 3)

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": config["decay"]},
        {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=config["lr"], betas=(0.9, 0.999), eps=1e-8)
    schedule = get_cosine_schedule_with_warmup(optimizer, math.ceil(len(steps) * config["warmup"]), len(steps))
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
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        worst["loss"] = max(worst["loss"], abs(step["loss"] - total))
        worst["lr"] = max(worst["lr"], abs(step["lr"] - schedule.get_last_lr()[0]))
        worst["norm"] = max(worst["norm"], abs(step["norm"] - norm) / norm)
        optimizer.step()
        schedule.step()
    passed = worst["loss"] < 1e-4 and worst["lr"] < 1e-12 and worst["norm"] < 1e-4
    detail = ", ".join(f"{key} off by {value:.1e}" for key, value in worst.items())
    context.report("training step by step", passed, f"{detail}; loss {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")
    ours = AutoModelForCausalLM.from_pretrained(out)
    error = max((a - b).abs().max().item() for a, b in zip(ours.parameters(), model.parameters()))
    context.report("training weights", error < 1e-4, f"largest difference {error:.1e}")
