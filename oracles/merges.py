#!/usr/bin/env python3
"""Holds merges against dictionaries in plain Python: `merges.py BINARIES [HISTORIES [SEED]]`.

BINARIES is the folder that holds the mdata to be checked. Each history has a few rows, two or three branches that edit the
same rows again and again, and merges between them, criss-cross ones too. Of every merge the outcome of each record, the
conflicts with their fields, and the merged version are computed here from the three versions (git names the common
ancestors) and must be what mdata says and stores. Prints a line a check; exits 1 when one fails.
"""

import collections
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report, differences  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

HISTORIES = 40
FIELDS = ("instruction", "input", "output", "system", "turns")
CONFLICTS = ("edit/edit", "edit/delete", "same-task-different-answer")
DISPUTED = object()
# The row that a record's columns come from: an edit that changes nothing is a change all the same.
ORIGIN = (None, "origin")


class Merges:
    """One random history."""

    def __init__(self, report, tool, number, seed):
        self.report = report
        self.tool = tool
        self.number = number
        self.random = random.Random(f"{seed}-{number}")
        self.states = {}
        self.untouched = {}
        self.files = []
        self.made = 0

    def name(self, check):
        return f"merge history {self.number}: {check}"

    # What a version holds.

    def state(self, commit):
        """Record ids with their fields and columns."""
        if commit not in self.states:
            sql = "SELECT record, instruction, input, output, system, turns, columns, edited, origin FROM records"
            rows = self.tool.json("query", "--at", commit, sql)["rows"]
            self.states[commit] = {row["record"]: self.content(row) for row in rows}
            self.untouched[commit] = {row["record"] for row in rows if not row["edited"]}
        return self.states[commit]

    @staticmethod
    def content(row):
        content = {(False, name): row[name] for name in FIELDS if row[name] is not None}
        content.update({(True, name): json.dumps(value, sort_keys=True) for name, value in json.loads(row["columns"]).items()})
        content[ORIGIN] = row["origin"]
        return content

    def bases(self, commit, others):
        """The best common ancestors of a commit and of what a merge of others would be, as git says."""
        return sorted(self.tool.git("merge-base", "--all", commit, *others).decode().split())

    # How three versions are put together.

    def base_of(self, record, bases):
        """What a record was in the common ancestors: its content, None when it was not there, or DISPUTED."""
        if not bases:
            return None
        value = self.state(bases[0]).get(record)
        for index in range(1, len(bases)):
            following = self.state(bases[index]).get(record)
            if value == following:
                continue
            before = self.base_of(record, self.bases(bases[index], bases[:index]))
            value = self.virtual(before, value, following)
        return value

    @staticmethod
    def virtual(base, left, right):
        if same(base, left):
            return right
        if same(base, right):
            return left
        if left is DISPUTED or left is None or right is None:
            return DISPUTED
        merged, conflicts = fields_merged(base, left, right)
        return {**merged, **{name: DISPUTED for name in conflicts}}

    def expected(self, ours, theirs):
        """The outcome of each record, the conflicts, and the merged records but for what is in conflict."""
        left, right = self.state(ours), self.state(theirs)
        bases = self.bases(theirs, [ours])
        records = set(left) | set(right)
        for base in bases:
            records |= set(self.state(base))
        outcomes, conflicts, merged = collections.Counter(), {}, dict(left)
        added = ([], [])
        for record in sorted(records, key=order):
            base, one, two = self.base_of(record, bases), left.get(record), right.get(record)
            if base is None and (one is None) != (two is None):
                added[0 if two is None else 1].append(record)
                continue
            if same(base, one) and same(base, two):
                continue
            if same(base, one):
                outcomes["right"] += 1
                put(merged, record, two)
            elif same(base, two):
                outcomes["left"] += 1
            elif one == two:
                outcomes["convergent"] += 1
            elif one is None or two is None:
                if base is not None and base is not DISPUTED and told(base) == told(one or two):
                    # It was edited, and is again as it was.
                    outcomes["left" if one is None else "right"] += 1
                    merged.pop(record, None)
                else:
                    conflicts[record] = ("edit/delete", None, ())
            else:
                if base is None:
                    # Both brought its batch: what neither edited is what both come from.
                    base = one if record in self.untouched[ours] else two if record in self.untouched[theirs] else None
                value, clashes = fields_merged(base, one, two)
                if clashes:
                    conflicts[record] = ("edit/edit", None, tuple(sorted(name for _, name in clashes)))
                elif value == told(one):
                    outcomes["convergent" if told(one) == told(two) else "left"] += 1
                elif value == told(two):
                    outcomes["right"] += 1
                    put(merged, record, two)
                else:
                    outcomes["field-merged"] += 1
                    put(merged, record, value)
        self.twins(left, right, added, outcomes, conflicts, merged)
        outcomes.update(kind for kind, _, _ in conflicts.values())
        return outcomes, conflicts, merged

    @staticmethod
    def twins(left, right, added, outcomes, conflicts, merged):
        """Records that both sides added: the same pair, or another answer to the same task."""
        ours, theirs = added
        same = couples(ours, theirs, lambda side: pair(side), left, right)
        outcomes["duplicate-across-sides"] += len(same)
        ours = [record for record in ours if record not in {one for one, _ in same}]
        theirs = [record for record in theirs if record not in {two for _, two in same}]
        tasks = couples(ours, theirs, lambda side: task(side), left, right)
        for one, two in tasks:
            conflicts[one] = ("same-task-different-answer", two, ("output",))
        outcomes["left"] += len(ours) - len(tasks)
        for record in theirs:
            if record not in {two for _, two in tasks}:
                outcomes["right"] += 1
                put(merged, record, right[record])

    # A random history.

    def build(self):
        self.tool.output("init")
        count = self.random.randint(4, 14)
        self.commit([self.row() for _ in range(count)])
        branches = ["main"] + [f"side{n}" for n in range(self.random.randint(1, 2))]
        for branch in branches[1:]:
            self.tool.output("branch", branch)
        for branch in branches:
            self.tool.output("switch", branch)
            self.change()
        for _ in range(self.random.randint(4, 8)):
            self.tool.output("switch", self.random.choice(branches))
            if self.random.random() < 0.6:
                self.change()
            ours = self.head()
            heads = {branch: self.tool.git("rev-parse", branch).decode().strip() for branch in branches}
            apart = [b for b in branches if self.bases(heads[b], [ours]) not in ([ours], [heads[b]])]
            if apart:
                branch = self.random.choice(apart)
                self.merge(branch, ours, heads[branch])
        self.report.equal(self.name("fsck finds nothing"), self.tool.json("fsck")["findings"], [])
        self.report.equal(self.name("git fsck --strict finds nothing"), self.tool.git("fsck", "--strict").strip(), b"")

    def row(self):
        self.made += 1
        row = {"instruction": f"Task {self.random.randint(1, 9)}?", "output": f"Answer {self.random.randint(1, 4)}",
               "topic": self.random.choice("abc")}
        if self.random.random() < 0.3:
            row["input"] = self.random.choice(("x", "y"))
        return row

    def commit(self, rows, *flags):
        self.made += 1
        text = "".join(json.dumps(row) + "\n" for row in rows)
        file = self.tool.write(f"f{self.made}.jsonl", text.encode())
        self.tool.output("commit", *flags, file, "-m", f"c{self.made}")

    def add(self):
        """New rows; or those of a file that another branch may have brought already."""
        if self.files and self.random.random() < 0.3:
            file = self.random.choice(self.files)
            self.tool.run("commit", file, "-m", "again")
        else:
            self.commit([self.row() for _ in range(self.random.randint(1, 4))])
            self.files.append(f"f{self.made}.jsonl")

    def edit(self):
        state = self.current()
        if not state:
            return
        rows = []
        for record in self.random.sample(sorted(state), min(len(state), self.random.randint(1, 4))):
            row = {"record": record}
            for (is_column, name), value in state[record].items():
                row[name] = json.loads(value) if is_column else value
            for name in self.random.sample(("instruction", "output", "topic", "input"), self.random.randint(1, 2)):
                row[name] = f"{name} {self.random.randint(1, 3)}"
            rows.append(row)
        self.commit(rows, "--update")

    def remove(self):
        """The file as it is, without some of its rows."""
        state = self.current()
        if len(state) < 3:
            return
        gone = set(self.random.sample(sorted(state), self.random.randint(1, 2)))
        self.tool.output("checkout", "HEAD", "-o", "all.jsonl")
        sql = "SELECT record FROM records ORDER BY position"
        records = [row["record"] for row in self.tool.json("query", sql)["rows"]]
        lines = self.tool.read("all.jsonl").splitlines(keepends=True)
        kept = [line for record, line in zip(records, lines) if record not in gone]
        file = self.tool.write("kept.jsonl", b"".join(kept))
        self.tool.output("commit", "--sync", file, "-m", "removed")

    def head(self):
        return self.tool.git("rev-parse", "HEAD").decode().strip()

    def current(self):
        return self.state(self.head())

    # A merge, and what must come of it.

    def change(self):
        for _ in range(self.random.randint(1, 2)):
            self.random.choice((self.edit, self.edit, self.edit, self.remove, self.add))()

    def merge(self, branch, ours, theirs):
        outcomes, conflicts, merged = self.expected(ours, theirs)
        code, out, err = self.tool.run("merge", branch, "--json")
        if err and not out:
            return self.report.check(self.name(f"merge of {branch}"), False, err.decode())
        result = json.loads(out)
        found = collections.Counter({name: count for name, count in result["outcomes"].items() if count})
        self.report.equal(self.name("outcomes"), dict(found), {name: count for name, count in outcomes.items() if count})
        full = self.full(ours, theirs)
        listed = {
            full[c["record"]]: (c["kind"], full.get(c["other"]), tuple(sorted(c["fields"]))) for c in result["open"]}
        self.report.equal(self.name("conflicts"), listed, conflicts)
        added = []
        for record, (kind, other, _) in conflicts.items():
            choice = self.random.choice(("ours", "theirs", "both"))
            self.tool.output("resolve", record, "--" + choice)
            added += self.decide(merged, self.state(ours), self.state(theirs), record, other, choice)
        if conflicts:
            self.report.equal(self.name("a merge with conflicts ends with 1"), code, 1)
            self.tool.output("merge", "--continue")
        state = dict(self.current())
        extra = [state.pop(record) for record in list(state) if record not in merged]
        state = {record: told(content) for record, content in state.items()}
        merged = {record: told(content) for record, content in merged.items()}
        self.report.equal(self.name("merged records"), differences(state, merged), "")
        self.report.equal(self.name("records that two answers became"), bag(extra), bag(added))
        parents = self.tool.git("rev-list", "--parents", "-1", "HEAD").decode().split()[1:]
        self.report.equal(self.name("parents"), parents, [ours, theirs])

    def full(self, *commits):
        """Full ids by the short ones that are printed."""
        records = {record for commit in commits for record in self.state(commit)}
        for commit in self.tool.git("rev-list", *commits).decode().split():
            records |= set(self.state(commit))
        names = {}
        for record in records:
            batch, row = record.split(":")
            for length in range(8, len(batch) + 1):
                names[f"{batch[:length]}:{row}"] = record
        return names

    @staticmethod
    def decide(merged, left, right, record, other, choice):
        """Enters a decision; returns the records that come in under ids that only mdata knows."""
        one, two = left.get(record), right.get(other or record)
        if choice == "theirs":
            if other:
                merged.pop(record)
                merged[other] = two
            else:
                put(merged, record, two)
        elif choice == "both":
            if other:
                merged[other] = two
            elif one is None or two is None:
                put(merged, record, one or two)
            else:
                new = one if merged.get(record) is None else two
                # An earlier merge may have made this answer a record of its own already.
                there = left.get(new[ORIGIN])
                return [] if there is not None and told(there) == told(new) and merged.get(new[ORIGIN]) == there else [new]
        return []


