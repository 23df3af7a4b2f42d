#!/usr/bin/env python3
"""Training that is killed at random, and gone on with: `resume.py BINARIES [KILLS]`.

BINARIES is the folder that holds the mdata to be checked. In each mode a model is trained to its end, and again with
kill -9 at a random step of a random checkpoint distance, until it has come to its end; the weights must be the same, byte
for byte, and so must every loss. Each kill is counted, KILLS of them over all modes. Prints a line a check; exits 1 when one fails.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

MODES = {
    "whole model": ["--epochs", "3", "--batch", "2", "--accumulate", "2", "--lr", "1e-3", "--weight-decay", "0.1"],
    "whole model, bf16, linear": ["--epochs", "3", "--batch", "3", "--lr", "1e-3", "--precision", "bf16", "--schedule", "linear"],
    "adapter with dropout, layers computed again": [
        "--epochs", "3", "--batch", "4", "--lr", "1e-2", "--lora", "4", "--lora-dropout", "0.2", "--recompute"],
    "until the held-out loss no longer falls": [
        "--epochs", "12", "--batch", "4", "--lr", "3e-2", "--validation", "held", "--eval-every", "3", "--patience", "2"],
}


def rows(count, start):
    """Tasks that a tiny model can learn a little of."""
    source = random.Random(start)
    words = ["rest", "water", "fever", "cough", "dose", "night", "salt", "walk", "sleep", "tea"]
    for number in range(start, start + count):
        chosen = [source.choice(words) for _ in range(source.randrange(3, 12))]
        yield {"instruction": f"Repeat in order, number {number}: {' '.join(chosen)}.", "output": " ".join(chosen)}


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def model(folder):
    """What a training wrote, by name, without the time that steps took."""
    files = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        if name == "metrics.jsonl":
            timed = ("seconds", "tokens_per_second")
            data = json.dumps([{k: v for k, v in json.loads(line).items() if k not in timed} for line in data.splitlines()]).encode()
        files[name] = hashlib.sha256(data).hexdigest()
    return files


class Resume:
    def __init__(self, report, repository, source):
        self.report = report
        self.repository = repository
        self.source = source

    def arguments(self, options, out):
        return ["train", "main", "--model", "tiny", "--out", out, "--seq-len", "96", *options]

    def killed(self, arguments, after, delay):
        """Runs a training and kills it so many seconds after so many lines; false when it had ended by then."""
        self.repository.now += 60
        environment = {
            "MDATA_NOW": str(self.repository.now), "MDATA_AUTHOR_NAME": "Oracle", "MDATA_AUTHOR_EMAIL": "oracle@example.org",
            "MDATA_THREADS": str(self.source.choice([1, 2, 3])), **self.repository.environment}
        process = subprocess.Popen(
            [self.repository.binary, *arguments], cwd=self.repository.folder, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        seen = 0
        said = b""
        for line in process.stdout:
            said += line
            seen += line.startswith(b"step")
            if seen > after:
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        if code not in (0, -signal.SIGKILL):
            raise RuntimeError(f"training ended with {code}: {(said + process.stdout.read()).decode()}")
        return code != 0 and not self.ended(arguments[arguments.index("--out") + 1])

    def ended(self, out):
        """Whether a training has come to its end: the kill can still hit the process between that and its last line."""
        folder = os.path.join(self.repository.folder, out)
        has = lambda *names: any(os.path.exists(os.path.join(folder, name)) for name in names)
        return has("config.json", "adapter_config.json") and not has("checkpoint/checkpoint.json")

    def mode(self, name, options, kills):
        began = time.time()
        repository = self.repository
        repository.output(*self.arguments(options, "whole"))
        expected = model(os.path.join(repository.folder, "whole"))
        with open(os.path.join(repository.folder, "whole", "metrics.jsonl")) as file:
            steps = sum(1 for _ in file)
        runs = len(json.loads(repository.output("runs", "--json"))["runs"])
        done = trials = 0
        while done < kills:
            trials += 1
            every = self.source.randrange(1, 8)
            arguments = [*self.arguments(options, "parts"), "--resume", "--checkpoint-every", str(every)]
            killed = 0
            # Far enough to come to its end some day: each time it may go on past the last checkpoint.
            while self.killed(arguments, self.source.randrange(steps), self.source.random() * 0.004):
                killed += 1
            done += killed
            found = model(os.path.join(repository.folder, "parts"))
            if found != expected:
                return self.report.check(name, False, f"a checkpoint every {every} steps, {killed} kills: {found} is not {expected}")
            shutil.rmtree(os.path.join(repository.folder, "parts"))
        recorded = len(json.loads(repository.output("runs", "--json"))["runs"]) - runs
        self.report.check(f"{name}: recorded once", recorded == trials, f"{recorded} runs of {trials} trainings")
        self.report.check(f"{name}: {done} kills in {trials} trainings of {steps} lines change nothing ({time.time() - began:.0f} s)", True)
        shutil.rmtree(os.path.join(repository.folder, "whole"))

    def refusals(self):
        """What a stopped training is not gone on with."""
        repository = self.repository
        arguments = self.arguments(["--epochs", "3", "--checkpoint-every", "2"], "stopped")
        while not self.killed(arguments, 6, 0):
            shutil.rmtree(os.path.join(repository.folder, "stopped"))
        code, _, said = repository.run(*arguments)
        self.report.check("a stopped training is not written over", code == 64 and b"--resume" in said, said.decode())
        code, _, said = repository.run(*self.arguments(["--epochs", "4", "--resume"], "stopped"))
        self.report.check("nor gone on with under other settings", code == 64 and b"`epochs`" in said, said.decode())
        checkpoint = os.path.join(repository.folder, "stopped", "checkpoint")
        names = sorted(os.listdir(checkpoint))
        self.report.check("a checkpoint is two files", len(names) == 2 and names[0] == "checkpoint.json", str(names))
        for name in names:
            path = os.path.join(checkpoint, name)
            with open(path, "rb") as file:
                whole = file.read()
            for place in [0, len(whole) // 3, len(whole) // 2, len(whole) - 2]:
                with open(path, "wb") as file:
                    file.write(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
                code, _, said = repository.run(*self.arguments(["--epochs", "3", "--resume"], "stopped"))
                self.report.check(f"a flipped bit at {place} of {name} is noticed", code == 65, f"{code}: {said.decode()}")
            with open(path, "wb") as file:
                file.write(whole)
        code, _, said = repository.run(*self.arguments(["--epochs", "3", "--resume"], "stopped"))
        self.report.check("and whole again it comes to its end", code == 0, said.decode())
        self.report.check("leaving no checkpoint", not os.path.exists(checkpoint))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    report = Report()
    with Scratch() as scratch:
        repository = Repository(binary(sys.argv[1]), scratch.folder("resume"))
        repository.output("init")
        repository.write("held.jsonl", lines(rows(12, 500)))
        repository.write("rows.jsonl", lines(rows(60, 0)))
        repository.output("commit", "held.jsonl", "-m", "held out")
        repository.output("branch", "held")
        repository.output("commit", "--sync", "rows.jsonl", "-m", "rows")
        repository.output("model", "new", "tiny")
        resume = Resume(report, repository, random.Random(7))
        for name, options in MODES.items():
            report.group(name, resume.mode, name, options, (kills + len(MODES) - 1) // len(MODES))
        report.group("refusals", resume.refusals)
    report.close()


main()
