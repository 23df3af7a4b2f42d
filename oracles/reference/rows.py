"""Files of rows as other programs write them, and the pairs in them."""

import csv
import io
import json

from .objects import pair

# Placeholders that stand for an absent input; `NA` only in capitals.
PLACEHOLDERS = {"<noinput>", "n/a", "none"}
FIELDS = ("instruction", "input", "output", "system")


def is_absent(text):
    return not text or text == "NA" or text.isascii() and text.lower() in PLACEHOLDERS


def alpaca(row):
    """The pair of a row with Alpaca's fields, and its columns."""
    given = row.get("input")
    value = pair(row["instruction"], row["output"], None if is_absent(given) else given, row.get("system"))
    return value, {name: cell for name, cell in row.items() if name not in FIELDS}


def conversation(turns, system=None):
    """The pair of (role, text) messages: the last two are task and answer, a leading system message is `system`."""
    turns = list(turns)
    if turns and turns[0][0] == "system":
        system = turns.pop(0)[1]
    (asked, instruction), (answered, output) = turns[-2:]
    if (asked, answered) != ("user", "assistant"):
        raise ValueError("the conversation does not end with a user's message and its answer")
    return pair(instruction, output, system=system, turns=turns[:-2])


def json_line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def write(rows, style):
    """Rows in one of several spellings, as Python's own writers make them."""
    if style == "compact":
        text = "".join(json_line(row) + "\n" for row in rows)
    elif style == "spaced":
        text = "".join(json.dumps(row) + "\n" for row in rows)
    elif style == "array":
        # Published sets have an empty string for an absent input.
        filled = [{name: row.get(name, "") for name in COLUMNS} for row in rows]
        text = json.dumps(filled, ensure_ascii=False, indent=4) + "\n"
    else:
        output = io.StringIO()
        comma, end = (",", "\r\n") if style == "csv" else ("\t", "\n")
        writer = csv.DictWriter(output, COLUMNS, restval="", delimiter=comma, lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
        text = output.getvalue()
    return text.encode("utf-8")


STYLES = ("compact", "spaced", "array", "csv", "tsv")
SUFFIX = {"compact": "jsonl", "spaced": "jsonl", "array": "json", "csv": "csv", "tsv": "tsv"}

# The members of a made row, in the order of the file.
COLUMNS = ("id", "instruction", "input", "output", "topic", "size")

WORDS = (
    "fever cough dose 5 mg/kg Haemoglobin ferritin 9 µg/L “quoted” \"quoted\" back\\slash ISTANBUL ıİiI naïve nai\u0308ve 糖尿病 "
    "🩺 </s> \u2028 line\nbreak tab\there comma, semi; café 1,5 −3 °C NA none"
).split(" ")


def make(random, number):
    """A row whose task no other row of this number has."""
    def text(most):
        return " ".join(random.choices(WORDS, k=random.randint(1, most)))

    row = {"id": f"row-{number:05}", "instruction": f"Task {number}: {text(8)}"}
    if random.random() < 0.4:
        row["input"] = f"Given {text(12)}"
    row["output"] = f"Answer {text(30)}"
    row["topic"] = random.choice(("heart", "lung", "skin", "ağrı"))
    row["size"] = random.randint(1, 5)
    return row
