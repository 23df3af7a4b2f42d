"""What `diff` counts, chooses and draws, computed again from its own records in plain Python."""

import math
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

from reference import canonical

QUANTILES = (("min", 0), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p95", 0.95), ("max", 1))


def check(report, session):
    tool = session.tool
    first = session.first["batches"][0]["batch"]
    for older, newer in (("v1", "HEAD"), ("HEAD", "v1"), ("HEAD", "HEAD")):
        name = f"diff {older} {newer}"
        whole = tool.json("diff", older, newer)
        records = whole["records"]
        report.equal(f"{name}: A..B is the same", tool.json("diff", f"{older}..{newer}"), whole)
        for facet in ("topic", "teacher", "license", "rouge_l", "nothing"):
            groups = tool.json("diff", older, newer, "--stat", "--by", facet)["groups"]["values"]
            found = {value["value"]: {kind: value[kind] for kind in ("added", "edited", "removed")} for value in groups}
            report.equal(f"{name}: counts by {facet}", found, counted(records, facet))
        for options, wanted in choices(first):
            chosen = tool.json("diff", older, newer, *options)
            expected = [record for record in records if wanted(record)]
            report.equal(f"{name} {' '.join(options)}", [r["record"] for r in chosen["records"]], [r["record"] for r in expected])
            code = tool.run("diff", older, newer, *options, "--exit-code", "--stat")[0]
            report.equal(f"{name} {' '.join(options)} --exit-code", code, 1 if expected else 0)
        summary(report, name, tool.json("diff", older, newer, "--summary")["summary"], records, first)
        page(report, name, tool, older, newer, records)


def value(row, facet):
    """As text; None where nothing is known."""
    found = row["columns"].get(facet)
    if found in (None, ""):
        return None
    return found if isinstance(found, str) else canonical.encode(found).decode()


def counted(records, facet):
    counts = {}
    for record in records:
        row = record.get("new", record.get("old"))
        counts.setdefault(value(row, facet), {"added": 0, "edited": 0, "removed": 0})[record["change"]] += 1
    return counts


def choices(first):
    """Options, and what they leave."""

    def touches(record, field):
        if record["change"] != "edited":
            return False
        old, new = record["old"], record["new"]
        return old.get(field) != new.get(field) or old["columns"].get(field) != new["columns"].get(field)

    def has(record, facet, wanted):
        return any((value(record[side], facet) or "") == wanted for side in ("old", "new") if side in record)

    yield ["--only", "added"], lambda r: r["change"] == "added"
    yield ["--only", "edited,removed"], lambda r: r["change"] != "added"
    yield ["--field", "output"], lambda r: touches(r, "output")
    yield ["--field", "topic"], lambda r: touches(r, "topic")
    yield ["--with", "topic=another topic"], lambda r: has(r, "topic", "another topic")
    yield ["--with", "topic="], lambda r: has(r, "topic", "")
    yield ["--with", f"batch={first}"], lambda r: r["record"].split(":")[0] == first
    yield ["--with", f"batch={first}", "--only", "edited", "--field", "output"], lambda r: r["record"].split(":")[0] == first and touches(r, "output")


SPACE = bytes.maketrans(b"\t\n\v\f\r", b"     ")


def lengths(text):
    """Characters, and words between white space of ASCII."""
    return len(text), len([word for word in text.encode().translate(SPACE).split(b" ") if word])


def summary(report, name, found, records, first):
    for numbers in found["numbers"]:
        for side, key in (("before", "old"), ("after", "new")):
            rows = [record for record in records if key in record]
            if numbers["unit"] == "score":
                values = [
                    float(r[key]["columns"][numbers["name"]]) for r in rows
                    if r["record"].split(":")[0] == first and numbers["name"] in r[key]["columns"]]
            else:
                values = [lengths(r[key][numbers["name"]])[numbers["unit"] == "words"] for r in rows]
            values.sort()
            what = f"{name}: {numbers['name']} in {numbers['unit']} {side}"
            report.equal(f"{what}, records", numbers[side]["records"], len(values))
            expected = {label: values[max(1, math.ceil(share * len(values))) - 1] if values else None for label, share in QUANTILES}
            report.equal(f"{what}, quantiles", {label: numbers[side][label] for label, _ in QUANTILES}, expected)
            mean = sum(values) / len(values) if values else None
            close = numbers[side]["mean"] == mean or mean is not None and math.isclose(numbers[side]["mean"], mean)
            report.check(f"{what}, mean", close, f"{numbers[side]['mean']} is not {mean}")
            bins = numbers["bins"]
            inside = [
                sum(b["from"] <= v < b["to"] or v == b["from"] or (i == len(bins) - 1 and v == b["to"]) for v in values)
                for i, b in enumerate(bins)]
            report.equal(f"{what}, bins", [b[side] for b in bins], inside)
    for values in found["values"]:
        expected = {}
        for record in records:
            for side, key in (("before", "old"), ("after", "new")):
                if key in record:
                    counts = expected.setdefault(value(record[key], values["name"]), {"before": 0, "after": 0})
                    counts[side] += 1
        listed = {v["value"]: {"before": v["before"], "after": v["after"]} for v in values["values"]}
        report.equal(f"{name}: {values['name']} before and after", listed, expected)


class Tags(HTMLParser):
    """Counts the tags that a browser's rules see, for what is strict XML must be the same page as HTML."""

    def __init__(self):
        super().__init__()
        self.counts = {}

    def handle_starttag(self, tag, _):
        self.counts[tag] = self.counts.get(tag, 0) + 1

    handle_startendtag = handle_starttag


def page(report, name, tool, older, newer, records):
    tool.json("diff", older, newer, "--html", "page.html", "--limit", "100000")
    source = tool.read("page.html").decode()
    root = tree.fromstring(source.removeprefix("<!DOCTYPE html>\n"))
    names = [element.tag.split("}")[-1] for element in root.iter()]
    report.equal(f"{name} --html: an article for each change", names.count("article"), len(records))
    report.check(f"{name} --html: no script, no link, no picture from elsewhere", not {"script", "link", "img", "a", "iframe"} & set(names))
    headings = [element.itertext() for element in root.iter() if element.tag.endswith("h3")]
    listed = " ".join("".join(text) for text in headings)
    report.check(f"{name} --html: names every record", all(record["record"] in listed for record in records))
    tags = Tags()
    tags.feed(source)
    report.equal(f"{name} --html: HTML and XML see the same elements", tags.counts, {n: names.count(n) for n in set(names)})
