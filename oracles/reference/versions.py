"""A dataset's versions as dictionaries: what a commit of each kind does to them."""

import collections
import json
from dataclasses import dataclass, field

from . import objects
from .rows import alpaca


@dataclass
class State:
    """One version: record -> (row, origin record), and the batches in their order with the time of their commit."""

    records: dict = field(default_factory=dict)
    batches: list = field(default_factory=list)

    def difference(self, new):
        """What `diff` must say: record -> (change, old pair, old columns, new pair, new columns)."""
        changes = {}
        for record in self.records.keys() | new.records.keys():
            before, after = self.records.get(record), new.records.get(record)
            if before == after:
                continue
            kind = "added" if before is None else "removed" if after is None else "edited"
            changes[record] = (kind, *content(before), *content(after))
        return changes


def content(entry):
    if entry is None:
        return None, None
    value, columns = alpaca(entry[0])
    return objects.pair_id(value), columns


class Versions:
    """The dataset as commits change it. Where it is updated, rows have an `id` of their own."""

    def __init__(self, tool, as_text):
        self.tool = tool
        self.as_text = as_text
        self.records = {}
        self.batches = []
        self.known = {}

    def full(self, short):
        """The whole id of a batch."""
        if short not in self.known:
            self.known[short] = self.tool.json("cat", short)["id"]
        return self.known[short]

    def record(self, text):
        """The full id of a record, from a short one."""
        batch, row = text.split(":")
        return f"{self.full(batch)[:24]}:{row}"

    def state(self):
        return State(dict(self.records), list(self.batches))

    def entries(self):
        """The entries of the snapshot tree."""
        return [
            (objects.key(record), content((row, origin))[0], objects.key(origin))
            for record, (row, origin) in self.records.items()]

    def items(self):
        """Records with their rows, in the order of the exported file: batches as they came, rows as in the batch."""
        order = {batch[:24]: place for place, (batch, _) in enumerate(self.batches)}

        def place(item):
            batch, row = item[0].split(":")
            return order[batch], int(row)

        return [(record, row) for record, (row, _) in sorted(self.records.items(), key=place)]

    def rows(self):
        return [row for _, row in self.items()]

    def apply(self, kind, given, batches, time):
        """Does what a commit did; returns the counts it must have printed. `batches` are those it printed."""
        before = dict(self.records)
        given = [self.clean(row) for row in given]
        plan = {"add": self.added, "sync": self.synced, "update": self.updated, "record": self.updated}[kind](given)
        unchanged = len(given) - len(plan) if kind != "add" else 0
        if plan:
            (batch,) = batches
            whole = self.full(batch["batch"])
            if whole not in (known for known, _ in self.batches):
                self.batches.append((whole, time))
            for number, (record, row) in enumerate(plan, 1):
                origin = f"{whole[:24]}:{number}"
                self.records[record or origin] = (row, origin)
        return {
            "added": len(self.records.keys() - before.keys()),
            "removed": len(before.keys() - self.records.keys()),
            "edited": sum(before[record] != entry for record, entry in self.records.items() if record in before),
            "records": len(self.records), "unchanged": unchanged}

    def clean(self, row):
        """A row as it comes back: CSV has texts only."""
        row = {name: cell for name, cell in row.items() if name != "record"}
        return {name: str(cell) for name, cell in row.items()} if self.as_text else row

    # The rows that each kind of commit brings, with the record they replace; None for a new one.

    def added(self, given):
        return [(None, row) for row in given]

    def synced(self, given):
        """All rows first look for an equal record, then for one with the same pair, then for one with the same task.

        Each takes the first in the order of the dataset that is free; records that nobody takes are removed.
        """
        free, found = dict(self.items()), [None] * len(given)
        for part in (canonical_row, pair, task):
            waiting = collections.defaultdict(collections.deque)
            for record, row in free.items():
                waiting[part(row)].append(record)
            for place, row in enumerate(given):
                if found[place] is None and waiting[part(row)]:
                    found[place] = waiting[part(row)].popleft()
                    del free[found[place]]
        before = dict(self.records)
        for record in free:
            del self.records[record]
        return [
            (record, row) for record, row in zip(found, given)
            if record is None or canonical_row(before[record][0]) != canonical_row(row)]

    def updated(self, given):
        by_id = {row["id"]: record for record, (row, _) in self.records.items()}
        return [
            (by_id[row["id"]], row) for row in given
            if canonical_row(row) != canonical_row(self.records[by_id[row["id"]]][0])]

    def changes(self, records):
        """`diff --json`'s records in the form of :meth:`State.difference`."""
        found = {}
        for change in records:
            old, new = change.get("old"), change.get("new")
            found[self.record(change["record"])] = (
                change["change"], change.get("old_pair"), old and old["columns"], change.get("new_pair"), new and new["columns"])
        return found


def canonical_row(row):
    """What makes a row equal to another: its pair and its columns."""
    return json.dumps(alpaca(row), sort_keys=True)


def pair(row):
    return json.dumps(alpaca(row)[0], sort_keys=True)


def task(row):
    """The pair without its answer."""
    return json.dumps({name: part for name, part in alpaca(row)[0].items() if name != "output"}, sort_keys=True)
