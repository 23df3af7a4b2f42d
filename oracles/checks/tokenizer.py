"""Tokens and texts against Hugging Face tokenizers, for every pre-tokenizer we claim to know."""

import copy
import json
import os

from tokenizers import Tokenizer

from . import texts

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)


def byte_level(regex, prefix=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def sequence(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}


def digits(individual):
    return {"type": "Digits", "individual_digits": individual}


def variants(base):
    """One tokenizer.json a way of cutting, each with other rare options switched on."""
    specials = [token["content"] for token in base["added_tokens"]]
    first = {"id": specials[0], "ids": [base["added_tokens"][0]["id"]], "tokens": [specials[0]]}

    def variant(pre, **model):
        value = copy.deepcopy(base)
        value["pre_tokenizer"] = pre
        value["model"].update(model)
        return value

    yield "gpt2", variant(byte_level(True))
    yield "smollm", variant(sequence(digits(True), byte_level(True)))
    llama3 = variant(sequence(split(LLAMA3), byte_level(False)), ignore_merges=True)
    llama3["post_processor"] = {
        "type": "Sequence",
        "processors": [
            byte_level(True),
            {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": specials[0], "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {specials[0]: first},
            },
        ],
    }
    yield "llama3", llama3
    qwen = variant(sequence(split(LLAMA3.replace("{1,3}", ""), "Removed", True), byte_level(False)))
    yield "qwen2", qwen
    composing = copy.deepcopy(qwen)
    composing["normalizer"] = {"type": "NFC"}
    yield "qwen2-nfc", composing
    odd = variant(sequence(digits(False), byte_level(True, prefix=True)), unk_token="a", fuse_unk=True)
    odd["added_tokens"][0].update(lstrip=True, rstrip=True)
    odd["added_tokens"][1].update(single_word=True, normalized=True)
    odd["model"]["merges"] = [" ".join(merge) for merge in odd["model"]["merges"]]
    yield "digits-and-prefix", odd


def run(context):
    strings = list(texts.randoms(20_000, seed=7))
    folder = context.shared("data", "tokenizer-vectors")
    if folder:
        strings = texts.vectors(folder) + strings
    else:
        context.skip("tokenizer vectors", "the public test strings are not here")
    folders = {"tiny": context.tiny()}
    if context.real():
        folders["real"] = context.real()
    for name, folder in folders.items():
        with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
            base = json.load(file)
        for variant, value in variants(base):
            # Swift and the reference know different versions of Unicode's composition tables: leave scalars newer
            # than the older of them out of that one comparison, and the three marks whose order Swift does not restore.
            compose = variant.endswith("nfc")
            chosen = [s for s in strings if texts.is_settled(s)] if compose else strings
            path = context.write("tokenizer.json", value)
            if name == "tiny" and variant in ("gpt2", "smollm", "llama3"):
                cuts(context, f"tokenizer {name} {variant} cuts every character", path)
            compare(context, f"tokenizer {name} {variant}", path, chosen)


def cuts(context, name, path):
    """Compares the pieces: tokens hide a wrong cut wherever no merge could have crossed it."""
    reference = Tokenizer.from_file(path).pre_tokenizer
    strings = list(texts.every_scalar())
    found = context.lines("pieces", path, values=strings)
    wrong = [
        s for s, ours in zip(strings, found) if ours != [piece for piece, _ in reference.pre_tokenize_str(s)]
    ]
    context.report(name, not wrong, f"{len(strings)} texts" + "".join(f"\n       {ascii(s)}" for s in wrong[:5]))


def compare(context, name, path, strings):
    reference = Tokenizer.from_file(path)
    expected = [encoding.ids for encoding in reference.encode_batch(strings)]
    found = context.lines("tokenize", path, values=strings)
    wrong = [s for s, ours, theirs in zip(strings, found, expected) if ours != theirs]
    context.report(name, not wrong, f"{len(strings)} texts" + "".join(f"\n       {ascii(s)}" for s in wrong[:5]))
    texts_back = context.lines("detokenize", path, values=expected[:20_000])
    theirs = [reference.decode(ids, skip_special_tokens=False) for ids in expected[:20_000]]
    wrong = [i for i, (ours, their) in enumerate(zip(texts_back, theirs)) if ours != their]
    context.report(name + " decode", not wrong, "".join(f"\n       {ascii(theirs[i])}\n       {ascii(texts_back[i])}" for i in wrong[:3]))
