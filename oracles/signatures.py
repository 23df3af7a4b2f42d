#!/usr/bin/env python3
"""Holds signatures against git: `signatures.py BINARIES`.

BINARIES is the folder that holds the mdata to be checked. Versions and tags are signed by mdata and by git, with SSH and
OpenPGP keys that are known, unknown, expired and revoked, and altered afterwards; of each, mdata and git must say the same:
whether it is good, by whom and with which key. Needs git, ssh-keygen and gpg. Prints a line a check; exits 1 when one fails.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report  # noqa: E402
from verbs.tool import Repository, Scratch, Stopped, binary  # noqa: E402

# What git's %G? says, by what mdata says. An SSH key that nobody listed is "U" to git's log, and no good to its verify-commit;
# one that is listed for other things is "B", and what gpg cannot read at all "N".
WORDS = {
    "good": "GU", "bad": "BN", "unknown-key": "EUB", "expired": "XYU", "revoked": "RB", "untrusted": "GU", "unsigned": "N",
    "unchecked": "E"}


class Signatures:
    """One repository whose versions are signed with keys of one format."""

    def __init__(self, report, tool, name):
        self.report = report
        self.tool = tool
        self.format = name
        self.rows = 0

    def shell(self, *words, text=None, fails=False):
        done = subprocess.run(
            words, cwd=self.tool.folder, env={**self.tool.environment, "LC_ALL": "C"}, input=text, capture_output=True)
        if done.returncode != 0 and not fails:
            raise Stopped(f"{' '.join(words)} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def setting(self, name, value=None):
        words = ("--unset", name) if value is None else (name, value)
        self.shell("git", "config", "--global", *words, fails=value is None)

    def commit(self, *arguments):
        """A version by mdata; returns its id."""
        self.rows += 1
        name = self.tool.write(f"rows-{self.rows}.jsonl", b'{"instruction":"%d","output":"a"}\n' % self.rows)
        return self.tool.json("commit", name, "-m", f"Version {self.rows}", *arguments)["commit"]

    def by_git(self, message, *signing):
        """A version by git, on a branch of its own."""
        words = ("commit-tree", *signing, "-p", "HEAD", "-m", message, "HEAD^{tree}")
        commit = self.tool.git(*words).decode().strip()
        self.tool.git("update-ref", f"refs/heads/git-{len(message)}", commit)
        return commit

    def altered(self, kind, name, old, new):
        """A copy of an object with another text under the same signature."""
        text = self.tool.git("cat-file", kind, name).replace(old, new)
        git = ("git", "--git-dir", os.path.join(self.tool.folder, ".mdata", "history.git"))
        return self.shell(*git, "hash-object", "-t", kind, "-w", "--stdin", text=text).decode().strip()

    def verified(self, verb, *arguments):
        """mdata's exit code and what it says of the one thing asked about."""
        code, out, err = self.tool.run(verb, *arguments, "--json")
        if code not in (0, 1):
            raise Stopped(f"mdata {verb} {arguments} ended with {code}: {err.decode(errors='replace')}")
        return code, json.loads(out)["commits" if verb == "verify-commit" else "tags"][0]["signature"]

    def git(self, *words):
        """A run of git on the inner repository, whatever its exit code."""
        git = ("git", "--git-dir", os.path.join(self.tool.folder, ".mdata", "history.git"))
        environment = {**self.tool.environment, "LC_ALL": "C"}
        return subprocess.run((*git, *words), env=environment, cwd=self.tool.folder, capture_output=True)

    def git_code(self, verb, name):
        return self.git(verb, name).returncode

    def agree(self, what, commit, state):
        """mdata and git say the same of a commit, and it is what is expected."""
        self.tool.git("update-ref", "refs/heads/asked", commit)
        code, found = self.verified("verify-commit", commit)
        shown = self.git("log", "-1", "--format=%G?%n%GS%n%GF%n%GK", commit).stdout.decode().splitlines() + [""] * 4
        name = f"{self.format}: {what}"
        self.report.equal(f"{name} is {state}", found["state"], state)
        # Git ends without a word when ssh-keygen refuses a signature before it has read what is signed.
        self.report.check(f"{name}: git's word fits", shown[0] in WORDS[found["state"]], f"git says {shown[0]}")
        self.report.equal(f"{name}: git's exit code is the same", code, int(self.git_code("verify-commit", commit) != 0))
        if found["state"] in ("good", "untrusted"):
            self.report.equal(f"{name}: signer and keys", tuple(shown[1:4]), (found["signer"], found["fingerprint"], found["key"]))

    def tag(self, what, name, state, git_code=None):
        code, found = self.verified("verify-tag", name)
        expected = int(self.git_code("verify-tag", name) != 0) if git_code is None else git_code
        self.report.equal(f"{self.format}: {what} is {state}", (found["state"], code), (state, expected))

    def clean(self):
        self.report.equal(f"{self.format}: git fsck --strict finds nothing", self.tool.git("fsck", "--strict", "--no-dangling"), b"")

    def common(self):
        """What is so whatever the keys are."""
        self.tool.output("init")
        plain = self.commit()
        self.agree("a version without a signature", plain, "unsigned")
        signed = self.commit("--sign")
        self.agree("a version by mdata", signed, "good")
        self.setting("commit.gpgSign", "true")
        self.agree("a version signed because git's configuration says so", self.commit(), "good")
        self.agree("a version with --no-sign", self.commit("--no-sign"), "unsigned")
        self.setting("commit.gpgSign", "false")
        picker = self.tool.author
        self.tool.output("switch", "--create", "elsewhere")
        self.tool.author = ("Eve", "eve@example.org")
        written = self.commit()
        self.tool.author = picker
        self.tool.output("switch", "main")
        taken = self.tool.json("cherry-pick", written, "--sign")["commit"]
        self.agree("another's change, taken over and signed", taken, "good")
        self.agree("a commit by git", self.by_git("Theirs", "-S"), "good")
        self.agree("an unsigned commit by git", self.by_git("Unsigned"), "unsigned")
        self.agree("an altered version", self.altered("commit", signed, b"Version 2", b"Version 3"), "bad")
        self.agree("another author", self.altered("commit", signed, b"author Oracle", b"author Eve"), "bad")
        lines = self.tool.git("cat-file", "commit", signed).splitlines(keepends=True)
        third = 2 + next(number for number, line in enumerate(lines) if line.startswith(b"gpgsig "))
        self.agree("a signature that lacks a line", self.altered("commit", signed, lines[third], b""), "bad")
        # Git gives up here; mdata goes on.
        strange = self.altered("commit", signed, b"gpgsig -----BEGIN", b"gpgsig -----FOO")
        self.tool.git("update-ref", "refs/heads/asked", strange)
        self.report.equal(
            f"{self.format}: a signature of no kind is bad", (self.verified("verify-commit", strange)[1]["state"],
            self.git_code("verify-commit", strange) != 0, self.tool.json("show", strange)["message"]), ("bad", True, "Version 2"))
        self.tool.output("tag", "ours", "--sign", "-m", "Ours\n\nwith a body “é”")
        self.tag("a tag by mdata", "ours", "good")
        self.tool.git("tag", "-s", "-m", "Theirs", "theirs", signed)
        self.tag("a tag by git", "theirs", "good")
        self.tool.output("tag", "plain", "-m", "Plain")
        self.tag("an annotated tag without a signature", "plain", "unsigned")
        self.tool.output("tag", "light")
        self.tag("a light tag", "light", "unsigned")
        self.tool.git("update-ref", "refs/tags/changed", self.altered("tag", "ours", b"Ours", b"Hers"))
        self.tag("an altered tag", "changed", "bad")
        # Stricter than git: the name is part of what is signed.
        self.tool.git("update-ref", "refs/tags/borrowed", self.tool.git("rev-parse", "ours").decode().strip())
        self.tag("a signature under another name", "borrowed", "bad", git_code=1)
        self.clean()
        return signed


