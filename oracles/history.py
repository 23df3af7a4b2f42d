#!/usr/bin/env python3
"""Holds mdata's history against git and against sets in plain Python: `history.py BINARIES [SEED]`.

BINARIES is the folder that holds the mdata to be checked. Random histories of imports, --sync and --update are kept
as dictionaries beside the repository; every version, difference and file must agree with them, and the real git must
read the same commits, branches and tags. Prints a line a check; exits 1 when one fails.
"""

import hashlib
import json
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from reference import canonical, objects, rows  # noqa: E402
from reference.versions import Versions  # noqa: E402
from verbs import portable  # noqa: E402
from verbs.report import Report, differences  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

HISTORIES = 10
ROWS = 300
AUTHORS = [("Ayşe İnan", "ayse@example.org"), ("O'Brien, Zoë", "zoe@example.org"), ("J", "j@x")]


class History:
    """One random history, made in a repository and in plain Python at the same time."""

    def __init__(self, report, tool, number, seed):
        self.report = report
        self.tool = tool
        self.number = number
        self.style = rows.STYLES[number % len(rows.STYLES)]
        self.random = random.Random(f"{seed}-{number}")
        self.versions = Versions(tool, self.style == "csv" or self.style == "tsv")
        self.made = 0
        self.commits = []
        self.files = []
        self.names = {}

    def name(self, check):
        return f"history {self.number} ({self.style}): {check}"

    def fresh(self, count):
        self.made += count
        return [rows.make(self.random, self.made - place) for place in range(count)]

    def build(self):
        self.tool.output("init")
        self.commit("first", self.fresh(ROWS))
        for _ in range(5):
            kind = self.random.choice(("sync", "sync", "update", "record", "add", "back"))
            if kind == "record" and self.style not in ("compact", "spaced"):
                kind = "update"
            getattr(self, kind)()
        return True

    # What a commit may be.

    def add(self):
        self.commit("add", self.fresh(self.random.randint(1, 60)))

    def sync(self):
        """The whole file edited elsewhere: answers, columns and tasks changed, rows gone and new."""
        edited = []
        for row in self.versions.rows():
            chance = self.random.random()
            if chance < 0.04:
                continue
            row = dict(row)
            if chance < 0.12:
                row["output"] += " (reviewed)"
            elif chance < 0.16:
                row["topic"] = "corrected"
            elif chance < 0.18:
                row["instruction"] += " Be brief."
            edited.append(row)
        self.commit("sync", edited + self.fresh(self.random.randint(0, 20)))

    def back(self):
        """The whole file as an earlier version had it."""
        self.commit("sync", list(self.random.choice(self.files)[1]))

    def changed(self):
        chosen = self.random.sample(self.versions.items(), self.random.randint(1, 25))
        changes = []
        for record, row in chosen:
            row = dict(row)
            part = self.random.choice(("output", "instruction", "topic", "all"))
            for name in ("output", "instruction", "topic") if part == "all" else (part,):
                row[name] = f"{row[name]} v{len(self.commits)}"
            changes.append((record, row))
        return changes

    def update(self):
        self.commit("update", [row for _, row in self.changed()])

    def record(self):
        self.commit("record", [{"record": record, **row} for record, row in self.changed()])

    def commit(self, kind, given):
        self.tool.author = self.random.choice(AUTHORS)
        message = f"{kind} {len(self.commits)}: naïve “{self.style}”" + self.random.choice(("", "\n\nMore about it.\n- a\n- b"))
        data = rows.write(given, self.style) if kind != "record" else "".join(
            (rows.json_line(row) if self.style == "compact" else json.dumps(row)) + "\n" for row in given).encode()
        file = self.tool.write(f"{kind}-{len(self.commits)}.{rows.SUFFIX[self.style]}", data)
        flags = {"sync": ["--sync", file], "update": ["--update", file, "--key", "id"], "record": ["--update", file]}
        done = self.tool.json("commit", *flags.get(kind, [file]), "-m", message)
        counts = self.versions.apply("add" if kind == "first" else kind, given, done["batches"], self.tool.now)
        found = {name: done[name] for name in ("added", "edited", "removed", "records", "unchanged")}
        self.report.equal(self.name(f"{kind} changes what the sets say"), found, counts)
        if done["commit"] is None:
            return
        self.commits.append({
            "id": done["commit"], "snapshot": done["snapshot"], "author": "%s <%s>" % self.tool.author,
            "time": self.tool.now, "message": message, "state": self.versions.state()})
        self.files.append((data, self.versions.rows(), kind))
        root = objects.tree_root(self.versions.entries())
        self.report.equal(self.name(f"{kind} has the snapshot root computed here"), done["snapshot"], root)
        if self.random.random() < 0.5:
            name = f"v{len(self.commits)}/x-{kind}"
            self.tool.output(*self.random.choice((["tag", name], ["branch", name])))
            self.names[name] = done["commit"]

    # What must hold of it.

    def checks(self):
        return [
            self.check_log, self.check_show, self.check_names, self.check_differences, self.check_files, self.check_operations,
            self.check_pick]

    def check_log(self):
        self.report.equal(self.name("git fsck --strict finds nothing"), self.tool.git("fsck", "--strict").strip(), b"")
        log = self.tool.json("log")["commits"]
        ours = [(c["commit"], c["parents"], c["author"], c["time"], c["message"]) for c in log]
        made = [(c["id"], c["author"], c["message"]) for c in reversed(self.commits)]
        self.report.equal(self.name("log is what was committed"), [(i, a, m) for i, _, a, _, m in ours], made)
        form = "--format=%H%x00%P%x00%an <%ae>%x00%ad%x00%B%x01"
        text = self.tool.git("log", "--topo-order", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", form, "HEAD").decode()
        theirs = []
        for entry in text.split("\x01")[:-1]:
            commit, parents, author, time, message = entry.lstrip("\n").split("\0")
            theirs.append((commit, parents.split(), author, time, message.rstrip("\n")))
        self.report.equal(self.name("git log says the same as log"), theirs, ours)

    def check_pick(self):
        """A change taken over from a branch keeps its author, and whoever takes it over is the committer."""
        tool = self.tool
        record, row = self.versions.items()[0]
        tool.output("switch", "--create", "picked")
        tool.author = AUTHORS[0]
        tool.write("pick.jsonl", (json.dumps({"record": record, **row, "output": "taken over"}) + "\n").encode())
        tool.output("commit", "--update", "pick.jsonl", "-m", "Naïve “pick”")
        written = tool.json("show", "picked")
        tool.output("switch", "main")
        tool.author = AUTHORS[1]
        tool.json("cherry-pick", "picked")
        shown = tool.json("show", "HEAD")
        form = "--format=%an <%ae>%x00%ad%x00%cn <%ce>%x00%cd"
        line = tool.git("log", "-n", "1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", form, "HEAD").decode().rstrip("\n")
        said = [shown[name] for name in ("author", "time", "committer", "committed")]
        self.report.equal(self.name("git log says of a cherry-pick what show says"), line.split("\0"), said)
        self.report.equal(
            self.name("the author and time are those of the picked commit, the committer whoever picked"), said[:3],
            [written["author"], written["time"], "%s <%s>" % AUTHORS[1]])
        self.report.equal(self.name("git fsck --strict finds nothing afterwards"), tool.git("fsck", "--strict").strip(), b"")

    def check_show(self):
        agree = True
        for parent, commit in zip([None, *self.commits], self.commits):
            shown = self.tool.json("show", commit["id"])
            data = self.tool.git("show", commit["id"] + ":dataset.json")
            dataset = canonical.decode(data)
            batches = [
                (objects.batch_key(time, batch), batch, objects.batch_key(time, batch))
                for batch, time in commit["state"].batches]
            changes = {"added": len(commit["state"].records), "edited": 0, "removed": 0}
            if parent:
                found = parent["state"].difference(commit["state"]).values()
                changes = {kind: sum(change[0] == kind for change in found) for kind in changes}
            expected = {
                "schema": "mdata.dataset/v1", "snapshot": commit["snapshot"], "records": len(commit["state"].records),
                "batches": objects.tree_root(batches), "batch_count": len(batches), "changes": changes}
            agree &= (shown["snapshot"], shown["records"]) == (dataset["snapshot"], dataset["records"])
            agree &= canonical.encode(dataset) == data and dataset == expected
            agree &= [batch for batch, _ in commit["state"].batches] == [self.versions.full(b["batch"]) for b in shown["batches"]]
        self.report.check(self.name("git show REV:dataset.json says the same as show, with the roots computed here"), agree)

    def check_names(self):
        lines = self.tool.git("for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines()
        theirs = dict(line.rsplit(" ", 1) for line in lines)
        ours = {"refs/tags/" + tag["name"]: tag["commit"] for tag in self.tool.json("tag")["tags"]}
        branches = self.tool.json("branch")["branches"]
        ours.update({"refs/heads/" + branch["name"]: branch["commit"] for branch in branches})
        self.report.equal(self.name("git's references are the branches and tags"), theirs, ours)
        short = {name.split("/", 2)[2]: commit for name, commit in theirs.items()}
        self.report.equal(self.name("and those that were made"), short, {**self.names, "main": self.commits[-1]["id"]})
        current = self.tool.git("symbolic-ref", "HEAD").decode().strip()
        self.report.equal(
            self.name("git's HEAD is the current branch"), [current], ["refs/heads/" + b["name"] for b in branches if b["current"]])

    def check_differences(self):
        wrong = []
        for first, old in enumerate(self.commits):
            for second, new in enumerate(self.commits):
                document = self.tool.json("diff", old["id"], new["id"])
                found = self.versions.changes(document["records"])
                expected = old["state"].difference(new["state"])
                counts = {kind: sum(change[0] == kind for change in expected.values()) for kind in ("added", "edited", "removed")}
                said = {kind: document[kind] for kind in counts}
                if found != expected or said != counts or len(found) != len(document["records"]):
                    wrong.append(f"{first}..{second}: {said} for {counts}; {differences(found, expected, 1)}")
        self.report.check(self.name(f"all {len(self.commits) ** 2} differences are those of the sets"), not wrong, " | ".join(wrong[:2]))

    def check_files(self):
        wrong = []
        for place, (commit, (data, content, kind)) in enumerate(zip(self.commits, self.files)):
            self.tool.output("checkout", commit["id"], "-o", "out")
            expected = data if kind == "first" else rows.write(content, self.style)
            out = self.tool.read("out")
            if out != expected:
                at = next((i for i, (a, b) in enumerate(zip(out, expected)) if a != b), min(len(out), len(expected)))
                wrong.append(f"version {place} ({kind}) at byte {at}: {out[at - 40:at + 40]!r} for {expected[at - 40:at + 40]!r}")
        self.report.check(self.name("every checkout is the file, byte for byte"), not wrong, " | ".join(wrong[:2]))

    def check_operations(self):
        folder = os.path.join(self.tool.folder, ".mdata", "operations")
        parent, state, holds = None, {}, True
        groups = sorted(os.listdir(folder))
        names = [(group, name) for group in groups for name in sorted(os.listdir(os.path.join(folder, group)))]
        for number, (group, name) in enumerate(names, 1):
            data = self.tool.read(".mdata", "operations", group, name)
            digest = hashlib.sha256(data).hexdigest()
            operation = canonical.decode(data)
            holds &= group == f"{number // 100:08}" and name == f"{number:010}-{digest[:16]}.json"
            holds &= operation["parent"] == parent
            holds &= all(state.get(ref) == value for ref, value in operation["before"].items())
            for ref in operation["before"]:
                del state[ref]
            state.update(operation["after"])
            parent = digest
        lines = self.tool.git("for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines()
        self.report.check(self.name("the operations are a chain that leads to git's references"), holds)
        self.report.equal(self.name("and end with them"), state, dict(line.rsplit(" ", 1) for line in lines))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    seed = sys.argv[2] if len(sys.argv) > 2 else "mdata"
    with Scratch() as scratch:
        if shutil.which("git") is None:
            report.skip("histories", "there is no git to compare with")
        else:
            for number in range(HISTORIES):
                history = History(report, Repository(tool, scratch.folder(f"history-{number}")), number, seed)
                if report.group(history.name("is made"), history.build):
                    for check in history.checks():
                        report.group(history.name(check.__name__), check)
        report.group("portable", portable.check, report, tool, scratch)
    report.close()


main()
