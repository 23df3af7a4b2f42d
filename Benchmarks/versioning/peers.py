"""One operation of one peer that is a Python library. usage: peers.py TOOL OPERATION DATA FOLDER

Prints the seconds of the operation itself: neither Python's start nor the import of the library nor, since these
libraries take rows and not files, the parsing of JSON counts, all of which counts for mdata and git. Runs in a process
of its own, so that no operation profits from another's memory.
"""
import json
import os
import shutil
import sys
import time

import data

COLUMNS = ("id", "instruction", "input", "output", "topic", "difficulty")


class Doltlite:
    """Rows in a version-controlled SQL table (prolly trees), through SQLite's interface."""

    def __init__(self, files, folder):
        import doltlite  # noqa: F401  (replaces the engine under sqlite3)
        import sqlite3

        self.files = files
        os.makedirs(folder, exist_ok=True)
        self.database = sqlite3.connect(os.path.join(folder, "rows.db"))
        self.database.isolation_level = None

    def rows(self, name):
        return [tuple(row[column] for column in COLUMNS) for row in data.read(os.path.join(self.files, name))]

    def commit(self, rows, tag):
        def work():
            self.database.execute("begin")
            self.database.executemany("insert or replace into rows values (?, ?, ?, ?, ?, ?)", rows)
            self.database.execute("commit")
            self.database.execute("select dolt_commit('-A', '-m', ?)", (tag,)).fetchall()

        seconds = timed(work)
        self.database.execute("select dolt_tag(?)", (tag,)).fetchall()
        return seconds

    def importing(self):
        rows = self.rows("v1.jsonl")
        self.database.execute(
            "create table rows(id text primary key, instruction text, input text, output text, topic text,"
            " difficulty int)")
        return self.commit(rows, "v1")

    def batch(self):
        return self.commit(self.rows("batch.jsonl"), "v2")

    def edits(self):
        return self.commit(self.rows("edits.jsonl"), "v3")

    def diff(self):
        return timed(lambda: sum(1 for _ in self.database.execute("select * from dolt_diff_rows('v1', 'v3')")))

    def stat(self):
        return timed(lambda: self.database.execute("select * from dolt_diff_stat('v1', 'v3')").fetchall())

    def checkout(self):
        names = ", ".join(COLUMNS)

        def work():
            with open(os.path.join(self.files, "..", "work", "doltlite.jsonl"), "w", encoding="utf-8") as file:
                for row in self.database.execute(f"select {names} from dolt_at_rows('v1')"):
                    text = json.dumps(dict(zip(COLUMNS, row)), ensure_ascii=False, separators=(",", ":"))
                    file.write(text + "\n")

        return timed(work)

    def merging(self):
        """Two branches from v1 with what each brings, merged."""
        call = lambda sql, *values: self.database.execute(sql, values).fetchall()
        main = call("select active_branch()")[0][0]
        for side in data.SIDES:
            call("select dolt_branch(?, 'v1')", side)
            call("select dolt_checkout(?)", side)
            self.commit(self.rows(f"{side}.jsonl"), f"{side}-done")
        seconds = timed(lambda: call("select dolt_merge('left')"))
        count = call("select count(*) from rows")[0][0]
        expected = len(self.rows("v1.jsonl")) + len(data.SIDES) * data.ADDED
        if count != expected:
            raise SystemExit(f"the merge has {count} rows, not {expected}")
        call("select dolt_checkout(?)", main)
        return seconds

    def blame(self):
        record = data.read(os.path.join(self.files, "edits.jsonl"))[0]["id"]
        query = "select * from dolt_blame_rows where id = ?"
        return timed(lambda: self.database.execute(query, (record,)).fetchall())


class Lance:
    """Rows in a versioned columnar format, with stable row ids so that versions can be compared by row."""

    def __init__(self, files, folder):
        import lance
        import pyarrow

        self.lance, self.arrow, self.files, self.folder = lance, pyarrow, files, folder

    def table(self, name):
        return self.arrow.Table.from_pylist(data.read(os.path.join(self.files, name)))

    def tag(self, name):
        dataset = self.lance.dataset(self.folder)
        dataset.tags.create(name, dataset.version)

    def importing(self):
        table = self.table("v1.jsonl")
        seconds = timed(lambda: self.lance.write_dataset(table, self.folder, enable_stable_row_ids=True))
        self.tag("v1")
        return seconds

    def batch(self):
        table = self.table("batch.jsonl")
        seconds = timed(lambda: self.lance.write_dataset(table, self.folder, mode="append"))
        self.tag("v2")
        return seconds

    def edits(self):
        table = self.table("edits.jsonl")
        merge = self.lance.dataset(self.folder).merge_insert("id").when_matched_update_all()
        seconds = timed(lambda: merge.execute(table))
        self.tag("v3")
        return seconds

    def diff(self):
        def work():
            old = self.lance.dataset(self.folder, version="v1").version
            delta = self.lance.dataset(self.folder, version="v3").delta(compared_against=old)
            delta.get_inserted_rows().read_all()
            delta.get_updated_rows().read_all()

        return timed(work)

    def checkout(self):
        """Into memory: Lance writes no rows of text."""
        return timed(lambda: self.lance.dataset(self.folder, version="v1").to_table())


class Oxen:
    """Whole files, deduplicated by content."""

    def __init__(self, files, folder):
        from oxen import Repo
        from oxen.user import config_user

        try:
            config_user("bench", "bench@localhost")
        except Exception:
            pass
        self.files, self.folder = files, folder
        os.makedirs(folder, exist_ok=True)
        self.repository = Repo(folder)

    def commit(self, name, tag):
        shutil.copy(os.path.join(self.files, name), os.path.join(self.folder, "rows.jsonl"))

        def work():
            self.repository.add(os.path.join(self.folder, "rows.jsonl"))
            self.repository.commit(tag)

        seconds = timed(work)
        main = self.repository.current_branch
        self.repository.checkout(tag, create=True)
        self.repository.checkout("main" if main is None else getattr(main, "name", "main"))
        return seconds

    def importing(self):
        self.repository.init()
        return self.commit("v1.jsonl", "v1")

    def batch(self):
        return self.commit("v2.jsonl", "v2")

    def edits(self):
        return self.commit("v3.jsonl", "v3")

    def checkout(self):
        return timed(lambda: self.repository.checkout("v1"))


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main():
    tool, operation, files, folder = sys.argv[1:]
    peer = {"doltlite": Doltlite, "lance": Lance, "oxen": Oxen}[tool](files, folder)
    print(getattr(peer, operation)())


main()
