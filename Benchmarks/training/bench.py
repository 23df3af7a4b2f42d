#!/usr/bin/env python3
"""Finetuning beside PyTorch: `bench.py MDATA PYTHON MODEL [STEPS]`.

MODEL is a Hugging Face folder, such as SmolLM2-135M's; PYTHON has the packages of requirements.txt. Every mode is trained by mdata
and by transformers (with PEFT for adapters), eager and compiled, on sequences of 512 tokens of which three quarters are learned, a
step of 2,048 tokens, two threads. Tokens a second are the median over the steps after the first; memory is the process's peak.
A peer that fails, such as torch.compile without a C++ compiler, is shown as such. The settings OPENBLAS_* are left out.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LENGTH, SEQUENCES, THREADS = 512, 4, 2
MODES = [
    ("full f32", dict(precision="f32", lora=0)), ("full bf16", dict(precision="bf16", lora=0)),
    ("LoRA r=16 f32", dict(precision="f32", lora=16)), ("LoRA r=16 bf16", dict(precision="bf16", lora=16)),
]
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}


def measured(arguments, folder):
    """Runs a program; returns its exit code, output, what it said of errors, and its peak memory in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(arguments, cwd=folder, env=ENVIRONMENT, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        return process.returncode, out.read().decode(), err.read().decode(), usage.ru_maxrss * 1024


def speed(lines):
    steps = [json.loads(line)["tokens_per_second"] for line in lines if line.startswith("{")]
    return statistics.median(steps[1:])


class Ours:
    def __init__(self, mdata, model, scratch):
        self.mdata, self.model, self.folder = mdata, os.path.abspath(model), scratch
        self.count = 0
        source = random.Random(3)
        words = ["".join(source.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(source.randrange(3, 9))) for _ in range(500)]
        with open(os.path.join(scratch, "rows.jsonl"), "w") as file:
            for number in range(64):
                # Far more than 512 tokens, of which a quarter is asked and the rest is cut.
                asked = " ".join(source.choice(words) for _ in range(27))
                file.write(json.dumps({"instruction": f"{number} {asked}", "output": " ".join(source.choice(words) for _ in range(600))}) + "\n")
        for arguments in (["init"], ["commit", "rows.jsonl", "-m", "rows"]):
            subprocess.run([mdata, *arguments], cwd=scratch, check=True, stdout=subprocess.DEVNULL)

    def run(self, steps, batch, precision, lora, recompute):
        self.count += 1
        out = os.path.join(self.folder, f"out-{self.count}")
        options = ["--recompute"] * recompute + ["--lora", str(lora)] * (lora > 0)
        code, _, said, memory = measured(
            [self.mdata, "train", "HEAD", "--model", self.model, "--out", out, "--steps", str(steps), "--batch", str(batch),
             "--accumulate", str(SEQUENCES // batch), "--seq-len", str(LENGTH), "--threads", str(THREADS), "--precision", precision,
             "--lr", "1e-5", "--checkpoint-every", "0", "--quiet", *options], self.folder)
        if code:
            raise SystemExit(f"mdata ended with {code}: {said}")
        with open(os.path.join(out, "metrics.jsonl")) as file:
            lines = file.read().splitlines()
        tokens = {json.loads(line)["tokens"] for line in lines}
        if tokens != {LENGTH * SEQUENCES}:
            raise SystemExit(f"a step had {tokens} tokens and not {LENGTH * SEQUENCES}")
        return speed(lines), memory


def peer(python, model, folder, steps, batch, precision, lora, recompute, compiled):
    settings = dict(
        model=os.path.abspath(model), steps=steps, batch=batch, accumulate=SEQUENCES // batch, length=LENGTH, threads=THREADS,
        precision=precision, lora=lora, recompute=recompute, compile=compiled)
    code, out, said, memory = measured([python, os.path.join(HERE, "peer.py"), json.dumps(settings)], folder)
    if code:
        return None, said.strip().splitlines()[-1] if said.strip() else f"ended with {code}"
    return speed(out.splitlines()), memory


def line(name, found, ours=None):
    rate, memory = found
    if rate is None:
        return print(f"  {name:34} {memory[:80]}", flush=True)
    ratio = f"   mdata {ours[0] / rate:.2f}x its speed, {ours[1] / memory:.2f}x its memory" if ours else ""
    print(f"  {name:34} {rate:7.0f} tokens/s  {memory / 2**20:7.0f} MiB{ratio}", flush=True)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    mdata, python, model = (os.path.abspath(path) for path in sys.argv[1:4])
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    with tempfile.TemporaryDirectory(prefix="mdata-bench-") as scratch:
        ours = Ours(mdata, model, scratch)
        for name, mode in MODES:
            print(name, flush=True)
            # The same step in micro-batches of one sequence needs less memory for what is kept.
            best = ours.run(steps, 4, recompute=False, **mode)
            line("mdata", best)
            small = ours.run(steps, 1, recompute=False, **mode)
            line("mdata, --batch 1 --accumulate 4", small)
            line("mdata, and --recompute", ours.run(steps, 1, recompute=True, **mode))
            for compiled in (False, True):
                what = "transformers, compiled" if compiled else "transformers, eager"
                line(what, peer(python, model, scratch, steps, 4, recompute=False, compiled=compiled, **mode), small)


main()
