#!/usr/bin/env python3
"""Compares mdata's JSON reader with Python's on mutated texts: both must accept the same ones, with equal values.

usage: json_differential.py JSON-PROBE [COUNT [SEED]]

Python accepts more than I-JSON allows; the rules that mdata adds (no duplicate keys, no lone surrogates, no U+0000,
no numbers a 64-bit float cannot give back, 64 levels) are applied here to what Python read. Values are compared as
RFC 8785 text, written here by independent code.
"""

import json
import random
import struct
import subprocess
import sys

DOCUMENTS = [
    '{"instruction":"Explain \\"x\\".","input":"","output":"A\\n\\tb \\\\ c","n":3}',
    '{"a":[1,2.5,-3e2,1E+5,0.1,-0,0,-0.0,1e-7,123456789012345678],"b":{"c":null,"d":[true,false]}}',
    '["\\u00e9\\ud83d\\ude00\\u0041","é漢😀","\\/","\\b\\f\\r"]',
    '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}',
    ' [ [ ] , { } , { "" : [ { "k" : "v" } ] } ] ',
    '[9007199254740991,9007199254740993,1e308,1e309,5e-324,1e-400,100000000000000000000,0.30000000000000004]',
    '{"e\u0301":1,"é":2,"\ue000":3,"😀":4,"a":5,"A":6}',
    '"plain"', "12", "null", "[[[[[[[[1]]]]]]]]", "[" * 63 + "1" + "]" * 63,
]
PIECES = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"\\udc00", b"\\u0000", b"\\n", b"/", b"'", b"0", b"1", b"-",
    b"+", b".", b"e", b"E", b"e5", b"true", b"false", b"null", b"NaN", b"Infinity", b" ", b"\n", b"\r", b"\t", b"\x0b", b"\x0c", b"\x00",
    b"\x1f", b"\x7f", b"\x80", b"\xc0\x80", b"\xc3\xa9", b"\xe6\xbc\xa2", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf", b"\xff", b'"a":1', b',"a":1', b"[]", b"{}", b'""', b"9007199254740993", b"1e999", b"[" * 20, b"]" * 20, b"//", b"/*",
]


def mutated(source):
    data = bytearray(source.choice(DOCUMENTS).encode())
    for _ in range(source.choice([0, 1, 1, 1, 2, 2, 3, 6])):
        kind = source.randrange(7)
        place = source.randrange(len(data) + 1)
        end = min(len(data), place + source.choice([1, 1, 2, 4, 12]))
        if kind == 0 and data:
            place = min(place, len(data) - 1)
            data[place] ^= 1 << source.randrange(8)
        elif kind == 1:
            del data[place:end]
        elif kind in (2, 3):
            data[place:place] = source.choice(PIECES)
        elif kind == 4:
            data[place:end] = source.choice(PIECES)
        elif kind == 5:
            data[place:place] = data[source.randrange(len(data) + 1) :][: source.randrange(12)]
        else:
            del data[place:]
    return bytes(data)


class Refused(Exception):
    pass


def number(value):
    """ECMA-262 Number::toString on the digits that repr finds, which are the shortest, as there."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    text = digits[0] + ("." + digits[1:] if count > 1 else "")
    return f"{sign}{text}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def parse_float(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Refused("overflow")
    return value


def parse_int(text):
    value = parse_float(text)
    if value != 0 and len(text.lstrip("-")) > 15 and number(value) != text:
        raise Refused("inexact")
    return value


def refuse(constant):
    raise Refused(constant)


def pairs(items):
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise Refused("duplicate key")
    return dict(items)


def string(text):
    if "\0" in text or any(0xD800 <= ord(c) < 0xE000 for c in text):
        raise Refused("character")
    return json.dumps(text, ensure_ascii=False)


def canonical(value, depth=0):
    if isinstance(value, (list, dict)) and depth >= 64:
        raise Refused("depth")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(string(name) + ":" + canonical(item, depth + 1) for name, item in members) + "}"


def expected(data):
    """The canonical text, or None when the text is to be refused."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_float=parse_float, parse_int=parse_int, parse_constant=refuse, object_pairs_hook=pairs
        )
        return canonical(value).encode()
    except (Refused, ValueError, RecursionError):
        return None


def answers(probe, texts):
    sent = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    done = subprocess.run([probe], input=sent, capture_output=True, check=True).stdout
    place = 0
    for _ in texts:
        (length,) = struct.unpack_from("<I", done, place)
        yield done[place + 4 : place + 4 + length]
        place += 4 + length


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    source = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    accepted = wrong = 0
    for start in range(0, count, 10_000):
        texts = [mutated(source) for _ in range(min(10_000, count - start))]
        for text, answer in zip(texts, answers(sys.argv[1], texts)):
            want = expected(text)
            accepted += want is not None
            place = None if answer[:1] == b"A" else int(answer[1:].split(b" ")[0])
            same = answer[1:] == want if want is not None else place is not None and 0 <= place <= len(text)
            if not same:
                wrong += 1
                if wrong <= 20:
                    print(f"differs: {text!r}\n  python {want!r}\n  mdata  {answer!r}")
    print(f"{count} texts, {accepted} accepted, {count - accepted} refused, {wrong} differ")
    sys.exit(1 if wrong or accepted in (0, count) else 0)


if __name__ == "__main__":
    main()
