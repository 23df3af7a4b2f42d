"""Texts on which tokenizers are compared."""

import glob
import os
import random
import unicodedata

WORDS = (
    "the patient's fever isn't HIGH I'll we've they'RE DON'T 'S 's ' '' 'ſ 3.5 12345678 ½ Ⅷ ٣٤ 10mg/dL e.g. naïve cafe\u0301"
    " Ångström 中文 漢字かな交じり文 한국어 नमस्ते ไทย العربية עברית 🦙 👩‍👩‍👧 ß ŉ ﬁ ﬆ <|im_start|> <|im_end|> <|endoftext|> <|im_ \t \n \r\n"
    " \n\n   \u00a0 \u2009 \u3000 \u2028 \ufeff \u200d \u0085 ### Response: {x} == != // __init__ ... ?! -- \u0301 \u0e31"
).split(" ")


def vectors(folder):
    """The strings of llama.cpp's tokenizer tests."""
    strings = set()
    for path in sorted(glob.glob(os.path.join(folder, "*.inp"))):
        with open(path, encoding="utf-8", newline="") as file:
            strings.update(file.read().split("\n__ggml_vocab_test__\n"))
    return sorted(strings)


def scalar(random, kind):
    if kind == 0:
        return random.choice(" \n\t\r'ab1Z.,-_ ")
    if kind == 1:
        return chr(random.randrange(1, 0x80))
    if kind == 2:
        return chr(random.randrange(0x80, 0x800))
    while True:
        point = random.randrange(1, 0x10000 if kind == 3 else 0x110000)
        if not 0xD800 <= point < 0xE000:
            return chr(point)


def randoms(count, seed):
    """Strings of words, whitespace and arbitrary scalars. U+0000 is left out: our JSON reader refuses it."""
    source = random.Random(seed)
    for _ in range(count):
        parts = []
        for _ in range(source.randrange(1, 14)):
            if source.random() < 0.4:
                parts.append(source.choice(WORDS))
                parts.append(source.choice(["", " ", " ", "  ", "\n"]))
            else:
                kind = source.randrange(5)
                parts += [scalar(source, kind) for _ in range(source.randrange(1, 5))]
        yield "".join(parts)


def every_scalar():
    """Each scalar where its class shows: after a letter, a digit, a space and a mark, before them, and twice; eight to a text."""
    scalars = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000]
    for start in range(0, len(scalars), 8):
        yield "".join(f"a{c}b1{c}2 {c} {c}{c}-{c}- \n{c}'{c}e'{c}" for c in scalars[start : start + 8])


def is_settled(text):
    """Whether all versions of Unicode since 9 compose the text alike: no combining mark that is younger or has a
    decomposition of its own."""
    return all(
        not unicodedata.combining(c) or (c in OLD_MARKS) for c in unicodedata.normalize("NFD", text)
    ) and all(c not in "\u0f73\u0f75\u0f81" for c in text)


OLD_MARKS = {chr(point) for point in range(0x300, 0x370) if unicodedata.combining(chr(point))}
