"""Runs the built mdata in folders of its own, with a clock and an author that do not depend on the machine."""

import os
import shutil
import subprocess
import tempfile

from reference import canonical


def binary(folder):
    """The mdata binary of a build folder; ends the script when there is none."""
    path = os.path.join(os.path.abspath(folder), "mdata")
    if not os.path.exists(path):
        raise SystemExit(f"there is no mdata in {folder}: build it first")
    return path


class Scratch:
    """A temporary folder that goes away, and repositories in it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="mdata-oracle-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def folder(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path)
        return path


class Stopped(Exception):
    """A verb that was expected to succeed did not."""


class Repository:
    """A folder in which mdata runs. Every run is a minute after the one before."""

    def __init__(self, binary, folder, environment=None, start=1_700_000_000, umask=-1):
        self.binary = binary
        self.folder = folder
        self.now = start
        self.umask = umask
        self.author = ("Oracle", "oracle@example.org")
        # Nothing of the machine's own configuration may decide what comes out.
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", **(environment or {})}

    def run(self, *arguments, stdin=b""):
        """Runs a verb; returns its exit code, standard output and standard error."""
        self.now += 60
        name, email = self.author
        environment = {
            "MDATA_NOW": str(self.now), "MDATA_AUTHOR_NAME": name, "MDATA_AUTHOR_EMAIL": email, **self.environment}
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=environment, input=stdin, capture_output=True, umask=self.umask)
        return done.returncode, done.stdout, done.stderr

    def output(self, *arguments, exit=0):
        """Standard output of a verb that must succeed, or end with another code that is an answer."""
        code, out, err = self.run(*arguments)
        if code != exit:
            raise Stopped(f"mdata {' '.join(arguments)} ended with {code}: {err.decode(errors='replace').strip()}")
        return out

    def json(self, *arguments, exit=0):
        """The document of a verb that must succeed, or end with another code that is an answer."""
        return canonical.decode(self.output(*arguments, "--json", exit=exit))

    def write(self, name, data):
        """Writes a file beside the repository; returns its name."""
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)
        return name

    def read(self, *parts):
        with open(os.path.join(self.folder, *parts), "rb") as file:
            return file.read()

    def git(self, *arguments):
        """Standard output of the real git on the inner repository."""
        done = subprocess.run(
            ["git", "--git-dir", os.path.join(self.folder, ".mdata", "history.git"), *arguments],
            env={**self.environment, "LC_ALL": "C"}, capture_output=True)
        if done.returncode != 0:
            raise Stopped(f"git {' '.join(arguments)} ended with {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout
