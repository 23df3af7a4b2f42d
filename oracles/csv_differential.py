#!/usr/bin/env python3
"""Compares the CSV reader of mdata with Python's csv module on random files.

    oracles/csv_differential.py write DIRECTORY [COUNT]     makes COUNT files NNN.csv (or .tsv)
    oracles/csv_differential.py check DIRECTORY             compares NNN.jsonl, which mdata exported from NNN.csv,
                                                            and NNN.back, which it exported as CSV, with NNN.csv

Each .jsonl row is an alpaca-jsonl export: instruction, input?, output and the other columns. The texts must be those
that csv.reader gives, and NNN.back must be NNN.csv byte for byte. A file in which csv.reader finds a row longer or
shorter than the header (csv.writer leaves some line breaks bare) must have been refused: it has no .jsonl. Files are
written by csv.writer in its dialects and by hand with odd but legal spelling. Exit code 0 when all agree.
"""
import csv
import io
import json
import pathlib
import random
import sys

PIECES = ["a", "word ", " ", '"', '""', ",", ";", "\t", "\n", "\r\n", "é", "😀", "=1+1", "{", "\\", "患者", "x" * 40]
PLACEHOLDERS = {"<noinput>", "n/a", "none"}


def cell(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 6)))


def odd(rng, rows, delimiter, line_end):
    """Rows with quotes where none are needed, and bare quotes inside text."""
    lines = []
    for row in rows:
        cells = []
        for text in row:
            needs = any(mark in text for mark in (delimiter, "\n", "\r")) or text.startswith('"')
            if needs or rng.random() < 0.3:
                text = '"' + text.replace('"', '""') + '"'
            cells.append(text)
        lines.append(delimiter.join(cells))
    return line_end.join(lines) + rng.choice(["", line_end])


def write(directory, count):
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rng = random.Random(number)
        delimiter = rng.choice([",", ";", "\t"])
        line_end = rng.choice(["\n", "\r\n", "\r"])
        header = ["instruction", "input", "output", "topic", "note"]
        rng.shuffle(header)
        rows = [header] + [[cell(rng) for _ in header] for _ in range(rng.choice([1, 3, 50, 700]))]
        if rng.random() < 0.5:
            out = io.StringIO(newline="")
            quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
            csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
            text = out.getvalue()
        else:
            text = odd(rng, rows, delimiter, line_end)
        mark = "\ufeff" if rng.random() < 0.2 else ""
        suffix = "tsv" if delimiter == "\t" else "csv"
        (directory / f"{number:03}.{suffix}").write_bytes((mark + text).encode())


def expected(path):
    """The rows that csv.reader finds, or None when they do not fit the header."""
    text = path.read_bytes().decode("utf-8-sig")
    header_line = text.splitlines()[0]
    delimiter = max(",;\t", key=header_line.count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    if any(len(row) != len(rows[0]) for row in rows):
        return None
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def exported(path):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for row in rows:
        row.setdefault("input", "")
    return rows


def check(directory):
    failures = refused = 0
    sources = sorted([*directory.glob("*.csv"), *directory.glob("*.tsv")])
    for source in sources:
        wanted = expected(source)
        if wanted is None or not source.with_suffix(".jsonl").exists():
            refused += 1
            if wanted is not None or source.with_suffix(".jsonl").exists():
                print(f"{source.name}: only one of the two readers refuses it")
                failures += 1
            continue
        for row in wanted:
            if row["input"] in ("NA",) or row["input"].lower() in PLACEHOLDERS:
                row["input"] = ""
        found = exported(source.with_suffix(".jsonl"))
        if wanted != found:
            first = next((i for i, pair in enumerate(zip(wanted, found)) if pair[0] != pair[1]), min(len(wanted), len(found)))
            print(f"{source.name}: row {first + 1} of {len(wanted)} (found {len(found)}) differs")
            failures += 1
        if source.with_suffix(".back").read_bytes() != source.read_bytes():
            print(f"{source.name}: does not come back byte for byte")
            failures += 1
    print(f"{len(sources)} files, {refused} refused, {failures} differences")
    return 1 if failures or not sources else 0


def main(arguments):
    if len(arguments) >= 2 and arguments[0] == "write":
        write(pathlib.Path(arguments[1]), int(arguments[2]) if len(arguments) > 2 else 60)
        return 0
    if len(arguments) == 2 and arguments[0] == "check":
        return check(pathlib.Path(arguments[1]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
