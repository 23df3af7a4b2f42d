#!/usr/bin/env python3
"""Versioning beside git and the floor. usage: bench.py MDATA ROWS [REPEATS]

Each figure is the median of whole processes, parsing included, in seconds; the peers run in the same loop. The
floor of an import is hashing and compressing the bytes with fsync, in one thread (`sha256sum`-like plus zstd -3).
Files are written once and kept under .bench/.
"""
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

from rows import Rows, line

MDATA, COUNT = sys.argv[1], int(sys.argv[2])
REPEATS = int(sys.argv[3]) if len(sys.argv) > 3 else (5 if COUNT <= 100_000 else 3)
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".bench")
DATA = os.path.join(HERE, f"rows-{COUNT}")
WORK = os.path.join(HERE, "work")
ENVIRONMENT = dict(os.environ, MDATA_AUTHOR_NAME="bench", MDATA_AUTHOR_EMAIL="bench@localhost",
                   GIT_AUTHOR_NAME="bench", GIT_AUTHOR_EMAIL="bench@localhost",
                   GIT_COMMITTER_NAME="bench", GIT_COMMITTER_EMAIL="bench@localhost")


def write_data():
    if os.path.exists(os.path.join(DATA, "done")):
        return
    os.makedirs(DATA, exist_ok=True)
    rows = Rows()
    lines = [line(rows.row(number)) for number in range(COUNT)]
    batch = [line(rows.row(COUNT + number)) for number in range(1000)]
    edits = {}
    step = max(1, (COUNT + 1000) // 500)
    for number in range(0, COUNT + 1000, step):
        row = json.loads((lines + batch)[number] if number >= COUNT else lines[number])
        row["output"] += " Edited for the benchmark."
        edits[number] = line(row)
    save("v1.jsonl", lines)
    save("batch.jsonl", batch)
    save("edits.jsonl", [edits[number] for number in sorted(edits)][:500])
    whole = lines + batch
    for number in sorted(edits)[:500]:
        whole[number] = edits[number]
    save("v2.jsonl", lines + batch)
    save("v3.jsonl", whole)
    open(os.path.join(DATA, "done"), "w").close()


def save(name, lines):
    with open(os.path.join(DATA, name), "w", encoding="utf-8") as file:
        file.writelines(lines)


def path(name):
    return os.path.join(DATA, name)


def run(*arguments, cwd=None, stdout=subprocess.DEVNULL):
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=cwd, env=ENVIRONMENT, stdout=stdout, stderr=subprocess.PIPE)
    _, errors = process.communicate()
    if process.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{errors.decode()}")
    return time.perf_counter() - begin


def peak(*arguments, cwd=None):
    """Peak resident memory of one process, in MB."""
    code = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
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
    times["500 edits"] = run(MDATA, "commit", "--update", path("edits.jsonl"), "--key", "id", "-m", "three", cwd=folder)
    run(MDATA, "tag", "v3", cwd=folder)
    times["diff"] = run(MDATA, "diff", "v1", "v3", "--json", cwd=folder)
    times["diff --stat"] = run(MDATA, "diff", "v1", "v3", "--stat", cwd=folder)
    times["checkout"] = run(MDATA, "checkout", "v1", "-o", "out.jsonl", cwd=folder)
    same = subprocess.run(["cmp", "-s", "out.jsonl", path("v1.jsonl")], cwd=folder).returncode == 0
    if not same:
        sys.exit("checkout is not byte-identical")
    record = json.loads(subprocess.run([MDATA, "diff", "v2", "v3", "--json"], cwd=folder, env=ENVIRONMENT,
                                       capture_output=True, check=True).stdout)["records"][0]["record"]
    times["blame"] = run(MDATA, "blame", record, cwd=folder)
    times["status"] = run(MDATA, "status", cwd=folder)
    os.remove(os.path.join(folder, "out.jsonl"))
    return times, size(folder, without=("index.sqlite",))


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
    times["500 edits"] = commit("v3.jsonl")
    times["diff"] = run("git", "diff", "--no-color", "v1", "HEAD", cwd=folder)
    times["diff --stat"] = run("git", "diff", "--stat", "v1", "HEAD", cwd=folder)
    times["checkout"] = run("git", "show", "v1:rows.jsonl", cwd=folder)
    return times, size(os.path.join(folder, ".git"))


def floor():
    begin = time.perf_counter()
    with open(path("v1.jsonl"), "rb") as file:
        hashlib.sha256(file.read()).hexdigest()
    hashing = time.perf_counter() - begin
    folder = fresh("floor")
    return {"import+commit": hashing + run("zstd", "-3", "-q", "--single-thread", path("v1.jsonl"), "-o", os.path.join(folder, "v1.zst"))}, size(folder)


def main():
    write_data()
    os.makedirs(WORK, exist_ok=True)
    runs = {"mdata": [], "git": [], "floor": []}
    start = statistics.median(run(MDATA, "--version") for _ in range(20))
    for _ in range(REPEATS):
        for name, measure in (("mdata", mdata), ("git", git), ("floor", floor)):
            runs[name].append(measure())
    print(f"{COUNT} rows, {os.path.getsize(path('v1.jsonl')) / 1e6:.1f} MB; medians of {REPEATS}; start of mdata {start * 1e3:.1f} ms, included below")
    works = list(runs["mdata"][0][0])
    print(f"{'work':16}{'mdata':>10}{'git':>10}{'floor':>10}{'git/mdata':>12}")
    for work in works:
        cells = {}
        for name, results in runs.items():
            values = [times[work] for times, _ in results if work in times]
            cells[name] = statistics.median(values) if values else None
        text = "".join(f"{cells[name]:10.3f}" if cells[name] is not None else f"{'-':>10}" for name in runs)
        ratio = f"{cells['git'] / cells['mdata']:11.1f}x" if cells["git"] else ""
        print(f"{work:16}{text}{ratio}")
    sizes = "".join(f"{statistics.median(bytes for _, bytes in results):10.1f}" for results in runs.values())
    print(f"{'MB on disk':16}{sizes}")
    folder = fresh("memory")
    run(MDATA, "init", cwd=folder)
    print(f"peak memory of import+commit: {peak(MDATA, 'commit', path('v1.jsonl'), '-m', 'one', cwd=folder):.0f} MB")


main()
