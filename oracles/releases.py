#!/usr/bin/env python3
"""Holds the releases of a dataset against sets in plain Python: `releases.py BINARIES [FILE FILE …]`.

BINARIES is the folder that holds the mdata to be checked. The files are the releases, oldest first: JSON or JSONL with
Alpaca's fields. Each is committed on top of the one before with `--sync` and tagged. What every two releases differ in,
what a checkout and a patch give, and what `log --record` and `blame` say of a record must be what multisets and a walk over
the files say. Without files two datasets are made, one with ids and one without: near-copies are thinned from release to release,
answers are corrected, rows removed, and earlier releases come back. Prints a line a check; exits 1 when one fails.
"""

import collections
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from reference import canonical, near_copies, rows  # noqa: E402
from reference.versions import Versions, canonical_row, pair, task  # noqa: E402
from verbs import differences as summaries  # noqa: E402
from verbs.report import Report, differences  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

KINDS = ("added", "edited", "removed")
# Records that are asked about one by one.
ASKED = 60


class Releases:
    """A repository whose versions are releases."""

    def __init__(self, report, tool, name):
        self.report = report
        self.tool = tool
        self.set = name
        self.versions = Versions(tool, False)
        self.files = {}
        self.releases = []
        tool.output("init")

    def name(self, check):
        return f"{self.set}: {check}"

    # Making versions.

    def release(self, file, data, given):
        """A file that is the whole dataset."""
        self.commit("add" if not self.releases else "sync", file, data, given)
        self.tool.output("tag", self.releases[-1]["tag"])

    def corrections(self, file, given):
        """A file of changed rows, found by their id."""
        self.commit("update", file, rows.write(given, "compact"), given)
        self.tool.output("tag", self.releases[-1]["tag"])

    def commit(self, kind, file, data, given):
        self.files[self.tool.write(file, data)] = data
        flags = {"add": [file], "sync": ["--sync", file], "update": ["--update", file, "--key", "id"]}[kind]
        before = self.versions.rows()
        began = time.time()
        done = self.tool.json("commit", *flags, "-m", f"Release {len(self.releases) + 1}")
        took = time.time() - began
        counts = self.versions.apply(kind, given, done["batches"], self.tool.now)
        found = {name: done[name] for name in ("added", "edited", "removed", "records", "unchanged")}
        tag = f"r{len(self.releases) + 1}"
        shown = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
        self.report.equal(self.name(f"{tag} ({file}, {len(given)} rows in {took:.2f} s): {shown}"), found, counts)
        if kind != "update":
            self.report.equal(self.name(f"{tag}: as multisets count"), [found[name] for name in KINDS], matched(before, given))
        self.releases.append({"tag": tag, "commit": done["commit"], "state": self.versions.state(), "data": data, "rows": self.versions.rows()})
        if kind != "update":
            same = collections.Counter(map(canonical_row, given)) == collections.Counter(map(canonical_row, self.versions.rows()))
            self.report.check(self.name(f"{tag}: the walk in Python has the rows of the file"), same)

    # What must hold of them.

    def check(self):
        first = self.releases[0]
        for old, new in zip(self.releases, self.releases[1:]):
            self.report.group(self.name("diff"), self.check_difference, old, new, True)
            for one, two in [(new, old)] + [(first, new)] * (old is not first):
                self.report.group(self.name("diff"), self.check_difference, one, two, False)
        for place, release in enumerate(self.releases):
            self.report.group(self.name("checkout"), self.check_checkout, release, place)
            self.report.group(self.name("blame of a file"), self.check_blamed_file, release, place)
        self.report.group(self.name("records"), self.check_records)
        # Last: what is done on other branches, `log --record` lists too.
        last = self.releases[-1]
        for old, new in ((first, last), (last, first), (first, self.releases[1])):
            self.report.group(self.name("patch"), self.check_patch, old, new)
        self.report.equal(self.name("fsck finds nothing"), self.tool.json("fsck")["findings"], [])

    def check_difference(self, old, new, with_summary):
        name = self.name(f"diff {old['tag']} {new['tag']}")
        document = self.tool.json("diff", old["tag"], new["tag"])
        expected = old["state"].difference(new["state"])
        counts = {kind: sum(change[0] == kind for change in expected.values()) for kind in KINDS}
        found = self.versions.changes(document["records"])
        wrong = differences(found, expected) or (len(found) != len(document["records"]) and "a record is listed twice")
        self.report.check(f"{name}: {len(expected)} records", not wrong, str(wrong))
        self.report.equal(f"{name}: counts", {kind: document[kind] for kind in KINDS}, counts)
        # Whatever the ids: the old rows with the changes made to them are the new rows.
        bag = collections.Counter(map(canonical_row, old["rows"]))
        bag.subtract(flat(change["old"]) for change in document["records"] if "old" in change)
        self.report.check(f"{name}: takes away what there is", min(bag.values(), default=0) >= 0)
        bag.update(flat(change["new"]) for change in document["records"] if "new" in change)
        self.report.check(f"{name}: leads to the new rows", +bag == collections.Counter(map(canonical_row, new["rows"])))
        stat = self.tool.json("diff", old["tag"], new["tag"], "--stat")
        batches = collections.defaultdict(lambda: dict.fromkeys(KINDS, 0))
        for record, change in expected.items():
            batches[record.split(":")[0]][change[0]] += 1
        listed = {self.versions.full(b["batch"])[:24]: {kind: b[kind] for kind in KINDS} for b in stat["batches"]}
        self.report.equal(f"{name} --stat", ({kind: stat[kind] for kind in KINDS}, listed), (counts, dict(batches)))
        if with_summary:
            self.check_summary(name, old, new)

    def check_summary(self, name, old, new):
        """The distributions, from the rows of the files."""
        changes = []
        for record in old["state"].difference(new["state"]):
            change = {"record": record}
            for side, release in (("old", old), ("new", new)):
                if record in release["state"].records:
                    value, columns = rows.alpaca(release["state"].records[record][0])
                    change[side] = {**value, "columns": columns}
            changes.append(change)
        found = self.tool.json("diff", old["tag"], new["tag"], "--summary")["summary"]
        summaries.summary(self.report, name, found, changes, None)

    def check_patch(self, old, new):
        """The difference as a patch, applied to the older release and taken back."""
        name = f"patch-{old['tag']}-{new['tag']}"
        self.tool.output("branch", name, old["tag"])
        self.tool.output("switch", name)
        patch = self.tool.write(name, self.tool.output("diff", old["tag"], new["tag"], "--patch"))
        for release, flags in ((new, []), (old, ["--reverse"])):
            self.tool.output("apply", patch, *flags)
            self.tool.output("checkout", "HEAD", "-o", "out")
            found = collections.Counter(map(canonical_row, read(self.tool.read("out"))))
            shown = " ".join(["apply", name, *flags])
            self.report.check(self.name(f"{shown}: the rows of {release['tag']}"), found == collections.Counter(map(canonical_row, release["rows"])))
        self.tool.output("switch", "main")

    def check_checkout(self, release, place):
        name = self.name(f"checkout {release['tag']}")
        self.tool.output("checkout", release["tag"], "-o", "out")
        data = self.tool.read("out")
        if place == 0:
            self.report.check(f"{name}: byte for byte the file", data == release["data"])
        found = [canonical_row(row) for row in read(data)]
        self.report.check(f"{name}: its rows, in the order of the dataset", found == [canonical_row(row) for row in release["rows"]])

    def history(self, record):
        """The commits that changed a record, oldest first, with what they did."""
        found, before = [], None
        for release in self.releases:
            now = release["state"].records.get(record)
            if now != before:
                found.append((release["commit"], "added" if before is None else "removed" if now is None else "edited"))
            before = now
        return found

    def check_blamed_file(self, release, place):
        """Of each row of a checkout the record, and the release that first had its present content."""
        found = self.tool.json("blame", "out", release["tag"])["rows"]
        first = {}
        for earlier in self.releases[:place + 1]:
            for entry in earlier["state"].records.items():
                first.setdefault((entry[0], entry[1][1]), earlier["commit"])
        expected = [
            ("same", record, first[record, entry[1]])
            for record, entry in ((record, release["state"].records[record]) for record in ordered(self.versions, release))]
        said = [(row["match"], self.versions.record(row["record"]), row["commit"]) for row in found]
        wrong = [f"row {row}: {pair}" for row, pair in enumerate(zip(said, expected), 1) if pair[0] != pair[1]]
        self.report.check(self.name(f"blame of the checked out {release['tag']}: {len(said)} rows"), not wrong and len(said) == len(expected), " | ".join(wrong[:3]))

    def check_records(self):
        """Some records of each fate, asked about one by one."""
        fates = collections.defaultdict(list)
        for record in sorted({record for release in self.releases for record in release["state"].records}):
            fates[tuple(change for _, change in self.history(record))].append(record)
        chance = random.Random(self.set)
        asked = [record for records in fates.values() for record in chance.sample(records, min(len(records), max(3, ASKED // len(fates))))]
        logs, blames, places = [], [], []
        last = self.releases[-1]["state"].records
        for record in asked:
            history = self.history(record)
            log = self.tool.json("log", "--record", record)["commits"]
            said = [(entry["commit"], entry["change"]["change"]) for entry in reversed(log)]
            if said != history:
                logs.append(f"{record}: {said} for {history}")
            if record not in last:
                continue
            blame = self.tool.json("blame", record)
            said = [(entry["commit"], entry["change"]) for entry in blame["commits"]]
            if said != history:
                blames.append(f"{record}: {said} for {history}")
            for place in ("origin", "edit"):
                if blame[place] is not None and not self.is_at(record, blame[place], place):
                    places.append(f"{record}: {blame[place]}")
        kinds = f"{len(asked)} records of {len(fates)} fates"
        self.report.check(self.name(f"log --record: {kinds}"), not logs, " | ".join(logs[:2]))
        self.report.check(self.name("blame says the same"), not blames, " | ".join(blames[:2]))
        self.report.check(self.name("and where in which file its row is"), not places, " | ".join(places[:2]))

    def is_at(self, record, place, which):
        """Whether the bytes that blame names are the row that a record began as, or is now."""
        states = [release["state"].records[record] for release in self.releases if record in release["state"].records]
        # A record of a --sync begins in the batch that names it.
        row = states[-1][0] if which == "edit" else next(row for row, origin in states if origin == record)
        data = self.files[place["file"]]
        found = json.loads(data[place["byte"]:place["byte"] + place["length"]])
        return canonical_row(found) == canonical_row(row) and place["line"] == data.count(b"\n", 0, place["byte"]) + 1


def ordered(versions, release):
    """The records of a release in the order of a checkout."""
    order = {batch[:24]: place for place, (batch, _) in enumerate(release["state"].batches)}
    return sorted(release["state"].records, key=lambda record: (order[record.split(":")[0]], int(record.split(":")[1])))


def matched(old, new):
    """How many records a --sync adds, edits and removes, from how often each row, pair and task is there."""
    edited = 0
    for part in (canonical_row, pair, task):
        both = collections.Counter(map(part, old)) & collections.Counter(map(part, new))
        if part is not canonical_row:
            edited += both.total()
        old, new = without(old, part, both), without(new, part, both)
    return [len(new), edited, len(old)]


def without(given, part, taken):
    left, taken = [], taken.copy()
    for row in given:
        if taken[part(row)] > 0:
            taken[part(row)] -= 1
        else:
            left.append(row)
    return left


def flat(side):
    """A row of `diff --json` in the form of :func:`canonical_row`."""
    return canonical_row({**{name: side[name] for name in rows.FIELDS if name in side}, **side["columns"]})


def read(data):
    text = data.decode("utf-8-sig")
    return canonical.decode(text) if text.lstrip().startswith("[") else [canonical.decode(line) for line in text.split("\n") if line.strip()]


def made(report, tool, scratch):
    """The datasets that are made here."""
    for name, style in (("with ids", "compact"), ("without ids", "array")):
        chance = random.Random(name)
        releases = Releases(report, Repository(tool, scratch.folder(name)), name)
        history = near_copies.releases(chance, name == "with ids")
        for number, (kind, given) in enumerate(history, 1):
            if kind == "corrections":
                releases.corrections(f"corrections-{number}.jsonl", given)
            else:
                releases.release(f"{kind}.{rows.SUFFIX[style]}", near_copies.write(given, style), given)
        releases.check()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    with Scratch() as scratch:
        if len(sys.argv) == 2:
            report.group("releases", made, report, tool, scratch)
        else:
            releases = Releases(report, Repository(tool, scratch.folder("files")), "files")
            for path in sys.argv[2:]:
                with open(path, "rb") as file:
                    data = file.read()
                releases.release(os.path.basename(path), data, read(data))
            releases.check()
    report.close()


if __name__ == "__main__":
    main()
