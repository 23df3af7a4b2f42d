"""RFC 8785: the canonical bytes of a JSON value; and a reader that refuses two members of one name."""

import json
import math

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def encode(value):
    return text(value).encode("utf-8")


def text(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, (int, float)):
        return number(float(value))
    if isinstance(value, list):
        return "[" + ",".join(text(element) for element in value) + "]"
    members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
    return "{" + ",".join(string(name) + ":" + text(member) for name, member in members) + "}"


def string(value):
    return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'


def number(value):
    """As ECMAScript's Number.prototype.toString, from Python's shortest digits that round-trip."""
    if not math.isfinite(value):
        raise ValueError("RFC 8785 has no such number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + ("" if fraction == "0" else fraction)).lstrip("0")
    # The value is 0.DIGITS times ten to this power.
    power = int(exponent or 0) + (len(whole) if whole != "0" else len(digits) - len(fraction))
    digits = digits.rstrip("0") or "0"
    count = len(digits)
    if count <= power <= 21:
        return sign + digits + "0" * (power - count)
    if 0 < power <= 21:
        return sign + digits[:power] + "." + digits[power:]
    if -6 < power <= 0:
        return sign + "0." + "0" * -power + digits
    shown = digits if count == 1 else digits[0] + "." + digits[1:]
    return f"{sign}{shown}e{'+' if power > 0 else '-'}{abs(power - 1)}"


def decode(data):
    """A JSON value; ValueError when an object has two members of one name, or a number is not finite."""

    def unique(members):
        value = dict(members)
        if len(value) != len(members):
            raise ValueError(f"two members of one name in {[name for name, _ in members]}")
        return value

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(data, object_pairs_hook=unique, parse_constant=refuse)
