"""The schemas of the repository, and how often each was used."""

import os

import jsonschema

from reference import canonical
from .report import short

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "schemas")


class Schemas:
    def __init__(self, report):
        self.report = report
        self.validators = {}
        self.used = {}
        self.missing = set()

    def validator(self, path):
        """The validator of a schema, named by its path without `.schema.json`; None when there is no such schema."""
        if path not in self.validators:
            file = os.path.join(FOLDER, path + ".schema.json")
            if not os.path.exists(file):
                self.validators[path] = None
            else:
                with open(file, "rb") as opened:
                    schema = canonical.decode(opened.read())
                jsonschema.Draft202012Validator.check_schema(schema)
                self.validators[path] = jsonschema.Draft202012Validator(schema)
        return self.validators[path]

    def problem(self, path, value):
        """Why a value is not of a schema; None when it is."""
        validator = self.validator(path)
        self.used[path] = self.used.get(path, 0) + 1
        if validator is None:
            self.missing.add(path)
            return None
        error = next(iter(validator.iter_errors(value)), None)
        return None if error is None else f"{error.json_path}: {short(error.message)}"

    def check(self, name, path, value):
        problem = self.problem(path, value)
        if path in self.missing:
            self.report.skip(name, f"there is no schemas/{path}.schema.json")
        else:
            self.report.check(name, problem is None, problem or "")

    def close(self, session):
        """Every verb has a schema, and every schema of an output was used."""
        there = {name.removesuffix(".schema.json") for name in os.listdir(os.path.join(FOLDER, "output"))}
        self.report.equal("every verb has a schema, and none is left over", there, session.document_names())
        unused = there - {path.removeprefix("output/") for path in self.used}
        self.report.equal("every schema was used", unused, set())
        with open(os.path.join(FOLDER, "README.md"), encoding="utf-8") as file:
            text = file.read()
        unnamed = [name for name in sorted(there) if f"output/{name}.schema.json" not in text]
        self.report.equal("schemas/README.md names every output schema", unnamed, [])
