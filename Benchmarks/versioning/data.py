"""The files that every tool of the benchmark works on, written once for each size.

v1.jsonl: the rows; batch.jsonl: 1,000 more; edits.jsonl: 500 rows of both with another answer, spread over the whole;
v2.jsonl and v3.jsonl: the whole after each of the two. left.jsonl and right.jsonl: what two branches from v1 bring, 1,000
rows each and 100 of v1 with another answer, spread over the whole, no row edited by both; left-new.jsonl to
right-edits.jsonl are their parts.
"""
import json
import os

from rows import Rows, line

ADDED = 1000
EDITED = 500
SIDES = ("left", "right")
EDITED_ON_A_SIDE = 100


def folder(count):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".bench")
    return os.path.normpath(os.path.join(root, f"rows-{count}"))


def write(count):
    """Writes the files for `count` rows unless they are there, one row at a time, and returns their folder."""
    path = folder(count)
    if os.path.exists(os.path.join(path, "done-2")):
        return path
    os.makedirs(path, exist_ok=True)
    rows = Rows()
    total = count + ADDED
    step = max(1, total // EDITED)
    edited = set(range(0, total, step)[:EDITED])
    names = ("v1", "v2", "v3", "batch", "edits")
    files = {name: open(os.path.join(path, name + ".jsonl"), "w", encoding="utf-8") for name in names}
    for number in range(total):
        row = rows.row(number)
        text = line(row)
        files["v1" if number < count else "batch"].write(text)
        files["v2"].write(text)
        if number in edited:
            row["output"] += " Edited for the benchmark."
            text = line(row)
            files["edits"].write(text)
        files["v3"].write(text)
    for file in files.values():
        file.close()
    sides(count, path, rows)
    open(os.path.join(path, "done-2"), "w").close()
    return path


def sides(count, path, rows):
    """Writes what two branches bring."""
    step = max(2, count // EDITED_ON_A_SIDE)
    for place, side in enumerate(SIDES):
        with open(os.path.join(path, f"{side}-new.jsonl"), "w", encoding="utf-8") as new:
            for number in range(ADDED):
                new.write(line(rows.row(count + (place + 1) * ADDED + number)))
        with open(os.path.join(path, f"{side}-edits.jsonl"), "w", encoding="utf-8") as edits:
            for number in range(place * step // 2, count, step)[:EDITED_ON_A_SIDE]:
                row = rows.row(number)
                row["output"] += f" Edited on the {side}."
                edits.write(line(row))
        with open(os.path.join(path, f"{side}.jsonl"), "w", encoding="utf-8") as whole:
            for part in ("new", "edits"):
                with open(os.path.join(path, f"{side}-{part}.jsonl"), encoding="utf-8") as file:
                    whole.write(file.read())


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(text) for text in file]
