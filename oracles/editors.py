#!/usr/bin/env python3
"""Two people edit a dataset differently and merge: `editors.py BINARIES [FILE]`.

BINARIES is the folder that holds the mdata to be checked. FILE is JSON lines with Alpaca's fields, an `id` and a `topic`,
plain or compressed with gzip; without one a dataset is made. Each row has a fate that is known beforehand, so the outcomes,
the conflicts and every row after the merge are known too. Conflicts are decided in every way there is; then all of it is
undone, step by step, and done again. Prints a line a check; exits 1 when one fails.
"""

import collections
import gzip
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from reference import near_copies, rows  # noqa: E402
from verbs.report import Report, differences  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

# What happens to a row: on the left, on the right.
EDITS = {
    "left": ({"output": "left"}, {}),
    "right": ({}, {"topic": "right"}),
    "same field": ({"output": "left"}, {"output": "right"}),
    "same edit": ({"output": "both"}, {"output": "both"}),
    "other fields": ({"output": "left"}, {"topic": "right"}),
    "three fields": ({"output": "left", "topic": "left"}, {"output": "right", "instruction": "right"}),
    "edited, removed": ({"output": "left"}, None),
    "removed, edited": (None, {"output": "right"}),
    "removed": (None, {}),
    "removed there": ({}, None),
    "removed twice": (None, None),
}
OUTCOMES = {
    "left": "left", "right": "right", "same field": "edit/edit", "same edit": "convergent", "other fields": "field-merged",
    "three fields": "edit/edit", "edited, removed": "edit/delete", "removed, edited": "edit/delete", "removed": "left",
    "removed there": "right", "removed twice": "convergent"}
# New rows of each kind.
NEW = 30


