"""One line a check on standard output, and whether all held."""

import sys
import traceback

from .tool import Stopped


class Report:
    def __init__(self):
        self.failed = 0

    def check(self, name, passed, detail=""):
        """Says whether a check holds; `detail` is what was found when it does not."""
        self.failed += not passed
        shown = f": {detail}" if detail and not passed else ""
        print(f"{'ok  ' if passed else 'FAIL'} {name}{shown}", flush=True)
        return passed

    def equal(self, name, found, expected):
        """Checks that two values are equal, and shows both, shortened, when they are not."""
        return self.check(name, found == expected, f"found {short(found)}, expected {short(expected)}")

    def skip(self, name, why):
        print(f"skip {name}: {why}", flush=True)

    def group(self, name, work, *arguments):
        """Runs checks that may stop half-way; what stops them is a failure of its own."""
        try:
            return work(*arguments)
        except Stopped as error:
            self.check(name, False, str(error))
        except Exception:
            self.check(name, False, traceback.format_exc())

    def close(self):
        sys.exit(1 if self.failed else 0)


def short(value, limit=300):
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "…"


def differences(found, expected, limit=3):
    """The first keys at which two dictionaries differ, as text; empty when they are equal."""
    keys = [key for key in sorted(set(found) | set(expected), key=str) if found.get(key) != expected.get(key)]
    return "; ".join(f"{key}: found {short(found.get(key))}, expected {short(expected.get(key))}" for key in keys[:limit])
