#!/usr/bin/env python3
"""Validates stored objects against schemas/ with the jsonschema package, and proves that the schemas can fail.

    oracles/schemas.py DIRECTORY

DIRECTORY holds files named <kind>-<anything>.json, as `mdata cat` prints objects. Every file must be valid, and
broken variants made from it (a member removed, added or changed) must not be. Exit code 0 when all is as it should
be, 1 otherwise, 2 when there is nothing to check.
"""
import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "schemas"


def broken_variants(document, schema):
    """Yields (what was done, document) for changes that a closed schema must refuse."""
    yield "is an array", [document]
    yield "has an unknown member", {**document, "zzz": 1}
    for name in schema["required"]:
        yield f"lacks {name}", {key: value for key, value in document.items() if key != name}
    for name, rule in schema["properties"].items():
        if name not in document or not ({"type", "const", "enum", "$ref", "anyOf", "pattern"} & rule.keys()):
            continue
        other = [] if not isinstance(document[name], list) else "text"
        yield f"has {name} of another type", {**document, name: other}
    for name, value in document.items():
        if isinstance(value, str) and schema["properties"][name].get("pattern"):
            yield f"has {name} in upper case and too long", {**document, name: value.upper() + "X"}
        if isinstance(value, dict) and schema["properties"][name].get("additionalProperties") is False:
            changed = copy.deepcopy(value)
            changed["zzz"] = {}
            yield f"has an unknown member in {name}", {**document, name: changed}


def check(path, validators):
    """Returns (problems, number of broken variants that were refused)."""
    kind = path.name.split("-")[0].split(".")[0]
    if kind not in validators:
        return [f"{path.name}: no schema is called {kind}"], 0
    validator = validators[kind]
    document = json.loads(path.read_text(encoding="utf-8"))
    problems = [f"{path.name}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    refused = 0
    for what, variant in broken_variants(document, validator.schema):
        if validator.is_valid(variant):
            problems.append(f"{path.name}: the schema accepts it when it {what}")
        else:
            refused += 1
    return problems, refused


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    validators = {}
    for file in sorted(SCHEMAS.glob("*.schema.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        validators[file.name.removesuffix(".schema.json")] = Draft202012Validator(schema)
    paths = sorted(pathlib.Path(arguments[0]).glob("*.json"))
    problems, refused, kinds = [], 0, set()
    for path in paths:
        found, count = check(path, validators)
        problems += found
        refused += count
        kinds.add(path.name.split("-")[0].split(".")[0])
    for problem in problems:
        print(problem)
    missing = sorted(set(validators) - kinds)
    print(f"{len(paths)} objects, {refused} broken variants refused, {len(problems)} problems"
          + (f"; no object of {', '.join(missing)}" if missing else ""))
    return 1 if problems else 0 if paths else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
