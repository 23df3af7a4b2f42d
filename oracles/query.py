#!/usr/bin/env python3
"""Holds `mdata query` and `mdata search` against Python's own SQLite: `query.py BINARIES [SEED]`.

BINARIES is the folder that holds the mdata to be checked. The rows of the fixtures and of a made history are put into
tables of Python's sqlite3, with the ids that mdata gave them; random questions must have the same answers in both, at
every version, and full text search must find what an FTS5 table of the same texts finds. Prints a line a check; exits 1
when one fails.
"""

import json
import os
import random
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from reference import rows  # noqa: E402
from verbs.report import Report, short  # noqa: E402
from verbs.session import PROVENANCE, fixture  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

QUESTIONS = 120
SEARCHES = 80
FIELDS = ("instruction", "input", "output", "system")
OWN = ("teacher", "license", "seeds", "prompts")


class Versions:
    """A repository and, for each of its versions, the rows that must be in it, by record id and in their order."""

    def __init__(self, tool):
        self.tool = tool
        self.tool.output("init")
        self.rows = {}
        self.records = {}

    def commit(self, name, new, *arguments, style="compact"):
        """Imports rows; their ids are the batch and the number of the row."""
        data = new if isinstance(new, bytes) else rows.write(new, style)
        values = [json.loads(line) for line in data.decode().splitlines()] if isinstance(new, bytes) else new
        self.tool.write(name, data)
        done = self.tool.json("commit", name, "-m", name, *arguments)
        batch = self.full(done["batches"][0]["batch"])
        for number, value in enumerate(values, 1):
            self.records[f"{batch[:24]}:{number}"] = (batch, number, value, False)
        return self.keep(done)

    def edit(self, name, changed):
        """Changes rows by their column `id`; a column that is not given stays."""
        self.tool.write(name, rows.write(changed, "compact"))
        done = self.tool.json("commit", "--update", name, "--key", "id", "-m", name)
        wanted = {row["id"]: row for row in changed}
        for record, (batch, number, value, edited) in self.records.items():
            new = wanted.get(value.get("id"))
            if new is not None:
                # The pair is replaced as a whole, the columns one by one.
                kept = {name: cell for name, cell in value.items() if name not in FIELDS}
                self.records[record] = (batch, number, {**kept, **new}, True)
        return self.keep(done)

    def full(self, batch):
        return self.tool.json("cat", batch)["id"]

    def keep(self, done):
        commit = done["commit"]["commit"] if isinstance(done["commit"], dict) else done["commit"]
        self.rows[commit] = dict(self.records)
        return commit

    def table(self, commit):
        """A database of Python's with the version's rows as the view `records` has them."""
        # The order of a checkout is that of the version's batches.
        order = {b["batch"]: place for place, b in enumerate(self.tool.json("query", "SELECT batch FROM batches", "--at", commit)["rows"])}
        found = sorted(self.rows[commit].items(), key=lambda item: (order[item[1][0]], item[1][1]))
        names = sorted({name for _, (_, _, value, _) in found for name in value if name not in FIELDS})
        database = sqlite3.connect(":memory:")
        quoted = ", ".join('"%s"' % name for name in names)
        database.execute(f"CREATE TABLE records(position, record, batch, row, instruction, input, output, edited, columns{', ' + quoted if names else ''})")
        for position, (record, (batch, number, value, edited)) in enumerate(found, 1):
            _, columns = rows.alpaca(value)
            given = value.get("input")
            cells = [cell(columns.get(name)) for name in names]
            database.execute(
                f"INSERT INTO records VALUES ({', '.join('?' * (9 + len(names)))})",
                [position, record, batch, number, value["instruction"], None if rows.is_absent(given) else given, value["output"],
                 int(edited), json.dumps(columns, ensure_ascii=False), *cells])
        database.execute("CREATE TABLE origins AS SELECT record, e.key AS column, CASE e.type WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE e.value END AS value FROM records, json_each(records.columns) AS e")
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(instruction, input, output, tokenize='unicode61 remove_diacritics 2')")
        database.execute("INSERT INTO texts(rowid, instruction, input, output) SELECT position, instruction, input, output FROM records")
        return database, names