class Editors:
    def __init__(self, report, tool, name, data, given, rows, single):
        """`rows` of each fate, and `single` conflicts that are decided one by one in each way."""
        self.report = report
        self.tool = tool
        self.file = tool.write(name, data)
        self.given = given
        self.count = rows
        self.single = single
        self.random = random.Random("editors")
        # Rows of the first batch by number, on each side and merged; None when removed. New rows beside them.
        self.left, self.right, self.merged = (dict(enumerate(given, 1)) for _ in range(3))
        self.added = []

    # The two branches.

    def prepare(self):
        tool = self.tool
        tool.output("init")
        done = tool.json("commit", self.file, "-m", "Base")
        self.batch = tool.json("cat", done["batches"][0]["batch"])["id"][:24]
        self.report.equal(f"{len(self.given)} rows", done["added"], len(self.given))
        seen = collections.Counter(row["id"] for row in self.given)
        numbers = [number for number, row in enumerate(self.given, 1) if seen[row["id"]] == 1]
        chosen = iter(self.random.sample(numbers, self.count * len(EDITS)))
        self.fates = {next(chosen): fate for fate in EDITS for _ in range(self.count)}
        tool.output("branch", "right")
        self.edit(0, self.left, [*self.new("left"), *self.new("both"), *self.new("left", "task")])
        self.before = self.checkout()
        tool.output("switch", "right")
        self.edit(1, self.right, [*self.new("right"), *self.new("both"), *self.new("right", "task")])
        tool.output("switch", "main")

    @staticmethod
    def new(side, kind=None):
        """New rows: a side's own, the same ones on both, or another answer to the same task."""
        for number in range(NEW):
            row = {"id": f"new-{kind or side}-{number}", "instruction": f"A new task of {kind or side}: {number}", "output": f"Answer of {side}", "topic": side}
            if kind:
                # Every third has a score on one side only.
                if side == "left" or number % 3:
                    row["quality"] = (number * 7 % 10 + 1) * (1 if side == "left" else 0.9)
            elif side == "both":
                row["output"] = "The same answer"
            yield row

    def edit(self, side, content, new):
        """A person's day: corrections by id, rows taken out of the whole file, and a file of new rows."""
        corrections = []
        for number, fate in self.fates.items():
            change = EDITS[fate][side]
            if change is None:
                content[number] = None
            elif change:
                content[number] = {**content[number], **{name: f"{content[number].get(name)} ({text})" for name, text in change.items()}}
                corrections.append(content[number])
        name = ("left", "right")[side]
        done = self.tool.json("commit", "--update", self.write(f"{name}.jsonl", corrections), "--key", "id", "-m", f"Corrections of the {name}")
        self.report.equal(f"{name}: corrections", (done["edited"], done["added"], done["removed"]), (len(corrections), 0, 0))
        kept = [row for row in content.values() if row is not None]
        done = self.tool.json("commit", "--sync", self.write(f"{name}-kept.jsonl", kept), "-m", f"Removals of the {name}")
        gone = len(content) - len(kept)
        self.report.equal(f"{name}: removals", (done["edited"], done["added"], done["removed"]), (0, 0, gone))
        self.tool.output("commit", self.write(f"{name}-new.jsonl", new), "--column", "score.quality=quality", "-m", f"New rows of the {name}")

    # The merge.

    def merge(self):
        began = time.time()
        result = self.tool.json("merge", "right", exit=1)
        took = time.time() - began
        outcomes = collections.Counter(OUTCOMES[fate] for fate in self.fates.values())
        outcomes.update({"left": NEW, "right": NEW, "duplicate-across-sides": NEW, "same-task-different-answer": NEW})
        found = {name: count for name, count in result["outcomes"].items() if count}
        self.report.equal(f"merge in {took:.2f} s: {dict(sorted(outcomes.items()))}", found, dict(outcomes))
        self.steps = [self.conflicts()]
        self.report.check("every conflict, with its kind, its fields and what both sides have", *self.listed())
        code, _, _ = self.tool.run("switch", "right")
        self.report.check("meanwhile there is no switching", code != 0)

    def listed(self):
        document = self.steps[0]["conflicts"]
        expected = {}
        for number, fate in self.fates.items():
            if OUTCOMES[fate] in ("edit/edit", "edit/delete"):
                fields = ["output"] if OUTCOMES[fate] == "edit/edit" else []
                expected[number] = (OUTCOMES[fate], fields, side(self.given[number - 1]), side(self.left[number]), side(self.right[number]))
        for number, (ours, theirs) in enumerate(zip(self.new("left", "task"), self.new("right", "task"))):
            expected[ours["id"]] = ("same-task-different-answer", ["output"], None, side(ours), side(theirs))
        found = {self.key(c): (c["kind"], c["fields"], told(c["base"]), told(c["ours"]), told(c["theirs"])) for c in document}
        return not differences(found, expected), differences(found, expected)

    def key(self, conflict):
        """The number of a row of the first batch, or a new row's id."""
        batch, number = conflict["record"].split(":")
        return int(number) if self.batch.startswith(batch) else conflict["ours"]["row"]["columns"]["id"]

    def conflicts(self):
        document = self.tool.json("conflicts")
        open = sum(conflict["choice"] is None for conflict in document["conflicts"])
        if document["open"] != open:
            self.report.check("conflicts counts the open ones", False, f"{document['open']} for {open}")
        return document

    def decide(self, *words):
        self.tool.output("resolve", *words)
        self.steps.append(self.conflicts())

    def resolve(self):
        """Some conflicts one by one in each way, the others all at once."""
        by_fate, records = collections.defaultdict(list), {}
        for conflict in self.steps[0]["conflicts"]:
            key = self.key(conflict)
            records[key] = conflict
            by_fate[self.fates.get(key, "task")].append(key)
        for fate in ("same field", "three fields", "edited, removed", "removed, edited"):
            for way in ("ours", "theirs", "both", "row"):
                if way == "row" and OUTCOMES[fate] != "edit/edit":
                    continue
                for _ in range(self.single):
                    key = by_fate[fate].pop()
                    self.one(key, records[key], way)
        # One is taken back, and decided differently.
        key = by_fate["same field"].pop()
        self.decide(records[key]["record"], "--theirs")
        self.decide(records[key]["record"], "--reopen")
        self.one(key, records[key], "ours")
        # The right was changed last.
        self.all(by_fate["same field"] + by_fate["three fields"], "edit/edit", "newest")
        self.all(by_fate["edited, removed"] + by_fate["removed, edited"], "edit/delete", "theirs")
        self.decide("--all", "--best-score")
        open = self.steps[-1]["open"]
        self.report.equal("what has no score on one side stays open", open, len(range(0, NEW, 3)))
        code, _, _ = self.tool.run("merge", "--continue")
        self.report.check("and the merge does not continue", code == 1, f"exit code {code}")
        self.decide("--all", "--both")
        for ours, theirs in zip(self.new("left", "task"), self.new("right", "task")):
            if "quality" not in theirs:
                self.added += [ours, theirs]
            else:
                self.added.append(max(ours, theirs, key=lambda row: row["quality"]))
        self.report.equal("nothing is open", self.steps[-1]["open"], 0)

    def one(self, key, conflict, way):
        left, right = self.left[key], self.right[key]
        if way == "row":
            row = {**left, "output": "Written by hand", "topic": "by hand"}
            self.tool.write("row.json", json.dumps(side(row)).encode())
            self.decide(conflict["record"], "--row", "row.json")
            self.merged[key] = row
        else:
            self.decide(conflict["record"], "--" + way)
            self.merged[key] = {"ours": left, "theirs": right, "both": left or right}[way]
            if way == "both" and left and right:
                self.added.append(right)

    def all(self, keys, kind, way):
        self.decide("--all", "--kind", kind, "--" + way)
        for key in keys:
            self.merged[key] = self.right[key]

    def finish(self):
        for number, fate in self.fates.items():
            if OUTCOMES[fate] in ("edit/edit", "edit/delete"):
                continue
            sides = [content[number] for content in (self.left, self.right)]
            self.merged[number] = None if None in sides else {**self.given[number - 1], **changed(self.given[number - 1], *sides)}
        self.added += [*self.new("left"), *self.new("right"), *self.new("both")]
        done = self.tool.json("merge", "--continue")
        self.commit = done["commit"]
        sql = "SELECT record, instruction, input, output, columns FROM records"
        found, extra = {}, []
        for row in self.tool.json("query", sql)["rows"]:
            batch, number = row.pop("record").split(":")
            row = bag({**{name: text for name, text in row.items() if name != "columns" and text}, **json.loads(row["columns"])})
            if batch == self.batch:
                found[int(number)] = row
            else:
                extra.append(row)
        expected = {number: bag(row) for number, row in self.merged.items() if row is not None}
        self.report.check(f"each of {len(expected)} rows is what was decided, under its id", found == expected, differences(found, expected))
        self.report.equal(f"and {len(self.added)} rows are new", collections.Counter(extra), collections.Counter(map(bag, self.added)))
        self.after = self.checkout()
        rows_ = collections.Counter(bag(json.loads(line)) for line in self.after.splitlines())
        self.report.check("a checkout has these rows", rows_ == collections.Counter([*expected.values(), *map(bag, self.added)]))

    # Taking back.

    def take_back(self):
        self.tool.output("undo")
        self.report.check("undo brings back our version, byte for byte", self.checkout() == self.before)
        self.report.check("and the merge with its decisions", self.conflicts() == self.steps[-1])
        self.tool.output("redo")
        self.report.check("redo brings back the merge, byte for byte", self.checkout() == self.after)
        self.report.equal("as the same commit", self.tool.json("show")["commit"], self.commit)
        self.tool.output("undo")
        wrong = [place for place in range(len(self.steps) - 2, -1, -1) if self.tool.run("undo")[0] or self.conflicts() != self.steps[place]]
        self.report.check(f"{len(self.steps) - 1} decisions are undone one by one", not wrong, f"step {wrong[:3]}")
        self.tool.output("undo")
        self.report.check("then no merge waits", self.tool.run("conflicts")[0] != 0)
        self.report.check("and our version is as it was", self.checkout() == self.before)
        for _ in range(len(self.steps) + 1):
            self.tool.output("redo")
        self.report.check("redo leads all the way to the merge", self.checkout() == self.after)
        begun = next(o for o in self.tool.json("op", "log")["operations"] if o["verb"] == "switch")
        self.tool.output("op", "restore", str(begun["number"]))
        self.report.check("op restore leads to before the merge at once", self.checkout() == self.before)
        self.tool.output("undo")
        self.report.check("and can be undone", self.checkout() == self.after)
        self.report.equal("fsck finds nothing", self.tool.json("fsck")["findings"], [])

    def checkout(self):
        self.tool.output("checkout", "HEAD", "-o", "out.jsonl")
        return self.tool.read("out.jsonl")

    def write(self, name, given):
        return self.tool.write(name, rows.write(given, "compact"))

    def run(self):
        for step in (self.prepare, self.merge, self.resolve, self.finish, self.take_back):
            step()


def side(row):
    """A row in the form in which conflicts print it."""
    if row is None:
        return None
    value, columns = rows.alpaca(row)
    return {**{name: part for name, part in value.items() if name not in ("kind", "v")}, "columns": columns}


def told(printed):
    """The row that is printed of a side."""
    return printed and printed["row"]


def changed(base, *sides):
    """What either side changed."""
    return {name: text for row in sides for name, text in row.items() if text != base.get(name)}


def bag(row):
    value, columns = rows.alpaca(row)
    return json.dumps([value, columns], sort_keys=True)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    if len(sys.argv) == 3:
        with open(sys.argv[2], "rb") as file:
            data = file.read()
        name = os.path.basename(sys.argv[2])
        plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        given = [json.loads(line) for line in plain.split(b"\n") if line]
        size = 60, 5
    else:
        given = near_copies.made(random.Random("editors"), True)
        name, data, size = "made.jsonl", rows.write(given, "compact"), (20, 2)
    with Scratch() as scratch:
        report.group("editors", Editors(report, Repository(tool, scratch.folder("editors")), name, data, given, *size).run)
    report.close()


if __name__ == "__main__":
    main()
