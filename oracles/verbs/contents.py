"""Every object that a version leads to: its schema, its id, its canonical bytes."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

from reference import canonical, objects


def check(report, session):
    tool, schemas = session.tool, session.schemas
    found, tried = {}, set()

    def cat(id):
        """An object's document, and what is wrong with it."""
        document = tool.json("cat", id)
        kind, value = document["kind"], document["object"]
        data = canonical.encode(value)
        problems = [schemas.problem("output/cat", document)]
        if kind not in ("node", "dictionary"):
            problems += [schemas.problem(kind, value)]
            problems += [None if objects.object_id(kind, data) == document["id"] else "the id is not the hash of the content"]
            problems += [None if len(data) == document["bytes"] else "`bytes` is not the length"]
        # As text an object is its canonical bytes and a line end; of the many small ones some are enough.
        if kind not in ("pair", "seed") or document["id"] < "1":
            problems += [None if tool.output("cat", id) == data + b"\n" else "the text is not the canonical bytes"]
        return document, [problem for problem in problems if problem]

    def walk(ids):
        """Checks the objects that were not seen yet; returns the documents of all new ones."""
        ids = [id for id in dict.fromkeys(ids) if id not in tried]
        tried.update(ids)
        with ThreadPoolExecutor(4) as pool:
            checked = list(pool.map(cat, ids))
        for document, problems in checked:
            found.setdefault(document["kind"], []).append((document["id"], problems))
        return [document for document, _ in checked]

    batches = walk([batch["batch"] for batch in tool.json("show")["batches"]])
    for document in batches:
        value = document["object"]
        walk(value["origins"] + [p["object"] for p in value.get("prompts", [])] + [s["object"] for s in value.get("seeds", [])])
    walk([run["run"] for run in tool.json("runs")["runs"]])
    snapshots = walk(commit["snapshot"] for commit in tool.json("log")["commits"])
    for document in snapshots:
        walk(entry["object"] for entry in document["object"]["entries"])
    trees = walk([canonical.decode(tool.git("show", "HEAD:dataset.json"))["batches"]])

    for kind in ("pair", "batch", "origins", "prompt", "seed", "run", "node"):
        listed = found.get(kind, [])
        problems = [f"{id[:12]}: {', '.join(problems)}" for id, problems in listed if problems]
        report.check(f"cat: {len(listed)} objects of kind {kind}", listed and not problems, " | ".join(problems[:3]) or "there are none")
        if kind != "node" and kind in schemas.missing:
            report.skip(f"schema of kind {kind}", f"there is no schemas/{kind}.schema.json")
    for document in snapshots + trees:
        entries = [
            (objects.key(entry["key"]), entry["object"], objects.key(entry.get("origin", entry["key"])))
            for entry in document["object"]["entries"]]
        report.equal(f"node {document['id'][:12]}: the tree of its {len(entries)} entries has this root", objects.tree_root(entries), document["id"])
    for document in batches:
        check_batch(report, tool, document)
    check_files(report, tool, schemas)


def check_batch(report, tool, document):
    """What a batch says of its rows: the digest of their pairs is that of the version that brought it."""
    batch, value = document["id"][:24], document["object"]
    name = value["source"]["name"]
    data = tool.read(name)
    report.equal(
        f"batch {name}: bytes and digest of the file", (value["source"]["bytes"], value["source"]["sha256"]),
        (len(data), hashlib.sha256(data).hexdigest()))
    pairs = {}
    for commit in tool.json("log")["commits"]:
        for entry in tool.json("cat", commit["snapshot"])["object"]["entries"]:
            origin_batch, row = entry.get("origin", entry["key"]).split(":")
            if origin_batch == batch:
                pairs[int(row)] = entry["object"]
    rows = [bytes.fromhex(pairs[row]) for row in range(1, value["rows"] + 1)]
    report.equal(f"batch {name}: digest of its pairs", value["pairs"], hashlib.sha256(b"".join(rows)).hexdigest())


def check_files(report, tool, schemas):
    """The JSON files of a repository."""
    folder = os.path.join(tool.folder, ".mdata", "operations")
    names = [(group, name) for group in sorted(os.listdir(folder)) for name in sorted(os.listdir(os.path.join(folder, group)))]
    operations = [canonical.decode(tool.read(".mdata", "operations", *name)) for name in names]
    files = {"mdata.operation/v1": "operation", "mdata.operation/v2": "operation-v2"}
    problems = [schemas.problem(files.get(operation["schema"], "operation"), operation) for operation in operations]
    commits = [commit["commit"] for commit in tool.json("log")["commits"]]
    files = {"mdata.dataset/v1": "dataset", "mdata.dataset/v2": "dataset-v2"}
    datasets = [canonical.decode(tool.git("show", commit + ":dataset.json")) for commit in commits]
    datasets = [schemas.problem(files.get(dataset["schema"], "dataset"), dataset) for dataset in datasets]
    for name, found in (("operation", problems), ("dataset", datasets)):
        if name in schemas.missing:
            report.skip(f"all {len(found)} {name} files are of their schema", f"there is no schemas/{name}.schema.json")
        else:
            wrong = [problem for problem in found if problem]
            report.check(f"all {len(found)} {name} files are of their schema", not wrong, " | ".join(wrong[:3]))
