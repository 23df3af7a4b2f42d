"""A session on the fixtures in which every verb runs, with its documents."""

import json
import os
import re
import shutil
import subprocess

from reference import canonical
from .schemas import FOLDER
from .tool import Repository

FIXTURES = os.path.join(os.path.dirname(FOLDER), "fixtures")
PROVENANCE = [
    "--column", "teacher=teacher", "--column", "seeds=seeds", "--column", "prompt=prompt", "--column", "license=license",
    "--column", "score.rouge_l=rouge_l", "--seed-file", "medical-seeds.json", "--prompt", "answer.md"]

# Documents of a verb that have a name of their own.
OTHER = {"blame": ("blame-list",), "dedup": ("dedup-minhash",), "model": ("model-info", "model-convert"), "runs": ("runs-show", "runs-compare"), "train": ("train-plan",)}


def fixture(*parts):
    with open(os.path.join(FIXTURES, *parts), "rb") as file:
        return file.read()


class Session:
    def __init__(self, binary, folder, schemas):
        self.tool = Repository(binary, folder)
        self.schemas = schemas
        self.documents = []

    def json(self, *arguments, exit=0):
        """Runs a verb with --json, keeps the document for the checks and returns it."""
        document = self.tool.json(*arguments, exit=exit)
        self.documents.append((arguments, document))
        return document

    def last(self, verb):
        return next(document for arguments, document in reversed(self.documents) if arguments[0] == verb)

    def document_names(self):
        """The names of all documents that there can be."""
        return {"error", *self.verbs(), *(name for names in OTHER.values() for name in names)}

    def verbs(self):
        """The verbs, as the tool's own help lists them."""
        text = self.tool.output("--help").decode()
        found = set()
        for block in re.findall(r"(?ms)^[A-Z][A-Z ,:'-]*:\n((?:  .*\n)+)", text):
            found |= {m for m in re.findall(r"(?m)^  ([a-z]+(?:-[a-z]+)*)\b(?! *,)", block)}
        return found - {"mdata", "help"}

    def run(self):
        for folder, name in (
            ("pairs", "batch-1.jsonl"), ("pairs", "batch-2.jsonl"), ("seeds", "medical-seeds.json"), ("prompts", "answer.md")):
            shutil.copyfile(os.path.join(FIXTURES, folder, name), os.path.join(self.tool.folder, name))
        self.json("init")
        self.json("init")
        self.json("status")
        self.json("add", "batch-1.jsonl", *PROVENANCE)
        self.json("status")
        self.first = self.json("commit", "-m", "First batch")
        self.json("tag", "v1")
        self.second = self.json("commit", "batch-2.jsonl", "-m", "Second batch\n\nWith a body: “naïve”.")
        self.json("branch", "cleaner", "v1")
        self.json("branch")
        self.edits()
        self.json("log")
        self.json("log", "v1", "-n", "1")
        self.signatures()
        for revision in ("HEAD", "v1", "HEAD~1"):
            self.json("show", revision)
        self.json("diff", "v1", "HEAD")
        self.json("diff", "HEAD", "v1")
        self.json("diff", "v1", "HEAD", "--stat")
        self.json("diff", "HEAD", "HEAD")
        self.differences()
        self.queries()
        self.json("pin", "v1")
        self.json("checkout", "v1", "-o", "v1.jsonl")
        self.json("checkout", "--locked", "-o", "locked.jsonl.gz")
        self.json("checkout", "v1", "-o", "all.json", "--format", "alpaca-json")
        self.json("audit")
        self.json("audit", "v1")
        self.json("audit", "v1", "--require", "teacher,license,column.topic", "--max-unlicensed", "1%", "--allow-license", "apache-2.0")
        self.json("card", "--by", "topic")
        self.json("card", "v1", "--name", "Fixtures", "--license", "Apache-2.0", "--language", "en", "-o", "CARD.md")
        self.subsets()
        self.json("model", "new", "tiny")
        self.json("model", "info", "tiny")
        self.json("model", "convert", "tiny", "tiny.gguf", "--type", "q8_0")
        self.json("model", "info", "tiny.gguf")
        self.json("model", "convert", "tiny.gguf", "unpacked")
        self.json("runs")
        train = ["--model", "tiny", "--steps", "3", "--batch", "2", "--seq-len", "96", "--lr", "1e-3", "--seed", "7", "--threads", "2"]
        self.json("train", "v1", *train, "--out", "trained", "--epochs", "1", "--template", "alpaca")
        self.json("train", "--locked", *train, "--out", "again")
        self.json("train", "v1", *train, "--out", "planned", "--dry-run")
        self.json("train", "v1", *train, "--out", "planned", "--dry-run", "--lora", "4", "--recompute", "--validation", "HEAD")
        self.json("train", "v1", *train, "--out", "adapted", "--lora", "4", "--lora-dropout", "0.1", "--validation", "v1", "--eval-every", "2")
        self.json("runs")
        self.json("runs", "--version", "v1")
        self.json("runs", "--record", "{batch}:{rows[0][0]}".format(**self.last("train")["seen"][0]))
        self.json("runs", "show", self.last("train")["run"][:12])
        self.json("runs", "show", "trained", "--no-verify")
        self.json("runs", "compare", "trained", "again")
        self.samples()
        self.blames()
        self.json("switch", "cleaner")
        self.json("switch", "--create", "other")
        self.json("status")
        self.json("switch", "main")
        self.json("branch", "--delete", "other")
        self.json("tag", "passing", "HEAD~1")
        self.json("tag", "--delete", "passing")
        self.json("tag")
        self.merges()
        self.duplicates()
        self.takingBack()
        return True

    def samples(self):
        """A prompt, and a file of prompts alone and together: the same lines, each as its schema says."""
        self.json("sample", "--model", "tiny.gguf", "-p", "A fever is", "-n", "8", "--temperature", "2")
        self.tool.write("prompts.jsonl", b'{"instruction":"Why?","input":"A cough","id":1}\n{"prompt":"How?","system":"Be brief."}\n')
        for name, batch in (("alone.jsonl", "1"), ("together.jsonl", "2")):
            self.json("sample", "--model", "tiny", "--input", "prompts.jsonl", "--out", name, "-n", "12", "--batch", batch)

    def takingBack(self):
        """Undo and redo of names, a staged file and a run; a state restored and that undone; collections."""
        for _ in range(2):
            self.json("undo")
        for _ in range(2):
            self.json("redo")
        self.tool.write("late.jsonl", b'{"instruction":"Late?","output":"Yes."}\n')
        self.json("add", "late.jsonl")
        self.json("undo")
        self.json("redo")
        self.json("undo")
        log = self.json("op", "log")["operations"]
        self.json("op", "log", "-n", "1")
        trained = next(operation for operation in log if operation["verb"] == "train")
        self.json("op", "restore", str(trained["number"] - 1))
        self.json("op", "restore", str(trained["number"] - 1))
        self.json("undo")
        self.json("gc", "--dry-run")
        self.json("gc", "--dry-run", "--aggressive", "--grace", "0")
        self.json("gc")
        self.json("gc", "--aggressive")
        self.json("fsck")
        self.json("fsck", "--repair", "--dry-run")
        self.json("fsck", "--repair")
        self.json("reindex")

    def merges(self):
        """Two branches with an edit of the same answer, an answer each to a new task, and the same pair on both."""
        batch = self.first["batches"][0]["batch"]

        def branch(name, answer):
            self.tool.output("switch", name)
            row = {"record": f"{batch}:7", "instruction": "Say it.", "output": answer}
            self.tool.write("both.jsonl", json.dumps(row).encode() + b"\n")
            self.tool.output("commit", "--update", "both.jsonl", "-m", f"{answer} edited")
            rows = [{"instruction": "New?", "output": answer}, {"instruction": "Same?", "output": "Same.", "by": name}]
            self.tool.write(f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
            self.tool.output("commit", f"{name}.jsonl", "-m", f"{answer} added")

        for name in ("left", "right"):
            self.tool.output("branch", name, "main")
        branch("left", "Left")
        branch("right", "Right")
        self.tool.output("switch", "left")
        self.json("merge", "right", "--dry-run", exit=1)
        self.json("merge", "main")
        self.json("merge", "right", exit=1)
        self.json("status")
        self.json("conflicts")
        self.json("resolve", f"{batch}:7", "--theirs")
        self.json("resolve", "--all", "--both")
        self.json("merge", "--continue")
        self.json("undo")
        self.json("merge", "--abort")
        self.merged = self.json("merge", "right", "--ours")
        self.json("switch", "right")
        self.json("merge", "left")
        self.json("cherry-pick", "right~1", "--dry-run")
        self.json("revert", "HEAD~1", "--theirs")
        self.json("undo")
        self.tool.write("left.patch", self.tool.output("diff", "main", "left", "--patch"))
        self.json("apply", "left.patch", "--dry-run")
        self.json("apply", "left.patch", "--reverse", "--theirs")
        self.json("undo")
        twin = self.merged["duplicates"][0]
        self.twins = [self.json("blame", twin["kept"]), self.json("blame", twin["dropped"])]

    def duplicates(self):
        """The same pairs and nearly the same ones, on a branch of their own."""
        rows = [{"instruction": "Twice?", "output": "Yes."}, {"instruction": "twice? ", "output": "YES."}]
        self.tool.write("twice.jsonl", "".join(json.dumps(row) + "\n" for row in rows + rows[:1]).encode())
        self.tool.output("commit", "twice.jsonl", "-m", "Twice")
        self.json("dedup", "--exact", "--dry-run")
        self.json("dedup", "--field", "instruction", "--keep", "longest", "--dry-run")
        self.json("dedup", "--near", "0.5", "--ngram", "2", "--similarity", "dice", "--dry-run")
        self.json("dedup", "twice.jsonl", "--near", "0.5")
        self.signed = self.json("dedup", "--minhash", "signatures.jsonl", "--permutations", "8")
        self.json("filter", "--rouge-l", "0.7", "--rule", "all", "--against", "twice.jsonl", "--dry-run")
        self.filtered = self.json("filter", "twice.jsonl", "--rouge-l", "0.7", "--policy", "isolated", "--nearest", "--report", "decisions.jsonl")
        rules = ['{"rule":"sql","name":"odd","severity":"flag","where":"row % 2 = 1"}', '{"rule":"pattern","name":"twice","pattern":"(?i)twice[?]"}']
        self.tool.write("clean.yaml", json.dumps({"filters": {"rouge_l": 0.9, "rules": [json.loads(rule) for rule in rules]}}).encode())
        self.ruled = self.json("filter", "--rule", rules[0], "--rule", rules[1], "--drop-where", "length(output) > 2000", "--dry-run")
        self.recipe = self.json("filter", "--recipe", "clean.yaml", "--dry-run")
        self.json("decontaminate", "--against", "twice.jsonl", "--shortest", "1", "--rouge-l", "0.5")
        self.scores()
        self.dropped = self.json("dedup", "--report", "dropped.jsonl")
        self.json("dedup")
        self.json("log", "--dropped", "-n", "1")
        self.json("blame", self.dropped["drops"][-1]["dropped"])
        self.json("why", self.dropped["drops"][-1]["dropped"])
        self.json("why", self.dropped["drops"][-1]["kept"])
        self.json("switch", "main")

    def scores(self):
        """Numbers of a file and of a query, planned, given, and given again."""
        records = [row["record"] for row in self.json("query", "SELECT record FROM records", "--limit-rows", "3")["rows"]]
        rows = [{"record": record, "grade": grade} for record, grade in zip(records, (1, 2.5, None))]
        self.tool.write("grades.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
        self.json("score", "--from", "grades.jsonl", "--dry-run")
        self.json("score", "--from", "grades.jsonl")
        self.json("score", "--from", "grades.jsonl")
        self.json("score", "--sql", f"SELECT record, length(output) AS length FROM records WHERE record = '{records[0]}'")
        self.scored = (self.json("blame", records[0]), self.json("why", records[0]), self.json("blame", records[1]))

    def edits(self):
        """One row by key, one by record id, and the whole dataset with a row gone, one new and one changed."""
        lines = fixture("pairs", "batch-1.jsonl").decode().splitlines()
        row = json.loads(lines[2])
        row["output"] = "In short: " + row["output"]
        self.tool.write("fix.jsonl", json.dumps(row).encode() + b"\n")
        self.json("commit", "--update", "fix.jsonl", "--key", "id", "-m", "One answer reworded", "--dry-run")
        self.json("commit", "--update", "fix.jsonl", "--key", "id", "-m", "One answer reworded")
        self.json("commit", "--update", "fix.jsonl", "--key", "id", "-m", "Nothing new")
        row = json.loads(lines[4])
        row["record"] = self.first["batches"][0]["batch"] + ":5"
        row["topic"] = "another topic"
        self.tool.write("fix2.jsonl", json.dumps(row).encode() + b"\n")
        self.json("commit", "--update", "fix2.jsonl", "-m", "One column by record id")
        self.tool.output("checkout", "HEAD", "-o", "edited.jsonl")
        lines = self.tool.read("edited.jsonl").decode().splitlines()
        del lines[9]
        lines.append(json.dumps({"instruction": "Name a bone.", "output": "The femur.", "topic": "bones"}))
        self.tool.write("edited.jsonl", ("\n".join(lines) + "\n").encode())
        self.json("commit", "--sync", "edited.jsonl", "-m", "One removed, one new")
        # A column may have the name of a field: no checkout has room for it beside rows with an input.
        self.tool.write("odd.jsonl", b'{"question":"Why?","instruction":"a column","output":"So.","columns":{"a":[1,null]}}\n')
        self.json("commit", "odd.jsonl", "--map", "instruction=question", "-m", "A column named like a field")

    def signatures(self):
        """An annotated tag, and a version and a tag that are signed with a key made for it."""
        self.json("tag", "noted", "v1", "-m", "As it was\n\nfirst published")
        self.json("show", "noted")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key"], cwd=self.tool.folder, check=True)
        self.tool.write("signers", b"oracle@example.org " + self.tool.read("key.pub"))
        self.tool.write(
            ".gitconfig",
            b"[gpg]\n  format = ssh\n[gpg \"ssh\"]\n  allowedSignersFile = ~/signers\n[user]\n  signingKey = ~/key.pub\n")
        self.json("tag", "signed", "--sign", "-m", "Signed")
        self.json("switch", "--create", "signing")
        self.tool.write("signed.jsonl", b'{"instruction":"Sign.","output":"Signed."}\n')
        self.json("commit", "signed.jsonl", "-m", "Signed", "--sign")
        self.json("verify-commit", "HEAD")
        self.json("verify-tag", "signed")
        self.json("show", "signed", "--show-signature")
        self.json("log", "-n", "2", "--show-signature")
        self.json("switch", "main")

    def subsets(self):
        """Parts and selections, on branches of their own, planned and made."""
        shares = ["--train", "0.8", "--validation", "10%", "--test", "0.1"]
        self.json("split", "v1", *shares, "--dry-run")
        self.json("split", "v1", *shares, "--seed", "7")
        self.json("split", "HEAD", "--train", "0.5", "--test", "0.5", "--by", "topic", "--name", "by-topic")
        self.json("select", "v1", "--where", "difficulty >= 3", "--branch", "hard")
        self.json("select", "--sample", "40", "--stratify", "topic", "--dry-run")
        self.json("select", "--balance", "topic", "--max", "2", "--seed", "3", "--branch", "even", "-m", "Two of each")
        self.json("select", "--where", "1")
        easy = self.json("query", "SELECT record FROM records WHERE difficulty < 3 LIMIT 1", "--at", "v1")["rows"][0]
        self.left_out = self.json("why", easy["record"], "hard")
        # Taken back, so that the commits of a record are those of the branches that the checks know of.
        for _ in range(4):
            self.json("undo")

    def differences(self):
        """Ranges, filters, counts and distributions of a diff, pages, and one record's history."""
        first = self.first["batches"][0]["batch"]
        self.json("log", "v1..HEAD")
        self.json("log", "HEAD...v1", "-n", "2")
        for record in (f"{first}:3", f"{first}:5", f"{first}:10", f"{first}:200"):
            self.json("log", "--record", record)
        self.json("log", "--record", f"{first}:3", "v1..HEAD")
        self.json("diff", "v1..HEAD", "--only", "edited,removed")
        self.json("diff", "v1...HEAD", "-n", "1")
        self.json("diff", "v1", "--field", "output")
        self.json("diff", "v1", "--with", "topic=another topic", "--with", f"batch={first}")
        for facet in ("batch", "file", "teacher", "license", "topic", "nothing"):
            self.json("diff", "v1", "--stat", "--by", facet)
        self.json("diff", "v1", "--summary")
        self.json("diff", "HEAD", "v1", "--summary", "--stat", "--by", "topic", "--only", "edited")
        self.json("diff", "HEAD", "HEAD", "--summary")
        self.json("diff", "v1", "--html", "report.html")
        self.json("diff", "v1", "--html", "short.html", "-n", "2", "--stat", "--by", "teacher", "--summary")

    def queries(self):
        for view in ("records", "pairs", "batches", "origins", "scores", "commits", "runs", "seen", "diff('v1')"):
            self.json("query", f"SELECT * FROM {view}")
        self.json("query", "SELECT 9223372036854775807, 0.5, NULL, x'00ff', 9e999, 'a', 'a'")
        self.json("query", "SELECT record FROM records('v1')", "--limit-rows", "3")
        self.json("search", "blood", "pressure")
        self.json("search", "zygote", "--at", "v1")
        self.json("search", "pain OR fever", "--field", "output", "-n", "2")

    def blames(self):
        first = self.first["batches"][0]["batch"]
        self.edited = self.json("blame", first + ":3")
        self.json("blame", first + ":10", "v1")
        for row in (1, 5, 200):
            self.json("blame", f"{first}:{row}")
        seen = self.last("train")["seen"][0]
        self.used = self.json("blame", f"{seen['batch']}:{seen['rows'][0][0]}", "v1")
        self.json("cat", first + ":1")
        self.json("blame", self.edited["pair"])
        self.json("blame", "--text", "blood pressure", "v1")
        self.tool.output("checkout", "v1", "-o", "blamed.jsonl")
        lines = self.tool.read("blamed.jsonl").decode().splitlines()
        row = json.loads(lines[6])
        lines[6] = json.dumps({**row, "output": "Something else."})
        lines.append(json.dumps({"instruction": "Not there.", "output": "Nowhere."}))
        self.tool.write("blamed.jsonl", ("\n".join(lines) + "\n").encode())
        self.blamed = self.json("blame", "blamed.jsonl", "v1")
        self.json("blame", "blamed.jsonl", "--line", "7-8")
        self.json("why", first + ":10")
        self.json("why", first + ":3")

    def check(self, report, _):
        """The documents of the session, and the files it left."""
        problems = []
        for arguments, document in self.documents:
            verb = arguments[0]
            name = str(document.get("schema")).removeprefix("mdata.").removesuffix("/v1")
            problem = self.schemas.problem("output/" + name, document)
            if problem or name not in (verb, *OTHER.get(verb, ())):
                problems.append(f"mdata {' '.join(arguments)}: {problem or document.get('schema')}")
        report.check(f"all {len(self.documents)} documents are of their schemas", not problems, " | ".join(problems[:4]))
        lines = [canonical.decode(line) for line in self.tool.read("left.patch").splitlines()]
        problems = [problem for problem in (self.schemas.problem("patch-line", line) for line in lines) if problem]
        report.check("a patch's lines are of their schema", not problems and len(lines) > 3, str(problems[:2]))
        matches = [row["match"] for row in self.blamed["rows"]]
        report.equal(
            "blame of an edited file finds every row",
            (matches[6], matches[-1], set(matches[:6] + matches[7:-1])), ("edited", "absent", {"same"}))
        report.equal(
            "why of a record that a selection left out has the condition", self.left_out["choice"]["settings"].get("where"),
            "difficulty >= 3")
        lines = [canonical.decode(line) for line in self.tool.read("dropped.jsonl").splitlines()]
        report.equal("dedup --report has a line a dropped record", lines, self.dropped["drops"])
        lines = [canonical.decode(line) for line in self.tool.read("signatures.jsonl").splitlines()]
        problems = [problem for problem in (self.schemas.problem("minhash-line", line) for line in lines) if problem]
        report.check("signatures are of their schema, one a record", not problems and len(lines) == self.signed["records"], str(problems[:2]))
        lines = [canonical.decode(line) for line in self.tool.read("decisions.jsonl").splitlines()]
        report.equal("filter --report has a line a row", [line["row"] for line in lines], [1, 2, 3])
        report.equal("and those that go are the document's", [line for line in lines if line["decision"] == "drop"], self.filtered["drops"])
        kept, dropped = self.twins
        report.equal(
            "blame tells of a twin where it came from", [(d["decision"], d["origin"]["file"]) for d in kept["decisions"]],
            [("drop", "right.jsonl")])
        report.equal("and of the one that was dropped, for which", [d["other"] for d in dropped["decisions"]], [kept["record"]])
        report.equal("rules have the names that the user gave them", (self.ruled["rules"].get("twice"), "odd" in self.ruled["flags"]), (3, True))
        report.equal("a recipe's filters are those rules too", self.recipe["rules"].get("twice"), 3)
        asked, why, read = self.scored
        report.equal("blame tells of a score which query it came from", asked["edit"]["query"], why["edit"]["query"])
        report.equal("and of another one which line of which file", (read["edit"]["file"], read["edit"]["line"]), ("grades.jsonl", 2))
        report.equal("a score that another edit does not mention stays", asked["edit"]["scores"]["grade"], 1)
        report.equal("metrics.jsonl has a line a step", *metrics(self.tool))
        lock = canonical.decode(self.tool.read("mdata.lock"))
        self.schemas.check("mdata.lock is of its schema", "lock", lock)
        report.equal("checkout of the first version gives the imported bytes", self.tool.read("v1.jsonl"), fixture("pairs", "batch-1.jsonl"))


def metrics(tool):
    steps = [canonical.decode(line) for line in tool.read("trained", "metrics.jsonl").splitlines()]
    wanted = {"step": int, "loss": (int, float), "tokens": int, "tokens_per_second": (int, float)}
    held = [step["step"] for step in steps if all(isinstance(step.get(name), kind) for name, kind in wanted.items())]
    return held, [1, 2, 3]
