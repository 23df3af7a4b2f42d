#!/usr/bin/env python3
"""The diversity filter and the join of near-duplicates, whole processes beside their peers: `bench.py MDATA PYTHON [ROWS]`.

PYTHON has the packages of requirements.txt. The rows are drawn: a vocabulary by Zipf's law, instructions of 17 words in the
median, one in fourteen a long one with much in common, a third of them near-copies of earlier ones; answers of about 100
words, a fifth of the pairs near-copies. mdata runs on one thread and reads its file, tokenizes, compares and writes its
report; the time is the median of three runs. The rows are also committed, and 1,000 more compared with them: the first time makes
the index beside the objects, later ones read it. The peers compare tokens that are ready: rapidfuzz a part of the rows, rouge-score
a smaller one, from which the time for all pairs that the filter has to compare is reckoned (`extrapolated`).
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(count, seed=5):
    source = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = list(dict.fromkeys("".join(source.choice(letters) for _ in range(source.randrange(2, 10))) for _ in range(30000)))
    weights = [1 / (rank + 3) for rank in range(len(words))]
    pool = source.choices(words, weights, k=1 << 20)
    place = 0

    def some(n):
        nonlocal place
        place = (place + n) % (len(pool) - 4096)
        return pool[place : place + n]

    boilerplate = some(60)
    tasks, answers = [], []
    for _ in range(count):
        kind = source.random()
        if kind < 0.33 and tasks:
            task = list(source.choice(tasks[-20000:]))
            for _ in range(source.randrange(4)):
                task[source.randrange(len(task))] = source.choice(pool)
        elif kind < 0.40:
            task = boilerplate + some(source.randrange(5, 200))
        else:
            task = some(max(3, int(source.lognormvariate(2.8, 0.5))))
        if source.random() < 0.2 and answers:
            answer = list(answers[source.randrange(len(answers))])
            for _ in range(source.randrange(8)):
                answer[source.randrange(len(answer))] = source.choice(pool)
        else:
            answer = some(source.randrange(60, 140))
        tasks.append(task)
        answers.append(answer)
    return [{"instruction": " ".join(t), "output": " ".join(a)} for t, a in zip(tasks, answers)]


def timed(arguments, folder, runs=3):
    """Seconds of the median run, and the peak memory in bytes."""
    seconds, memory = [], 0
    environment = {**os.environ, "MDATA_THREADS": "1"}
    for _ in range(runs):
        began = time.monotonic()
        process = subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(arguments)} ended with {status}")
        seconds.append(time.monotonic() - began)
        memory = max(memory, usage.ru_maxrss * 1024)
    return statistics.median(seconds), memory


def show(name, seconds, memory=None, note=""):
    size = f"  {memory / 2**20:6.0f} MiB" if memory else ""
    print(f"  {name:52} {seconds:10.3f} s{size}  {note}", flush=True)


def write(count, folder):
    """The rows, their tasks alone, and 1,000 tasks more in a folder of their own."""
    data = rows(count + 1000)
    os.mkdir(os.path.join(folder, "repository"))
    tasks = [{"instruction": row["instruction"], "output": "x"} for row in data]
    for name, part in (
        ("rows.jsonl", data[:count]), ("tasks.jsonl", tasks[:count]), ("repository/new.jsonl", tasks[count:])
    ):
        with open(os.path.join(folder, name), "w") as file:
            for row in part:
                file.write(json.dumps(row) + "\n")


def known(mdata, folder):
    """1,000 new instructions against those of a version."""
    repository = os.path.join(folder, "repository")
    for arguments in (["init"], ["commit", "../tasks.jsonl", "-m", "known"]):
        subprocess.run([mdata, *arguments], cwd=repository, check=True, stdout=subprocess.DEVNULL)
    filter_ = [mdata, "filter", "new.jsonl", "--tokenizer", "rouge", "--rouge-l", "0.7", "--against", "main"]
    for name, runs in (("1,000 new ones against the version, the first time", 1), ("again, with the index on disk", 5)):
        seconds, memory = timed(filter_ + ["--report", "new-kept.jsonl"], repository, runs)
        kept = sum('"keep"' in line for line in open(os.path.join(repository, "new-kept.jsonl")))
        show(name, seconds, memory, f"{kept} kept")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    mdata, python = (os.path.abspath(path) for path in sys.argv[1:3])
    count = int(sys.argv[3]) if len(sys.argv) == 4 else 52000
    with tempfile.TemporaryDirectory(prefix="mdata-bench-") as folder:
        # By another process: what this one has in memory would count as that of the processes it starts.
        if (child := os.fork()) == 0:
            try:
                write(count, folder)
                os._exit(0)
            finally:
                os._exit(1)
        if os.waitpid(child, 0)[1]:
            raise SystemExit("the rows could not be written")
        print(f"{count} pairs, {os.path.getsize(os.path.join(folder, 'rows.jsonl')) / 2**20:.0f} MiB", flush=True)
        filter_ = [mdata, "filter", "tasks.jsonl", "--tokenizer", "rouge", "--rouge-l", "0.7", "--report", "kept.jsonl"]
        ours = {}
        for name, more, runs in (
            ("mdata filter, greedy", [], 3), ("mdata filter, isolated", ["--policy", "isolated"], 3),
            ("mdata filter, greedy, nearest and mean of all", ["--nearest"], 1),
        ):
            if "--nearest" in more and count > 60000:
                continue
            ours[name], memory = timed(filter_ + more, folder, runs)
            kept = sum('"keep"' in line for line in open(os.path.join(folder, "kept.jsonl")))
            show(name, ours[name], memory, f"{kept} kept")
        timed(filter_, folder, 1)
        known(mdata, folder)
        near, memory = timed([mdata, "dedup", "rows.jsonl", "--near", "0.7", "--ngram", "3", "--report", "near.jsonl"], folder)
        dropped = sum(1 for _ in open(os.path.join(folder, "near.jsonl")))
        show("mdata dedup --near 0.7 --ngram 3, whole pairs", near, memory, f"{dropped} dropped")
        if count > 60000:
            return
        found = subprocess.run([python, os.path.join(HERE, "peers.py"), folder], check=True, capture_output=True, text=True).stdout
        for line in found.splitlines():
            name, seconds, note = json.loads(line)
            against = near if "Jaccard" in name else ours["mdata filter, greedy"]
            show(name, seconds, None, f"{note}; mdata is {seconds / against:,.0f} times as fast")


main()
