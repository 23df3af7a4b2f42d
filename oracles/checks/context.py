"""What every check needs: the probe, a scratch folder, and one line of report per check."""

import json
import os
import subprocess
import sys
import tempfile


class Context:
    def __init__(self, binaries):
        self.probe = os.path.join(binaries, "oracle-probe")
        self.scratch = tempfile.mkdtemp(prefix="mdata-oracle-")
        self.failed = 0

    def run(self, *arguments, stdin=""):
        """Runs the probe; returns its standard output, or raises with what it said."""
        done = subprocess.run([self.probe, *arguments], input=stdin.encode(), capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"oracle-probe {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()

    def lines(self, *arguments, values):
        """Sends JSON values, one a line; returns the JSON values that come back."""
        text = "".join(json.dumps(value) + "\n" for value in values)
        answers = self.run(*arguments, stdin=text).splitlines()
        if len(answers) != len(values):
            raise RuntimeError(f"oracle-probe {arguments[0]}: {len(answers)} answers for {len(values)} lines")
        return [json.loads(answer) for answer in answers]

    def report(self, name, passed, detail=""):
        self.failed += not passed
        print(f"{'ok  ' if passed else 'FAIL'} {name}{': ' if detail else ''}{detail}", flush=True)

    def skip(self, name, why):
        print(f"skip {name}: {why}", flush=True)

    def close(self):
        import shutil

        shutil.rmtree(self.scratch, ignore_errors=True)
        sys.exit(1 if self.failed else 0)
