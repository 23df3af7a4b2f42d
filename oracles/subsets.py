#!/usr/bin/env python3
"""Holds splits, samples and balances against plain Python: `subsets.py BINARIES [SEED]`.

BINARIES is the folder that holds the mdata to be checked. The rows have tasks in several spellings, topics of very
different sizes, turns, and edits; which records belong where is computed here from the documented rules (docs/cli.md) and
must be what mdata makes. Prints a line a check; exits 1 when one fails.
"""

import collections
import fractions
import hashlib
import json
import os
import random
import re
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

ROWS = 1500
SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
WORDS = ["bone", "Bone", "BONE", "STRASSE", "straße", "ﬁbre", "fibre", "Ⅳ", "iv", "é", "e\u0301", "É", "ΣΟΦΟΣ", "σοφος", "ｘ", "X", "한글", "한글", "µg", "μg", "½", "Å", "Å"]


def folded(text):
    """The normal form of a text: NFKC_Casefold until nothing changes, then white space."""
    while True:
        new = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold()).casefold())
        if new == text:
            break
        text = new
    return SPACE.sub(" ", text).strip(" ").encode()


def number(purpose, seed, data):
    return int.from_bytes(hashlib.sha256(f"mdata {purpose} v1\0{seed}\0".encode() + data).digest()[:8], "big")


def task(row):
    turns = json.loads(row["turns"]) if row["turns"] else []
    return b"\0".join(folded(text) for text in [row["instruction"], row["input"] or "", *(turn["content"] for turn in turns)])


def made(chance, count, first=0):
    """Rows with a few hundred tasks in several spellings."""
    for place in range(count):
        words = [chance.choice(WORDS) for _ in range(chance.randint(1, 3))]
        row = {"id": f"r{first + place}", "instruction": chance.choice(["", " ", "\u00a0"]) + chance.choice([" ", "  ", "\u3000"]).join(words), "output": f"answer {place}"}
        if chance.random() < 0.5:
            row["input"] = chance.choice(WORDS)
        topic = int(chance.paretovariate(0.7))
        if topic < 12:
            row["topic"] = chance.choice([f"t{topic}", topic, True] if topic == 3 else [f"t{topic}"])
        elif topic < 20:
            row["topic"] = None
        yield row


