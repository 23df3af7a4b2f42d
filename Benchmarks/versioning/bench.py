#!/usr/bin/env python3
"""Versioning beside peers and the floor. usage: bench.py MDATA PEERS-PYTHON ROWS [REPEATS]

Each figure is the median over whole runs in which the tools take turns, in seconds. mdata and git are whole processes
that read files; see peers.py for what counts for the others. The floor of an import is hashing and compressing its
bytes in one thread (SHA-256, zstd -3) with fsync. Figures of mdata under 50 ms are given without its start, which is
measured in the same run. Data and repositories are kept under .bench/.
"""
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import data

MDATA, PYTHON, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
REPEATS = int(sys.argv[4]) if len(sys.argv) > 4 else (5 if COUNT <= 100_000 else 3)
HERE = os.path.dirname(os.path.abspath(__file__))
FILES = data.folder(COUNT)
WORK = os.path.join(os.path.dirname(FILES), "work")
ENVIRONMENT = dict(os.environ, MDATA_AUTHOR_NAME="bench", MDATA_AUTHOR_EMAIL="bench@localhost",
                   GIT_AUTHOR_NAME="bench", GIT_AUTHOR_EMAIL="bench@localhost",
                   GIT_COMMITTER_NAME="bench", GIT_COMMITTER_EMAIL="bench@localhost")
WORKS = ["import+commit", "+1,000", "500 edits", "sync", "diff", "diff --stat", "checkout", "status", "log", "show", "blame",
         "merge", "blame FILE", "dedup"]


def path(name):
    return os.path.join(FILES, name)


def run(*arguments, cwd=None):
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, errors = process.communicate()
    seconds = time.perf_counter() - begin
    if process.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{errors.decode()}")
    return seconds