def told(content):
    """What a record says, without where that comes from."""
    return {name: value for name, value in content.items() if name != ORIGIN}


def same(base, content):
    """Whether a side left a record as it was."""
    if base is DISPUTED or content is DISPUTED:
        return False
    if base is None or content is None or (ORIGIN in base and ORIGIN in content):
        return base == content
    return told(base) == told(content)


def fields_merged(base, one, two):
    merged, conflicts = {}, []
    known = {} if base is None or base is DISPUTED else base
    for name in (set(one) | set(two)) - {ORIGIN}:
        before, left, right = known.get(name), one.get(name), two.get(name)
        if left == right:
            value = left
        elif base is None or base is DISPUTED or before is DISPUTED:
            conflicts.append(name)
            value = left
        elif before == left:
            value = right
        elif before == right:
            value = left
        else:
            conflicts.append(name)
            value = left
        put(merged, name, value)
    return merged, conflicts


def couples(ours, theirs, key, left, right):
    waiting = collections.defaultdict(list)
    for record in ours:
        waiting[key(left[record])].append(record)
    found = []
    for record in theirs:
        if waiting[key(right[record])]:
            found.append((waiting[key(right[record])].pop(0), record))
    return found


def pair(content):
    return tuple(content.get((False, name)) for name in FIELDS)


def task(content):
    return tuple(content.get((False, name)) for name in FIELDS if name != "output")


def put(records, key, value):
    if value is None:
        records.pop(key, None)
    else:
        records[key] = value


def order(record):
    batch, row = record.split(":")
    return batch, int(row)


def bag(contents):
    return sorted(json.dumps(sorted((str(name), value) for name, value in told(content).items())) for content in contents)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else HISTORIES
    seed = sys.argv[3] if len(sys.argv) > 3 else "mdata"
    with Scratch() as scratch:
        for number in range(count):
            merges = Merges(report, Repository(tool, scratch.folder(f"history-{number}")), number, seed)
            report.group(merges.name("is made"), merges.build)
    report.close()


if __name__ == "__main__":
    main()
