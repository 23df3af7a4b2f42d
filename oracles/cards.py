#!/usr/bin/env python3
"""Reads dataset cards with YAML readers that are not mdata's: `cards.py BINARIES [SEED]`.

BINARIES is the folder that holds the mdata to be checked. Names, licences, teachers and columns of the rows are texts that
try to be something else: YAML, Markdown, HTML, control characters. PyYAML and huggingface_hub must read the metadata as it
was meant, and the counts must be those that plain Python finds. Prints a line a check; exits 1 when one fails.
"""

import collections
import json
import math
import os
import random
import re
import sys

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report  # noqa: E402
from verbs.session import PROVENANCE, fixture  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

HOSTILE = [
    "no", "yes", "null", "~", "1.0", "12:30:45", "0x1F", "1e3", "2026-01-01", "<<", "=", "- a", "a: b", "a #b", "&a", "*a", "!!int 1", "%YAML", "@a", "`a`",
    "'", '"', "\\", "\\u0041", "{a: b}", "[a]", "---", "...", "a\n---\nb", "a\r\nb", "\tb", " b ", "\x85", "\u2028", "\ufeff", "\u202eb", "😀", "e\u0301", "\x7f", "\x1b[31m",
    "| a | b |", "<script>alert(1)</script>", "[x](javascript:y)", "![x](y)", "https://example.org", "www.example.org", "a@b.org", "$x$", ":smile:", "**b**", "# h", "`" * 5, "x" * 300,
]


def read(text):
    """The metadata as YAML, and the page."""
    match = re.match(r"^(\s*---[\r\n]+)([\S\s]*?)([\r\n]+---(\r\n|\r|\n|$))", text)
    return yaml.safe_load(match.group(2)), text[match.end():]


def check_hostile(report, tool, chance):
    tool.output("init")
    rows = [
        {"instruction": f"Task {place}", "output": "ok", "topic": chance.choice(HOSTILE), "source": chance.choice(HOSTILE), "teacher": chance.choice(HOSTILE), "license": chance.choice(HOSTILE[:12] + ["MIT"])}
        for place in range(200)]
    tool.write("rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    tool.output("commit", "rows.jsonl", "-m", "Hostile | <b>message</b>", "--column", "teacher=teacher", "--column", "license=license")
    wrong = []
    for text in HOSTILE:
        name = text if text.strip() else "x" + text
        meta, page = read(tool.json("card", "--name=" + name, "--tag=" + name, "--data-file", "test=" + name)["text"])
        path = meta["configs"][0]["data_files"][0]["path"]
        if (meta["pretty_name"], meta["tags"][-1], path) != (name, name, name):
            wrong.append((name, meta["pretty_name"], meta["tags"], path))
        if re.search(r"<script|(?<!\\)\[x\]|https://|www\.|(?<!\\):smile|\x1b|\x7f|\u202e|\u2028|\x85", page):
            wrong.append((name, "the page has it as it is"))
    report.check(f"{len(HOSTILE)} hostile texts are read as they were meant", not wrong, str(wrong[:3]))
    document = tool.json("card")
    counts = {table["name"]: {value["value"]: value["records"] for value in table["values"]} for table in document["counts"]}
    for name in ("topic", "source", "teacher"):
        expected = collections.Counter(row[name] for row in rows if row[name] != "" or name != "teacher")
        found = {value if not value.endswith("…") else "x" * 300: count for value, count in counts[name].items()}
        report.equal(f"counts of {name}", found, dict(expected))
    # A table has as many cells in every line.
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in document["text"].splitlines() if line.startswith("|")]
    widths = {len(line) for line in cells}
    report.check("every line of a table has the cells of a table", widths <= {2, 3, 6, 7}, str(widths))


def check_fixtures(report, tool, cards):
    for folder, name in (("pairs", "batch-1.jsonl"), ("pairs", "batch-2.jsonl"), ("seeds", "medical-seeds.json"), ("prompts", "answer.md")):
        tool.write(name, fixture(folder, name))
    tool.output("init")
    tool.output("commit", "batch-1.jsonl", "-m", "First", *PROVENANCE)
    tool.output("tag", "v1")
    tool.output("commit", "batch-2.jsonl", "-m", "Second")
    rows = [json.loads(line) for line in fixture("pairs", "batch-1.jsonl").decode().splitlines()]
    document = tool.json("card", "v1", "--license", "Apache-2.0", "--language", "en", "-o", "README.md")
    text = tool.read("README.md").decode()
    report.equal("the file is what the document has", text, document["text"])
    report.equal("twice the same bytes", tool.json("card", "v1", "--license", "Apache-2.0", "--language", "en")["text"], text)
    meta, _ = read(text)
    report.equal("metadata", meta, {
        "pretty_name": "batch-1", "license": "apache-2.0", "language": ["en"], "size_categories": ["n<1K"], "task_categories": ["text-generation"],
        "tags": ["instruction-tuning", "mdata"]})
    for field in ("instruction", "input", "output"):
        lengths = sorted(len(row[field]) for row in rows if row.get(field))
        found = document["lengths"][field]
        expected = (len(lengths), lengths[0], lengths[(len(lengths) - 1) // 2], lengths[math.ceil(len(lengths) * 0.95) - 1], lengths[-1])
        report.equal(f"lengths of {field}", (found["texts"], found["least"], found["median"], found["p95"], found["greatest"]), expected)
        report.check("and their mean", math.isclose(found["mean"], sum(lengths) / len(lengths)))
    topics = {value["value"]: value["records"] for table in document["counts"] if table["name"] == "topic" for value in table["values"]}
    report.equal("records by topic", topics, dict(collections.Counter(row["topic"] for row in rows)))
    report.equal("records by licence", {value["license"]: value["records"] for value in document["licenses"]}, dict(collections.Counter(row["license"] for row in rows)))
    code, out, err = tool.run("card", "--license", "mit", "--json")
    report.equal("a contradicted licence is refused", (code, out, json.loads(err)["code"]), (1, b"", 1))
    meta, _ = read(tool.json("card")["text"])
    report.equal("licences of both versions", meta["license"], ["apache-2.0", "unknown"])
    meta, _ = read(tool.json("card", "v1", "--license", "apache 2.0", "--data-file", "train=a.jsonl", "--data-file", "train=b.jsonl", "--data-file", "test=c.jsonl")["text"])
    report.equal("files of the data", meta["configs"], [
        {"config_name": "default", "data_files": [{"split": "train", "path": ["a.jsonl", "b.jsonl"]}, {"split": "test", "path": "c.jsonl"}]}])
    if cards is None:
        report.skip("huggingface_hub", "it is not installed")
    else:
        card = cards.DatasetCard(text)
        report.equal("huggingface_hub reads the same", (card.data.license, card.data.language, card.data.size_categories, card.data.pretty_name), ("apache-2.0", ["en"], ["n<1K"], "batch-1"))
        report.check("and the page without it", card.text.lstrip().startswith("# batch-1"))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        import huggingface_hub as cards
    except ImportError:
        cards = None
    tool, report = binary(sys.argv[1]), Report()
    chance = random.Random(sys.argv[2] if len(sys.argv) > 2 else "1")
    with Scratch() as scratch:
        report.group("hostile cards", check_hostile, report, Repository(tool, scratch.folder("hostile")), chance)
        report.group("cards of the fixtures", check_fixtures, report, Repository(tool, scratch.folder("fixtures")), cards)
    report.close()


main()