def cell(value):
    """A JSON value as SQLite's `->>` gives it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


class Questions:
    """Random questions about `records` and `origins` whose answers have one order."""

    def __init__(self, random, database, names):
        self.random = random
        self.database = database
        # A column with the name of one of the view's own is that one in mdata.
        self.names = [name for name in names if name not in OWN]
        self.columns = ["position", "record", "batch", "row", "instruction", "input", "output", "edited", *self.names]

    def value(self, column):
        """A value that the column has somewhere, as SQL writes it."""
        (count,) = self.database.execute("SELECT count(*) FROM records").fetchone()
        place = self.random.randrange(count)
        return self.database.execute(f'SELECT quote("{column}") FROM records WHERE position = ?', [place + 1]).fetchone()[0]

    def term(self, alias="r"):
        choose = self.random.choice
        column = choose(self.columns)
        name = f'{alias}."{column}"'
        kind = self.random.randrange(7)
        if kind == 0:
            return f"{name} {choose(('=', '<>', 'IS', 'IS NOT'))} {self.value(column)}"
        if kind == 1 and column not in ("record", "batch"):
            return f"{name} {choose(('<', '<=', '>', '>='))} {self.value(column)}"
        if kind == 2:
            return f"{name} IN ({self.value(column)}, {self.value(column)}, {self.value(column)})"
        if kind == 3:
            low, high = sorted((self.random.randrange(-3, 320), self.random.randrange(-3, 320)))
            return f"{alias}.position BETWEEN {low} AND {high}"
        if kind == 4:
            return f"{alias}.output LIKE '%{choose('aeiou')}{choose('rstn')}%'"
        if kind == 5:
            return f"length({name}) {choose(('<', '>'))} {self.random.randrange(60)}"
        return f"{name} IS {choose(('NULL', 'NOT NULL'))}"

    def condition(self, alias="r"):
        terms = [f"NOT ({self.term(alias)})" if self.random.random() < 0.15 else self.term(alias) for _ in range(self.random.randint(1, 3))]
        return f" {self.random.choice(('AND', 'OR'))} ".join(terms)

    def question(self):
        kind = self.random.randrange(6)
        column = self.random.choice(self.columns)
        other = self.random.choice(self.names or ["row"])
        if kind == 0:
            return f'SELECT count(*), count("{column}"), count(DISTINCT "{column}"), sum(row), max(position) FROM records r WHERE {self.condition()}'
        if kind == 1:
            return f'SELECT "{other}" AS value, count(*), min(position), total(length(output)) FROM records r WHERE {self.condition()} GROUP BY 1 ORDER BY 1, 3'
        if kind == 2:
            return f'SELECT position, record, "{column}", "{other}" FROM records r WHERE {self.condition()} ORDER BY position {self.random.choice(("", "DESC"))} LIMIT {self.random.randint(1, 30)} OFFSET {self.random.randrange(9)}'
        if kind == 3:
            return f'SELECT a.position, b.position, a."{column}" FROM records a JOIN records b ON a."{other}" = b."{other}" AND b.position < 40 WHERE {self.condition("a")} ORDER BY 1, 2 LIMIT 50'
        if kind == 4:
            return f'SELECT o.column, count(*), count(DISTINCT o.value), min(r.position) FROM origins o JOIN records r USING (record) WHERE {self.condition()} GROUP BY 1 ORDER BY 1'
        return f"SELECT column, value, count(*) FROM origins WHERE column {self.random.choice(('=', '<>', '>'))} '{other}' GROUP BY 1, 2 ORDER BY 1, 2, 3"


def ask(tool, question, commit):
    document = tool.json("query", question, "--at", commit)
    return [tuple(row[name] for name in document["columns"]) for row in document["rows"]]


def check_questions(report, versions, random, label):
    wrong = []
    asked = 0
    answers = 0
    for commit in versions.rows:
        database, names = versions.table(commit)
        questions = Questions(random, database, names)
        for _ in range(QUESTIONS // len(versions.rows)):
            question = questions.question()
            expected = database.execute(question).fetchall()
            found = ask(versions.tool, question, commit)
            asked += 1
            answers += len(expected)
            if not same(found, expected):
                wrong.append(f"{question} at {commit[:8]}: found {short(found)}, expected {short(expected)}")
    report.check(f"{label}: {asked} questions have the answers of Python's SQLite ({answers} rows)", not wrong and answers > asked, " | ".join(wrong[:2]))


def same(found, expected):
    """Whether rows are equal; sums of reals may differ in the last digits."""
    def close(a, b):
        return abs(a - b) <= 1e-9 * max(1, abs(a)) if isinstance(a, float) or isinstance(b, float) else a == b
    return len(found) == len(expected) and all(
        len(a) == len(b) and all(type(x) in (int, float) and type(y) in (int, float) and close(x, y) or x == y for x, y in zip(a, b))
        for a, b in zip(found, expected))


def check_searches(report, versions, random, label):
    """The sets must be equal; the order is BM25 over all versions, so it is compared where there is one version only."""
    wrong, found_any = [], 0
    for commit in versions.rows:
        database, _ = versions.table(commit)
        texts = [text for row in database.execute("SELECT instruction, input, output FROM records") for text in row if text]
        for _ in range(SEARCHES // len(versions.rows)):
            words, match = search(random, texts)
            wanted = {record for (record,) in database.execute(
                "SELECT record FROM records JOIN texts ON texts.rowid = position WHERE texts MATCH ?", [match])}
            document = versions.tool.json("search", words, "--at", commit, "-n", "10000")
            found = {record for hit in document["hits"] for record in hit["records"]}
            found_any += bool(wanted)
            if found != wanted or document["more"]:
                wrong.append(f"{words} at {commit[:8]}: found {short(sorted(found))}, expected {short(sorted(wanted))}")
    report.check(f"{label}: searches find what an FTS5 table of the same texts finds ({found_any} of them something)", not wrong and found_any > 20, " | ".join(wrong[:2]))


def search(random, texts):
    """A search as mdata reads it and as FTS5 does."""
    def word():
        parts = [part for part in random.choice(texts).replace('"', " ").split() if any(c.isalnum() for c in part) and not set(part) & set("()*\0")]
        return random.choice(parts) if parts else "a"

    def term():
        kind = random.randrange(5)
        if kind == 0:
            phrase = " ".join(part for part in random.choice(texts).replace('"', " ").split()[:40] if not set(part) & set("*\0"))
            parts = phrase.split()
            if parts:
                begin = random.randrange(len(parts))
                phrase = " ".join(parts[begin:begin + random.randint(1, 4)])
                if any(c.isalnum() for c in phrase):
                    return f'"{phrase}"', f'"{phrase}"'
        if kind == 1:
            stem = "".join(c for c in word() if c.isalnum())[:3] or "a"
            return stem + "*", f'"{stem}" *'
        one = word()
        return ("x" + one, f'"x{one}"') if one in ("AND", "OR", "NOT") else (one, f'"{one}"')

    first, second, third = term(), term(), term()
    return random.choice([
        first,
        (f"{first[0]} {second[0]}", f"({first[1]}) AND ({second[1]})"),
        (f"{first[0]} OR {second[0]}", f"({first[1]}) OR ({second[1]})"),
        (f"{first[0]} NOT {second[0]}", f"({first[1]}) NOT ({second[1]})"),
        (f"({first[0]} OR {second[0]}) {third[0]}", f"(({first[1]}) OR ({second[1]})) AND ({third[1]})"),
        (f"{first[0]} {second[0]} OR {third[0]}", f"(({first[1]}) AND ({second[1]})) OR ({third[1]})"),
    ])


def check_order(report, tool):
    """With one version that holds every pair once, the order is that of FTS5's BM25."""
    versions = Versions(tool)
    commit = versions.commit("batch-1.jsonl", fixture("pairs", "batch-1.jsonl"))
    database, _ = versions.table(commit)
    wrong = []
    for words in ("blood pressure", "pain", "the", "doctor OR nurse", "medicine NOT dose"):
        match = words if "OR" in words or "NOT" in words else " AND ".join(words.split())
        wanted = [record for (record,) in database.execute(
            "SELECT record FROM texts JOIN records ON position = texts.rowid WHERE texts MATCH ? ORDER BY round(bm25(texts), 9), position", [match])]
        found = [hit["records"][0] for hit in tool.json("search", words, "-n", "1000")["hits"]]
        scores = dict(database.execute("SELECT record, round(bm25(texts), 9) FROM texts JOIN records ON position = texts.rowid WHERE texts MATCH ?", [match]))
        if [scores.get(record) for record in found] != [scores.get(record) for record in wanted]:
            wrong.append(f"{words}: found {short(found)}, expected {short(wanted)}")
    report.check("fixtures: matches come in the order of BM25", not wrong, " | ".join(wrong))


