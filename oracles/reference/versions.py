"""A dataset's versions as dictionaries: what a commit of each kind does to them."""

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
    """The dataset as commits change it. Rows have an `id` of their own and tasks that no other row has."""

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
        """Equal rows stay; a row with the pair or the task of a record edits it; records nobody names are removed."""
        by_row = {canonical_row(row): record for record, (row, _) in self.records.items()}
        by_task = {task(row): record for record, (row, _) in self.records.items()}
        plan, named = [], set()
        for row in given:
            record = by_row.get(canonical_row(row))
            if record is None:
                record = by_task.get(task(row))
                plan.append((record, row))
            named.add(record)
        self.records = {record: entry for record, entry in self.records.items() if record in named}
        return plan

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
    return tuple(sorted((name, cell) for name, cell in row.items()))


def task(row):
    return row["instruction"], row.get("input")