class Subsets:
    def __init__(self, report, tool, seed):
        self.report, self.tool, self.seed = report, tool, seed
        self.names = 0

    def rows(self, revision):
        sql = "SELECT record, instruction, input, turns, output, columns, edited FROM records"
        found = self.tool.json("query", "--at", revision, sql)["rows"]
        for row in found:
            row["topic"] = json.loads(row["columns"]).get("topic")
        return found

    def ids(self, revision):
        return {row["record"] for row in self.tool.json("query", "--at", revision, "SELECT record FROM records")["rows"]}

    # Splits.

    def split(self, revision, shares, seed, by):
        """Which part every record belongs to, by the rules."""
        bounds, sum_ = [], fractions.Fraction(0)
        for share in list(shares.values())[:-1]:
            sum_ += fractions.Fraction(share)
            bounds.append(int(sum_ * 2**64))
        parts = {name: set() for name in shares}
        for row in self.rows(revision):
            if by == "record":
                data = row["record"].encode()
            elif by == "topic" and row["topic"] is not None:
                data = json.dumps(row["topic"]).encode()
            else:
                data = task(row)
            found = number("split", seed, data)
            place = next((place for place, bound in enumerate(bounds) if found < bound), len(bounds))
            parts[list(shares)[place]].add(row["record"])
        return parts

    def check_split(self, revision, shares, seed, by):
        self.names += 1
        name = f"split-{self.names}"
        flags = [word for part, share in shares.items() for word in ("--" + part, share)]
        done = self.tool.json("split", revision, *flags, "--seed", str(seed), "--by", by, "--name", name)
        expected = self.split(revision, shares, seed, by)
        found = {part["name"]: self.ids(part["branch"]) for part in done["parts"]}
        self.report.check(f"split {revision} by {by}, seed {seed}: {[len(part) for part in expected.values()]}", found == expected)
        self.report.equal("and it says so", {part["name"]: part["records"] for part in done["parts"]}, {name: len(part) for name, part in expected.items()})
        return found

    # Selections.

    def select(self, *flags):
        """The records that a selection leaves."""
        self.names += 1
        branch = f"select-{self.names}"
        done = self.tool.json("select", *flags, "--branch", branch)
        found = self.ids(branch)
        self.report.equal(f"select {' '.join(flags)}: as many as it says", (done["kept"], done["records"] - done["removed"]), (len(found), len(found)))
        return found, done

    @staticmethod
    def taken(rows, quotas, seed):
        """So many of each group, those with the lowest numbers."""
        groups = collections.defaultdict(list)
        for row in rows:
            batch, line = row["record"].split(":")
            groups[json.dumps(row["topic"])].append((number("sample", seed, row["record"].encode()), batch, int(line), row["record"]))
        return {record for group, members in groups.items() for *_, record in sorted(members)[:quotas[group]]}

    def check_sample(self, revision, size, seed, condition=None):
        rows = [row for row in self.rows(revision) if condition is None or row["topic"] is not None]
        where = ["--where", "topic IS NOT NULL"] if condition else []
        wanted = min(len(rows), size if isinstance(size, int) else len(rows) * int(size[:-1]) // 100)
        order = sorted(rows, key=lambda row: number("sample", seed, row["record"].encode()))
        plain, _ = self.select(revision, "--sample", str(size), "--seed", str(seed), *where)
        self.report.equal(f"sample {size} of {revision}, seed {seed}", plain, {row["record"] for row in order[:wanted]})
        counts = collections.Counter(json.dumps(row["topic"]) for row in rows)
        exact = {value: fractions.Fraction(wanted * count, len(rows)) for value, count in counts.items()}
        quotas = {value: int(part) for value, part in exact.items()}
        # A null comes last.
        left = sorted(exact, key=lambda value: (quotas[value] - exact[value], value == "null", value.encode()))
        for value in left[:wanted - sum(quotas.values())]:
            quotas[value] += 1
        strata, done = self.select(revision, "--sample", str(size), "--stratify", "topic", "--seed", str(seed), *where)
        self.report.equal("and stratified", strata, self.taken(rows, quotas, seed))
        self.report.equal("with its groups", {json.dumps(group["value"]): group["selected"] for group in done["groups"]}, quotas)

    def check_balance(self, revision, most, seed):
        rows = self.rows(revision)
        counts = collections.Counter(json.dumps(row["topic"]) for row in rows)
        quotas = {value: min(count, most or min(counts.values())) for value, count in counts.items()}
        flags = ["--max", str(most)] if most else []
        found, _ = self.select(revision, "--balance", "topic", *flags, "--seed", str(seed))
        self.report.equal(f"balance of {revision}, at most {most}", found, self.taken(rows, quotas, seed))
        others, _ = self.select(revision, "--balance", "topic", *flags, "--seed", str(seed), "--invert")
        self.report.equal("and the others", others, {row["record"] for row in rows} - found)

    def run(self):
        chance = random.Random(self.seed)
        self.tool.output("init")
        self.write("rows.jsonl", made(chance, ROWS))
        self.tool.output("commit", "rows.jsonl", "-m", "First")
        talk = [{"messages": [{"role": "user", "content": chance.choice(WORDS)}, {"role": "assistant", "content": "A"}, {"role": "user", "content": chance.choice(WORDS)}, {"role": "assistant", "content": f"B{place}"}]} for place in range(60)]
        self.write("talk.jsonl", talk)
        self.tool.output("commit", "talk.jsonl", "-m", "Talks")
        self.tool.output("tag", "v1")
        halves = {"train": "0.9", "validation": "0.05", "test": "0.05"}
        before = self.check_split("v1", halves, 0, "task")
        self.write("more.jsonl", made(chance, 300, ROWS))
        self.tool.output("commit", "more.jsonl", "-m", "More")
        edits = [{"id": f"r{place}", "instruction": "Another task " + str(place % 7), "output": "edited", "topic": "t1"} for place in chance.sample(range(ROWS), 80)]
        self.write("edits.jsonl", edits)
        self.tool.output("commit", "--update", "edits.jsonl", "--key", "id", "-m", "Edits")
        after = self.check_split("main", halves, 0, "task")
        edited = {row["record"] for row in self.rows("main") if row["edited"]}
        self.report.check("no record that was left alone has moved", all(before[name] - edited <= after[name] for name in halves))
        for seed, by in ((7, "task"), (18446744073709551615, "record"), (3, "topic")):
            self.check_split("main", {"train": "0.333333333", "test": "0.666666667"}, seed, by)
        for size, seed in ((1, 0), (100, 1), ("10%", 2), (100000, 3)):
            self.check_sample("main", size, seed)
        self.check_sample("v1", 77, 4, "topic")
        for most in (None, 3, 50):
            self.check_balance("main", most, 5)
        kept, _ = self.select("main", "--where", "topic = 't1' OR topic IS NULL -- ends here")
        self.report.equal("a condition", kept, {row["record"] for row in self.rows("main") if row["topic"] in ("t1", None)})
        self.report.equal("fsck finds no damage", self.tool.run("fsck")[0], 0)

    def write(self, name, rows):
        self.tool.write(name, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    with Scratch() as scratch:
        report.group("subsets", Subsets(report, Repository(tool, scratch.folder("subsets")), sys.argv[2] if len(sys.argv) > 2 else "1").run)
    report.close()


if __name__ == "__main__":
    main()
