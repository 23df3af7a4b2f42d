#!/usr/bin/env python3
"""Holds every `--json` document and every object of mdata against its schema and its description: `outputs.py BINARIES`.

BINARIES is the folder that holds the mdata to be checked. Runs every verb on the fixtures, validates each document and
each object with an independent validator, computes object ids, pairs and places again in plain Python, and looks for
the names that scripts rely on. Prints a line a check; exits 1 when one fails.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs import contents, differences, failures, imports, names  # noqa: E402
from verbs.report import Report  # noqa: E402
from verbs.schemas import Schemas  # noqa: E402
from verbs.session import Session  # noqa: E402
from verbs.tool import Scratch, binary  # noqa: E402


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    with Scratch() as scratch:
        schemas = Schemas(report)
        session = Session(tool, scratch.folder("session"), schemas)
        if report.group("a session with every verb", session.run):
            for check in (session.check, names.check, contents.check, differences.check):
                report.group(check.__module__, check, report, session)
            report.group("imports", imports.check, report, tool, scratch, schemas)
            report.group("failures", failures.check, report, session, schemas)
            schemas.close(session)
    report.close()


main()
