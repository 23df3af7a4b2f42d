#!/usr/bin/env python3
"""Takes random CSV files through mdata and compares with Python's csv module: `csv_round_trip.py MDATA [COUNT]`.

csv_differential.py makes and judges the files; here mdata imports each one and exports it as JSONL and in its own
layout.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = dict(os.environ, MDATA_AUTHOR_NAME="oracle", MDATA_AUTHOR_EMAIL="oracle@localhost")


def main(mdata, count="60"):
    with tempfile.TemporaryDirectory() as folder:
        judge = [sys.executable, str(HERE / "csv_differential.py")]
        subprocess.run([*judge, "write", folder, count], check=True)
        for path in sorted(pathlib.Path(folder).glob("[0-9]*.[ct]sv")):
            with tempfile.TemporaryDirectory() as place:
                def run(*words):
                    return subprocess.run([mdata, *words], cwd=place, env=ENVIRONMENT, capture_output=True)
                run("init", "-q")
                done = run("commit", str(path), "-m", "one")
                if done.returncode != 0:
                    if done.returncode != 65:
                        sys.exit(f"{path.name}: exit {done.returncode}: {done.stderr.decode()}")
                    continue
                for form, ending in (["--format", "alpaca-jsonl"], ".jsonl"), ([], ".back"):
                    done = run("checkout", "main", "-o", str(path.with_suffix(ending)), *form)
                    if done.returncode != 0:
                        sys.exit(f"{path.name}: {done.stderr.decode()}")
        return subprocess.run([*judge, "check", folder]).returncode


sys.exit(main(*sys.argv[1:]))
