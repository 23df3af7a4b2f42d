"""What cannot be done is one document of the error schema, the exit code it names, and a repository as it was."""

import hashlib
import os

from reference import canonical
from .session import FIXTURES

COMMANDS = [
    (["log", "nowhere"], 66), (["show", "HEAD~99"], 66), (["diff", "v1", "v2"], 66), (["blame", "12"], 66), (["blame", "abcd:0"], 64),
    (["blame", "ffffffffffffffffffffffff:1"], 66), (["blame", "ffff:1"], 66), (["cat", "zz"], 64), (["cat", "0123456789abcdef"], 66),
    (["checkout", "v1", "-o", "no/such/folder/file"], 66), (["checkout", "v1", "-o", "x", "--format", "parquet"], 64),
    (["checkout", "HEAD", "-o", "x", "--format", "alpaca-json"], 65), (["checkout", "-o", "x"], 64), (["commit", "nothing.jsonl", "-m", "x"], 66), (["commit", "batch-1.jsonl", "-m", " "], 64),
    (["commit", "batch-1.jsonl"], 64), (["commit", "-m", "x"], 1), (["commit", "batch-2.jsonl", "-m", "x"], 65),
    (["commit", "--update", "fix.jsonl", "--key", "colour", "-m", "x"], 65), (["commit", "--update", "seedless.jsonl", "--key", "id", "-m", "x"], 66),
    (["commit", "--sync", "fix.jsonl", "--update", "fix.jsonl", "-m", "x"], 64), (["tag", "v1"], 64), (["tag", "bad..name"], 64),
    (["branch", "main"], 64), (["branch", "--delete", "main"], None), (["switch", "nowhere"], 66), (["tag", "--delete", "nowhere"], 66),
    (["model", "info", "nowhere"], 66), (["model", "info", "batch-1.jsonl"], 65), (["model", "convert", "tiny", "tiny.gguf"], 64),
    (["model", "convert", "tiny", "other", "--type", "q8_0"], 64), (["model", "convert", "tiny", "other", "--type", "q2"], 64),
    (["train", "v1", "--model", "nowhere", "--out", "o"], None), (["train", "v1", "--model", "tiny", "--out", "trained"], 64),
    (["train", "v1", "--model", "tiny", "--out", "o", "--template", "none"], 64), (["runs", "show", "0123456789abcdef"], 66),
    (["sample", "--model", "nowhere", "-p", "x"], 66), (["sample", "--model", "tiny"], 64), (["sample", "--model", "tiny", "-p", "x", "--top-p", "0"], 64),
    (["sample", "--model", "tiny", "--input", "nothing.jsonl", "--out", "o"], 66), (["sample", "--model", "tiny", "-p", "x", "--template", "own"], 64),
    (["sample", "--model", "tiny", "--input", "prompts.jsonl", "--out", "alone.jsonl"], 64), (["sample", "--model", "batch-1.jsonl", "-p", "x"], 65),
    (["card", "v1", "--license", "gpl-3.0"], 1), (["card", "v1", "-o", "no/such/folder/file"], 66), (["card", "--by", "colour"], 66),
    (["audit", "--require", "colour"], 64), (["split", "v1", "--train", "0.5"], 64),
    (["split", "v1", "--train", "0.9", "--test", "0.1", "--name", "main"], 64), (["split", "nowhere", "--train", "0.9", "--test", "0.1", "--name", "x"], 66),
    (["select"], 64), (["select", "--where", "colour = 1"], 64), (["select", "--where", "0"], 1), (["select", "v1", "--where", "1"], 64),
    (["select", "--sample", "5", "--stratify", "colour"], 66), (["select", "--sample", "5", "--branch", "main"], 64),
    (["fsck", "--dry-run"], 64), (["comit", "-m", "x"], 64), (["log", "--nonsense"], 64), (["log", "-n", "many"], 64), (["-C", "/nonexistent", "log"], 66),
]


def check(report, session, schemas):
    tool = session.tool
    tool.write("seedless.jsonl", b'{"id":"pair-999","instruction":"a","output":"b"}\n')
    hostile = sorted(name for name in os.listdir(os.path.join(FIXTURES, "hostile")) if name.endswith((".jsonl", ".json", ".csv", ".gz", ".zst")))
    valid = ("depth-64.jsonl", "byte-order-mark.jsonl")
    commands = COMMANDS + [(["commit", os.path.join(FIXTURES, "hostile", name), "-m", "x"], 65) for name in hostile if name not in valid]
    before = state(tool.folder)
    wrong = []
    for arguments, code in commands:
        found, out, err = tool.run(*arguments, "--json")
        shown = " ".join(os.path.basename(argument) for argument in arguments)
        try:
            document = canonical.decode(err)
        except ValueError:
            wrong.append(f"{shown}: exit {found}, standard error is no document: {err[:200]!r}")
            continue
        problem = schemas.problem("output/error", document)
        if problem or document["code"] != found or found == 0 or code not in (None, found) or out:
            wrong.append(f"{shown}: exit {found} for {code}, {problem or document}, printed {out[:80]!r}")
        elif not document["hints"] and found != 65:
            wrong.append(f"{shown}: no hint: {document['message']}")
        after = state(tool.folder)
        if after != before:
            changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            wrong.append(f"{shown}: changed {changed[:4]}")
            before = after
    for line in wrong:
        report.check("failure", False, line)
    report.check(f"{len(commands)} failures say so in one document and change nothing", not wrong, f"{len(wrong)} do not")


def state(folder):
    """Digest of every file; the index is a cache and locks are empty, so they do not count."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in names + folders:
            path = os.path.join(place, name)
            if name.startswith("index.sqlite") or name == "lock":
                continue
            found[os.path.relpath(path, folder)] = "folder" if os.path.isdir(path) else hashlib.sha256(open(path, "rb").read()).hexdigest()
    return found
