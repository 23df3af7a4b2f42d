"""Pairs, columns and places of imported rows, computed from the files."""

import csv
import io
import json
import os

from reference import objects, rows
from .session import fixture
from .tool import Repository

ROLES = {"human": "user", "gpt": "assistant", "system": "system", "user": "user", "assistant": "assistant"}


def lines(data):
    return [json.loads(line) for line in data.decode().split("\n") if line]


def table(data, comma):
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=comma))


def completion(row):
    return objects.pair(row["prompt"], row["completion"]), {n: c for n, c in row.items() if n not in ("prompt", "completion")}


def messages(row):
    value = rows.conversation([(turn["role"], turn["content"]) for turn in row["messages"]])
    return value, {n: c for n, c in row.items() if n != "messages"}


def sharegpt(row):
    value = rows.conversation([(ROLES[turn["from"]], turn["value"]) for turn in row["conversations"]], row.get("system"))
    return value, {n: c for n, c in row.items() if n not in ("conversations", "system")}


# File of the fixtures -> how its rows are cut and read.
FILES = {
    "pairs/batch-1.jsonl": (lines, rows.alpaca, "alpaca-jsonl"),
    "pairs/batch-2.jsonl": (lines, rows.alpaca, "alpaca-jsonl"),
    "formats/alpaca.json": (json.loads, rows.alpaca, "alpaca-json"),
    "formats/alpaca.jsonl": (lines, rows.alpaca, "alpaca-jsonl"),
    "formats/alpaca.jsonl.gz": ("formats/alpaca.jsonl", rows.alpaca, "alpaca-jsonl"),
    "formats/alpaca.jsonl.zst": ("formats/alpaca.jsonl", rows.alpaca, "alpaca-jsonl"),
    "formats/prompt-completion.jsonl": (lines, completion, "prompt-completion"),
    "formats/messages.jsonl": (lines, messages, "messages"),
    "formats/sharegpt.json": (json.loads, sharegpt, "sharegpt"),
    "formats/pairs.csv": (lambda data: table(data, ","), rows.alpaca, "csv"),
    "formats/pairs.csv.gz": ("formats/pairs.csv", rows.alpaca, "csv"),
    "formats/pairs.csv.zst": ("formats/pairs.csv", rows.alpaca, "csv"),
    "formats/pairs.tsv": (lambda data: table(data, "\t"), rows.alpaca, "tsv"),
}


def check(report, binary, scratch, schemas):
    tool = Repository(binary, scratch.folder("imports"))
    tool.output("init")
    tool.write("seed.jsonl", b'{"instruction":"a","output":"b"}\n')
    tool.output("commit", "seed.jsonl", "-m", "A version to compare with")
    for file, (cut, read, form) in FILES.items():
        data = fixture(*file.split("/"))
        plain, cut = (fixture(*cut.split("/")), FILES[cut][0]) if isinstance(cut, str) else (data, cut)
        name = file.split("/")[1]
        tool.write(name, data)
        done = tool.json("commit", name, "-m", name)
        batch = done["batches"][0]
        report.equal(f"{file}: format", batch["format"], form)
        diff = tool.json("diff", "HEAD~1", "HEAD")
        found = {record["record"]: (record["new_pair"], record["new"]["columns"]) for record in diff["records"]}
        made = [read(row) for row in cut(plain)]
        expected = {f"{batch['batch']}:{row}": (objects.pair_id(value), columns) for row, (value, columns) in enumerate(made, 1)}
        report.equal(f"{file}: pairs and columns of {len(expected)} rows", found, expected)
        shown = {record["record"]: {n: c for n, c in record["new"].items() if n != "columns"} for record in diff["records"]}
        texts = {
            f"{batch['batch']}:{row}": {n: c for n, c in value.items() if n not in ("kind", "v")}
            for row, (value, _) in enumerate(made, 1)}
        report.equal(f"{file}: the texts themselves", shown, texts)
        if form == "alpaca-jsonl":
            check_places(report, tool, file, plain, batch["batch"], expected)
        back(report, tool, file, plain)


def check_places(report, tool, file, plain, batch, expected):
    """Blame names the line, the first byte and the length of a row in the decompressed file."""
    wrong, start = [], 0
    for number, line in enumerate(plain.split(b"\n")[:-1], 1):
        record = f"{batch}:{number}"
        if number % 20 == 1 or number == 12:
            blame = tool.json("blame", record)
            place = tuple(blame["origin"][name] for name in ("file", "line", "byte", "length"))
            if place != (file.split("/")[1], number, start, len(line)) or blame["pair"] != expected[record][0]:
                wrong.append(f"{record}: {place} {blame['pair']}")
        start += len(line) + 1
    report.check(f"{file}: blame has pair, line, byte and length", not wrong, " | ".join(wrong[:3]))


def back(report, tool, file, plain):
    """A repository with this import alone gives the file back."""
    name = file.split("/")[1]
    alone = Repository(tool.binary, tool.folder + "-" + name)
    os.makedirs(alone.folder)
    alone.output("init")
    alone.write(name, fixture(*file.split("/")))
    alone.output("commit", name, "-m", "x")
    report.equal(f"{file}: comes back byte for byte", alone.output("checkout", "HEAD", "-o", "-"), plain)