class SSH(Signatures):
    def __init__(self, report, tool):
        super().__init__(report, tool, "ssh")

    def allow(self, *words):
        key = self.tool.read("key.pub").decode().split(" ")[:2]
        self.tool.write("signers", " ".join((*words, *key)).encode() + b"\n" if words else b"")

    def run(self):
        self.shell("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key")
        self.setting("gpg.format", "ssh")
        self.setting("user.signingKey", "~/key.pub")
        self.setting("gpg.ssh.allowedSignersFile", "~/signers")
        self.allow("oracle@example.org", 'namespaces="git"')
        signed = self.common()
        for what, words, state in (
            ("a key that nobody listed", (), "unknown-key"),
            ("a key for other things", ("oracle@example.org", 'namespaces="file"'), "unknown-key"),
            ("a key that had expired", ("oracle@example.org", 'valid-before="20200101"'), "expired"),
            ("a key that was not valid yet", ("oracle@example.org", 'valid-after="20300101"'), "expired"),
            ("a key that expired later", ("oracle@example.org", 'valid-before="20231201"'), "good"),
            # The list is in local time: here three hours before UTC's, and past midnight.
            ("a key that expired that midnight", ("oracle@example.org", 'valid-before="20231115"'), "expired"),
            ("a key that expired that night", ("oracle@example.org", 'valid-before="20231115020000"'), "good"),
            ("a principal with a space", ('"An Oracle"',), "good"),
        ):
            self.allow(*words)
            self.agree(what, signed, state)
        self.allow("oracle@example.org")
        self.shell("ssh-keygen", "-q", "-k", "-f", "revoked", "key.pub")
        self.setting("gpg.ssh.revocationFile", "~/revoked")
        self.agree("a revoked key", signed, "revoked")
        self.setting("gpg.ssh.revocationFile")
        self.shell("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "other")
        self.setting("user.signingKey", "~/other")
        self.agree("another's key", self.commit("--sign"), "unknown-key")
        with open(os.path.join(self.tool.folder, "signers"), "ab") as file:
            file.write(b"other@example.org " + self.tool.read("other.pub"))
        self.agree("two signers, the second's version", self.commit("--sign"), "good")
        self.clean()


class OpenPGP(Signatures):
    def __init__(self, report, tool):
        super().__init__(report, tool, "openpgp")

    def key(self, name, expires="never"):
        self.shell("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", name, "ed25519", "sign", expires)

    def run(self):
        self.key("Oracle <oracle@example.org>")
        signed = self.common()
        self.setting("gpg.minTrustLevel", "ultimate")
        self.agree("a key that is trusted enough", signed, "good")
        self.shell("gpg", "--batch", "--quiet", "--import-ownertrust", text=self.owner_trust())
        self.agree("a key that is not trusted enough", signed, "untrusted")
        self.setting("gpg.minTrustLevel")
        self.agree("a key of unknown trust", signed, "good")
        self.key("Short <short@example.org>", "seconds=3")
        self.setting("user.signingKey", "short@example.org")
        short = self.commit("--sign")
        time.sleep(4)
        self.agree("a key that has expired since", short, "expired")
        home = self.tool.environment["GNUPGHOME"]
        fingerprint = self.fingerprint("oracle@example.org")
        with open(os.path.join(home, "openpgp-revocs.d", fingerprint + ".rev"), "rb") as file:
            # gpg guards the certificate with a colon against being imported by accident.
            self.shell("gpg", "--batch", "--quiet", "--import", text=file.read().replace(b":-----BEGIN", b"-----BEGIN"))
        self.agree("a revoked key", signed, "revoked")
        self.shell("gpg", "--batch", "--yes", "--quiet", "--delete-secret-and-public-key", fingerprint)
        self.agree("a key that is not there", signed, "unknown-key")
        self.clean()

    def fingerprint(self, name):
        listed = self.shell("gpg", "--with-colons", "--list-keys", name).decode().splitlines()
        return next(line.split(":")[9] for line in listed if line.startswith("fpr:"))

    def owner_trust(self):
        return f"{self.fingerprint('oracle@example.org')}:2:\n".encode()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool, report = binary(sys.argv[1]), Report()
    # The socket of gpg's agent needs a short path.
    with Scratch() as scratch, tempfile.TemporaryDirectory(prefix="gpg-", ignore_cleanup_errors=True) as home:
        for kind in (SSH, OpenPGP):
            folder = scratch.folder(kind.__name__)
            repository = Repository(tool, folder, {"GNUPGHOME": home, "TZ": "Europe/Istanbul"})
            with open(os.path.join(folder, ".gitconfig"), "w", encoding="utf-8") as file:
                file.write("[user]\n  name = Oracle\n  email = oracle@example.org\n")
            report.group(kind.__name__, kind(report, repository).run)
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
    report.close()


main()
