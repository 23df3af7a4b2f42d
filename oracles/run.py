#!/usr/bin/env python3
"""Compares mdata with the reference implementations: `run.py BINARIES [CHECK …]`.

BINARIES is the folder of the release build (it holds oracle-probe and mdata). Prints a line a check; exits 1 when one fails.
Needs the packages of requirements.txt. Checks on a real model run when its folder exists ($MDATA_ORACLE_MODEL, or
run/smol-hf under $MDATA_REAL; $MDATA_ORACLE_GGUF for a GGUF file) and say so when they are skipped.
"""

import importlib
import os
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# Nothing here may reach for the network, and the numbers must not depend on how busy the machine is.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import transformers  # noqa: E402

from checks.context import Context  # noqa: E402

transformers.logging.disable_progress_bar()

CHECKS = [
    "tokenizer", "families", "vectors", "alpaca", "templates", "weights", "gguf_files", "model", "conversions", "adapters", "training",
    "sampling",
]
# Programs of their own: they need mdata itself or a probe, and no reference library but jsonschema, PyYAML,
# huggingface_hub, rouge-score and git.
PROGRAMS = {
    "outputs": ["oracles/outputs.py", "{binaries}"],
    "merges": ["oracles/merges.py", "{binaries}", "40"],
    "editors": ["oracles/editors.py", "{binaries}"],
    "releases": ["oracles/releases.py", "{binaries}"],
    "resume": ["oracles/resume.py", "{binaries}", "40"],
    "history": ["oracles/history.py", "{binaries}"],
    "signatures": ["oracles/signatures.py", "{binaries}"],
    "query": ["oracles/query.py", "{binaries}"],
    "subsets": ["oracles/subsets.py", "{binaries}"],
    "cards": ["oracles/cards.py", "{binaries}"],
    "similarity": ["oracles/similarity.py", "{binaries}"],
    "words": ["oracles/word_break_table.py", "--check"],
    "json": ["oracles/json_differential.py", "{binaries}/json-probe"],
    "csv": ["oracles/csv_round_trip.py", "{binaries}/mdata"],
    "fixtures": ["fixtures/score.py", "--check"],
}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    context = Context(sys.argv[1])
    for name in sys.argv[2:] or CHECKS + list(PROGRAMS):
        began = time.time()
        try:
            if name in PROGRAMS:
                root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
                words = [word.format(binaries=os.path.abspath(sys.argv[1])) for word in PROGRAMS[name]]
                done = subprocess.run([sys.executable, *words], cwd=root)
                context.report(name, done.returncode == 0, "all of its checks" if done.returncode == 0 else "see above")
            else:
                importlib.import_module("checks." + name).run(context)
        except Exception:
            context.report(name, False, traceback.format_exc())
        print(f"     {name} took {time.time() - began:.0f} s", flush=True)
    context.close()


main()