def peak(*arguments, cwd=None):
    """Peak resident memory of one process, in MiB."""
    code = ("import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    out = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, check=True)
    return int(out.stdout) / 1024


def fresh(name):
    folder = os.path.join(WORK, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def size(folder, without=()):
    total = 0
    for base, _, files in os.walk(folder):
        total += sum(os.path.getsize(os.path.join(base, file)) for file in files if not file.startswith(without))
    return total / 1e6


def mdata():
    folder = fresh("mdata")
    times = {}
    run(MDATA, "init", cwd=folder)
    times["import+commit"] = run(MDATA, "commit", path("v1.jsonl"), "-m", "one", cwd=folder)
    run(MDATA, "tag", "v1", cwd=folder)
    times["+1,000"] = run(MDATA, "commit", path("batch.jsonl"), "-m", "two", cwd=folder)
    run(MDATA, "tag", "v2", cwd=folder)
    run(MDATA, "branch", "edited", cwd=folder)
    times["500 edits"] = run(MDATA, "commit", "--update", path("edits.jsonl"), "--key", "id", "-m", "three", cwd=folder)
    run(MDATA, "tag", "v3", cwd=folder)
    times["diff"] = run(MDATA, "diff", "v1", "v3", "--json", cwd=folder)
    times["diff --stat"] = run(MDATA, "diff", "v1", "v3", "--stat", cwd=folder)
    times["checkout"] = run(MDATA, "checkout", "v1", "-o", "out.jsonl", cwd=folder)
    if subprocess.run(["cmp", "-s", "out.jsonl", path("v1.jsonl")], cwd=folder).returncode != 0:
        sys.exit("checkout is not byte-identical")
    os.remove(os.path.join(folder, "out.jsonl"))
    changes = subprocess.run([MDATA, "diff", "v2", "v3", "--json"], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    record = json.loads(changes.stdout)["records"][0]["record"]
    times["blame"] = run(MDATA, "blame", record, cwd=folder)
    for verb in ("status", "log", "show"):
        times[verb] = run(MDATA, verb, cwd=folder)
    bytes = size(folder, without=("index.sqlite", "search.sqlite"))
    run(MDATA, "checkout", "HEAD", "-o", "rows.jsonl", cwd=folder)
    times["blame FILE"] = run(MDATA, "blame", "rows.jsonl", cwd=folder)
    times["dedup"] = run(MDATA, "dedup", "--dry-run", cwd=folder)
    os.remove(os.path.join(folder, "rows.jsonl"))
    times["merge"] = merging(folder)
    run(MDATA, "switch", "edited", cwd=folder)
    times["sync"] = run(MDATA, "commit", "--sync", path("v3.jsonl"), "-m", "whole", cwd=folder)
    return times, bytes


def merging(folder):
    """Two branches from v1 with what each brings, merged."""
    for side in data.SIDES:
        run(MDATA, "branch", side, "v1", cwd=folder)
        run(MDATA, "switch", side, cwd=folder)
        run(MDATA, "commit", path(f"{side}-new.jsonl"), "-m", f"{side} adds", cwd=folder)
        run(MDATA, "commit", "--update", path(f"{side}-edits.jsonl"), "--key", "id", "-m", f"{side} edits", cwd=folder)
    # What was just written is on its way to the disk, where the merge would wait behind it.
    os.sync()
    # Two new rows may have the same task by chance: both stay.
    seconds = run(MDATA, "merge", "left", "--both", cwd=folder)
    shown = subprocess.run([MDATA, "log", "--json", "--limit", "1"], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    records = json.loads(shown.stdout)["commits"][0]["records"]
    if records != COUNT + len(data.SIDES) * data.ADDED:
        sys.exit(f"the merge has {records} records")
    return seconds


def git():
    folder = fresh("git")
    times = {}
    run("git", "init", "-q", cwd=folder)

    def commit(name):
        shutil.copy(path(name), os.path.join(folder, "rows.jsonl"))
        return run("git", "add", "rows.jsonl", cwd=folder) + run("git", "commit", "-qm", name, cwd=folder)

    times["import+commit"] = commit("v1.jsonl")
    run("git", "tag", "v1", cwd=folder)
    times["+1,000"] = commit("v2.jsonl")
    times["500 edits"] = times["sync"] = commit("v3.jsonl")
    # Git takes a file of over 512 MiB for binary (core.bigFileThreshold) and says no more than that it differs.
    if os.path.getsize(path("v1.jsonl")) < 512 << 20:
        times["diff"] = run("git", "diff", "--no-color", "v1", "HEAD", cwd=folder)
        times["diff --stat"] = run("git", "diff", "--stat", "v1", "HEAD", cwd=folder)
    times["checkout"] = run("git", "show", "v1:rows.jsonl", cwd=folder)
    if COUNT <= 100_000:
        times["blame FILE"] = run("git", "blame", "rows.jsonl", cwd=folder)
    for verb in ("status", "log"):
        times[verb] = run("git", verb, cwd=folder)
    return times, size(os.path.join(folder, ".git"))


def peer(tool, operations):
    def measure():
        folder = os.path.join(WORK, tool)
        shutil.rmtree(folder, ignore_errors=True)
        times = {}
        for work, operation in operations.items():
            out = subprocess.run([PYTHON, os.path.join(HERE, "peers.py"), tool, operation, FILES, folder],
                                 env=ENVIRONMENT, capture_output=True, text=True)
            if out.returncode != 0:
                sys.exit(f"{tool} {operation}\n{out.stderr}")
            times[work] = float(out.stdout.split()[-1])
        return times, size(folder, without=("rows.jsonl",) if tool == "oxen" else ())

    return measure


def floor():
    begin = time.perf_counter()
    with open(path("v1.jsonl"), "rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    hashing = time.perf_counter() - begin
    folder = fresh("floor")
    target = os.path.join(folder, "v1.zst")
    seconds = hashing + run("zstd", "-3", "-q", "--single-thread", path("v1.jsonl"), "-o", target)
    begin = time.perf_counter()
    with open(target, "rb") as file:
        os.fsync(file.fileno())
    return {"import+commit": seconds + time.perf_counter() - begin}, size(folder)


BASIC = {"import+commit": "importing", "+1,000": "batch", "500 edits": "edits"}
TOOLS = {
    "mdata": mdata,
    "git": git,
    "doltlite": peer("doltlite", BASIC | {"diff": "diff", "diff --stat": "stat", "checkout": "checkout", "blame": "blame",
                                          "merge": "merging"}),
    "lance": peer("lance", BASIC | {"diff": "diff", "checkout": "checkout"}),
    "oxen": peer("oxen", BASIC | {"checkout": "checkout"}),
    "floor": floor,
}


def main():
    data.write(COUNT)
    os.makedirs(WORK, exist_ok=True)
    runs = {name: [] for name in TOOLS}
    starts = []
    for _ in range(REPEATS):
        for name, measure in TOOLS.items():
            starts += [run(MDATA, "--version") for _ in range(4)]
            runs[name].append(measure())
    start = statistics.median(starts)
    print(f"{COUNT:,} rows, {os.path.getsize(path('v1.jsonl')) / 1e6:.1f} MB; seconds, medians of {REPEATS}; "
          f"mdata starts in {start * 1e3:.1f} ms, taken off its figures under 50 ms")
    print(f"{'work':15}" + "".join(f"{name:>10}" for name in TOOLS) + f"{'best peer / mdata':>19}")
    for work in WORKS:
        cells = {}
        for name, results in runs.items():
            values = [times[work] for times, _ in results if work in times]
            cells[name] = statistics.median(values) if values else None
        if cells["mdata"] < 0.05:
            cells["mdata"] = max(cells["mdata"] - start, 0.0001)
        peers = [cells[name] for name in TOOLS if name not in ("mdata", "floor") and cells[name] is not None]
        ratio = f"{min(peers) / cells['mdata']:18.1f}x" if peers else ""
        print(f"{work:15}" + "".join(f"{cells[name]:10.4f}" if cells[name] is not None else f"{'-':>10}" for name in TOOLS) + ratio)
    sizes = "".join(f"{statistics.median(bytes for _, bytes in results):10.1f}" for results in runs.values())
    print(f"{'MB on disk':15}{sizes}")
    folder = fresh("memory")
    run(MDATA, "init", cwd=folder)
    print(f"peak memory of mdata: import+commit {peak(MDATA, 'commit', path('v1.jsonl'), '-m', 'one', cwd=folder):.0f} MiB, "
          f"checkout {peak(MDATA, 'checkout', 'HEAD', '-o', 'out.jsonl', cwd=folder):.0f} MiB")


main()
