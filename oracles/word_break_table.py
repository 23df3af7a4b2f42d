#!/usr/bin/env python3
"""Writes the table of word-break properties that the Unicode tokenizer reads: `word_break_table.py [--check]`.

The properties come from PyPI's `regex` (pip install regex==2026.11.19), whose tables are Unicode 18.0.0. With --check
nothing is written; exits 1 when the file is not what this program would write.
"""

import os
import sys

import regex

VERSION = "18.0.0"
RELEASE = "2026.11.19"
TARGET = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Sources/Curation/Tokens/WordBreaks/WordBreakTable.swift")
# In the order of WordBreak's raw values; 0 is what has none of them.
CLASSES = [
    "CR", "LF", "Newline", "Extend", "ZWJ", "Format", "Regional_Indicator", "Katakana", "Hebrew_Letter", "ALetter",
    "Single_Quote", "Double_Quote", "MidNumLet", "MidLetter", "MidNum", "Numeric", "ExtendNumLet", "WSegSpace",
]
PICTOGRAPH, WORD = 0x20, 0x40


def properties():
    """The property byte of each code point. Surrogates, which no text holds, have 0."""
    scalars = [chr(value) for value in range(0x110000) if not 0xD800 <= value < 0xE000]
    table = bytearray(0x110000)
    sets = [("Word_Break=" + name, index + 1) for index, name in enumerate(CLASSES)]
    sets += [("Extended_Pictographic", PICTOGRAPH), ("L", WORD), ("N", WORD)]
    text = "".join(scalars)
    for name, bit in sets:
        for match in regex.finditer(r"\p{%s}" % name, text):
            table[ord(match.group())] |= bit
    return table


def render(table):
    runs = [(start, table[start]) for start in range(0x110000) if start == 0 or table[start] != table[start - 1]]
    words = ["0x%X" % (start << 8 | value) for start, value in runs]
    lines, line = [], "   "
    for word in words:
        if len(line) + len(word) + 2 > 110:
            lines.append(line)
            line = "   "
        line += " " + word + ","
    lines.append(line)
    return f"""// Written by oracles/word_break_table.py from the tables of PyPI regex {RELEASE}. Do not edit.

enum WordBreakTable {{
  /// The version of the Unicode Character Database that the table was made from.
  static let unicodeVersion = "{VERSION}"

  /// Where runs of code points with one property byte begin, ascending: the code point times 256, plus the byte. The low
  /// five bits are a ``WordBreak``; 0x20 says Extended_Pictographic, 0x40 a letter or number (general category L or N).
  // swift-format-ignore
  static let runs: [UInt32] = [
{chr(10).join(lines)}
  ]
}}
"""


def main():
    if regex.__version__ != RELEASE:
        sys.exit(f"error: this needs regex {RELEASE}, not {regex.__version__}")
    text = render(properties())
    if "--check" in sys.argv[1:]:
        with open(TARGET, encoding="ascii") as file:
            sys.exit(0 if file.read() == text else "error: the table of word breaks is not the one that would be written")
    with open(TARGET, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    main()