def check_reasons(report, tool):
    """Of every task two answers in two spellings: a deduplication drops the second, and the view says so."""
    versions = Versions(tool)
    answers = ("yes", " YES", "no")
    before = versions.commit("twins.jsonl", [{"instruction": f"Task {n // 3}", "output": answers[n % 3]} for n in range(4500)])
    batch = next(iter(versions.records)).partition(":")[0]
    after = tool.json("dedup", "--keep", "first")["commit"]
    dropped = {f"{batch}:{3 * group + 2}": f"{batch}:{3 * group + 1}" for group in range(1500)}
    wanted = [(record, "drop", "normalised", kept, "dedup", after) for record, kept in dropped.items()]
    found = ask(tool, "SELECT record, decision, rule, other, verb, commit_id FROM reasons", after)
    report.equal("reasons: each dropped record is there with the one that stayed", found, wanted)
    report.equal("reasons: none before", ask(tool, "SELECT * FROM reasons", before), [])
    joined = ask(
        tool, "SELECT o.row, o.output, n.output FROM reasons d JOIN commits c USING (commit_id) "
        "JOIN records(c.parent_id) o ON o.record = d.record JOIN records n ON n.record = d.other "
        f"WHERE d.record IN ('{batch}:2', '{batch}:4499') OR d.other = '{batch}:2002'", after)
    report.equal("reasons: joined with the records of both versions", sorted(joined), [(2, " YES", "yes"), (2003, " YES", "yes"), (4499, " YES", "yes")])


