"""The names that users' scripts rely on: they may be added to, never renamed."""

import re

FIXED = {
    "show": ("commit", "snapshot", "records"),
    "diff": ("added", "removed", "edited", "records"),
    "blame": ("record", "pair", "batch", "origin", "commits", "runs"),
}
ORIGIN = ("teacher", "prompt", "seeds", "scores", "file", "line")


def check(report, session):
    for verb, wanted in FIXED.items():
        for arguments, document in session.documents:
            # The other forms of these verbs have documents with other names.
            if arguments[0] == verb and document["schema"] == f"mdata.{verb}/v1" and not {"--stat", "--summary", "--html"} & set(arguments):
                missing = [name for name in wanted if name not in document]
                if missing:
                    report.check(f"{verb} --json has the fixed names", False, f"{arguments} lacks {missing}")
                    break
        else:
            report.check(f"{verb} --json has the fixed names", True)
    shown = session.json("show", "HEAD")
    report.check("show: snapshot is 64 hex digits, records a count", re.fullmatch("[0-9a-f]{64}", shown["snapshot"]) and isinstance(shown["records"], int))
    diff = next(document for arguments, document in session.documents if arguments == ("diff", "v1", "HEAD"))
    report.equal(
        "diff: added, removed and edited count the records",
        tuple(sum(record["change"] == kind for record in diff["records"]) for kind in ("added", "removed", "edited")),
        (diff["added"], diff["removed"], diff["edited"]))
    report.equal("diff v1 HEAD: what the session did", (diff["added"], diff["removed"], diff["edited"]), (102, 1, 2))
    blame = session.edited
    report.equal("blame: origin names what is known", [name for name in ORIGIN if name not in blame["origin"]], [])
    report.equal(
        "blame: a full record id is taken too",
        session.tool.json("blame", session.tool.json("cat", blame["batch"]["id"])["id"][:24] + ":3"), blame)
    report.equal(
        "blame of an edited record names the commits, oldest first", [c["change"] for c in blame["commits"]], ["added", "edited"])
    report.equal(
        "and they are those of log", [c["commit"] for c in blame["commits"]],
        [session.first["commit"], next(d for a, d in session.documents if a[:2] == ("commit", "--update") and d["commit"])["commit"]])
    removed = report.group("blame of a removed record", session.json, "blame", session.first["batches"][0]["batch"] + ":10")
    if removed:
        report.equal("blame of a removed record has no pair", (removed["pair"], removed["row"]), (None, None))
        report.equal("and names its removal", [c["change"] for c in removed["commits"]], ["added", "removed"])
    runs = [document["run"] for arguments, document in session.documents if arguments[0] == "train" and "--dry-run" not in arguments]
    report.equal("blame of a used record names the runs", [run["run"] for run in session.used["runs"]], runs)
    report.equal("runs lists them, oldest first", [run["run"] for run in session.tool.json("runs")["runs"]], runs)
