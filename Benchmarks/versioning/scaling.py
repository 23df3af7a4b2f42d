#!/usr/bin/env python3
"""What a change costs as the data set grows. usage: scaling.py MDATA [ROWS ...]

The same changes (1,000 rows more, 500 edits, and looking at them) in repositories of 1,000 to 5,000,000 records; whole
processes less the start of the binary, milliseconds, medians. A cost that follows the change stays flat from left to
right; import and checkout are given in microseconds a record.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import data

MDATA = sys.argv[1]
SIZES = [int(text) for text in sys.argv[2:]] or [1_000, 10_000, 100_000, 1_000_000]
REPEATS = 5
ENVIRONMENT = dict(os.environ, MDATA_AUTHOR_NAME="bench", MDATA_AUTHOR_EMAIL="bench@localhost")


def run(*arguments, cwd=None):
    begin = time.perf_counter()
    subprocess.run(arguments, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return time.perf_counter() - begin


def median(work, before=lambda: None):
    times = []
    for _ in range(REPEATS):
        before()
        times.append(work())
    return statistics.median(times)


def copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)


def measure(count, start):
    files = data.write(count)
    work = os.path.join(os.path.dirname(files), "work", "scaling")
    base, copied = os.path.join(work, "base"), os.path.join(work, "copy")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(base)

    def path(name):
        return os.path.join(files, name)

    run(MDATA, "init", cwd=base)
    rows = {"import, us a record": run(MDATA, "commit", path("v1.jsonl"), "-m", "one", cwd=base) / count * 1e6}
    run(MDATA, "tag", "v1", cwd=base)
    checkout = median(lambda: run(MDATA, "checkout", "v1", "-o", os.path.join(work, "out.jsonl"), cwd=base))
    rows["checkout, us a record"] = checkout / count * 1e6
    os.remove(os.path.join(work, "out.jsonl"))

    def less(seconds):
        return max(seconds - start, 0) * 1e3

    def again():
        copy(base, copied)

    rows["+1,000, ms"] = less(median(lambda: run(MDATA, "commit", path("batch.jsonl"), "-m", "two", cwd=copied), again))
    run(MDATA, "commit", path("batch.jsonl"), "-m", "two", cwd=base)
    update = ("commit", "--update", path("edits.jsonl"), "--key", "id", "-m", "three")
    rows["500 edits, ms"] = less(median(lambda: run(MDATA, *update, cwd=copied), again))
    run(MDATA, *update, cwd=base)
    rows["diff, ms"] = less(median(lambda: run(MDATA, "diff", "v1", "HEAD", "--json", cwd=base)))
    rows["diff --stat, ms"] = less(median(lambda: run(MDATA, "diff", "v1", "HEAD", "--stat", cwd=base)))
    changes = subprocess.run([MDATA, "diff", "HEAD~1", "--json"], cwd=base, env=ENVIRONMENT, capture_output=True, check=True)
    record = json.loads(changes.stdout)["records"][0]["record"]
    rows["blame, ms"] = less(median(lambda: run(MDATA, "blame", record, cwd=base)))
    rows["status, ms"] = less(median(lambda: run(MDATA, "status", cwd=base)))
    rows["show, ms"] = less(median(lambda: run(MDATA, "show", cwd=base)))
    shutil.rmtree(work)
    return rows


def main():
    start = statistics.median(run(MDATA, "--version") for _ in range(20))
    columns = [measure(count, start) for count in SIZES]
    print(f"medians of {REPEATS}; the binary's start, {start * 1e3:.1f} ms, is taken off")
    print(f"{'':23}" + "".join(f"{count:>12,}" for count in SIZES))
    for name in columns[0]:
        print(f"{name:23}" + "".join(f"{column[name]:12.1f}" for column in columns))


main()