def fixtures(tool):
    for name in ("medical-seeds.json",):
        tool.write(name, fixture("seeds", name))
    tool.write("answer.md", fixture("prompts", "answer.md"))
    versions = Versions(tool)
    versions.commit("batch-1.jsonl", fixture("pairs", "batch-1.jsonl"), *PROVENANCE)
    versions.commit("batch-2.jsonl", fixture("pairs", "batch-2.jsonl"))
    edited = [json.loads(line) for line in fixture("pairs", "batch-1.jsonl").decode().splitlines()[::17]]
    for number, row in enumerate(edited):
        row["output"] = f"Reworded {number}: " + row["output"][:40]
        row["difficulty"] = 9.5
    versions.edit("fix.jsonl", edited)
    return versions


def made(tool, random):
    versions = Versions(tool)
    for number, style in enumerate(("compact", "spaced", "array", "csv", "tsv")):
        new = [rows.make(random, 1_000 * number + row) for row in range(1, 81)]
        if style in ("csv", "tsv"):
            # A table has texts only, and its absent cells are empty texts.
            new = [{name: str(row.get(name, "")) for name in rows.COLUMNS} for row in new]
        versions.commit(f"made-{style}.{rows.SUFFIX[style]}", new, style=style)
        if number % 2 == 0:
            changed = [dict(row) for row in random.sample(new, 9)]
            for row in changed:
                row["output"] += " edited"
                row["topic"] = "kidney"
            versions.edit(f"edit-{style}.jsonl", changed)
    return versions


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    seed = sys.argv[2] if len(sys.argv) == 3 else "1"
    with Scratch() as scratch:
        for label in ("fixtures", "made"):
            chosen = random.Random(f"{label}-{seed}")
            repository = Repository(tool, scratch.folder(label))
            versions = report.group(label, fixtures if label == "fixtures" else lambda tool: made(tool, chosen), repository)
            if versions:
                report.group(label, check_questions, report, versions, chosen, label)
                report.group(label, check_searches, report, versions, chosen, label)
        report.group("order", check_order, report, Repository(tool, scratch.folder("order")))
        report.group("reasons", check_reasons, report, Repository(tool, scratch.folder("reasons")))
    report.close()


main()
