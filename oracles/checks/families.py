"""Tokens, texts and streams of every tokenizer family against Hugging Face tokenizers and SentencePiece.

$MDATA_ORACLE_STRINGS is the number of random strings; the default suits a quick run. $MDATA_SENTENCEPIECE may name a real
tokenizer.model, which is compared as well.
"""

import json
import os

import sentencepiece
from tokenizers import Tokenizer

from . import texts, vocabularies


def run(context):
    count = int(os.environ.get("MDATA_ORACLE_STRINGS", "5000"))
    strings = list(texts.randoms(count, seed=29))
    for kind, families in {"byte-level": vocabularies.byte_levels(), "characters": vocabularies.characters()}.items():
        for name, value in families:
            chosen = [s for s in strings if texts.is_settled(s)] if "nfc" in name else strings
            hugging_face(context, f"{kind} {name}", context.write("tokenizer.json", value), chosen)

    def write(name, data):
        with open(context.path(name), "wb") as file:
            file.write(data)
        return context.path(name)

    for name, path in vocabularies.sentencepieces(write):
        sentence_piece(context, f"sentencepiece {name}", path, strings)
    real = os.environ.get("MDATA_SENTENCEPIECE")
    if real:
        sentence_piece(context, "sentencepiece real", real, strings)
    else:
        context.skip("sentencepiece real", "MDATA_SENTENCEPIECE names no tokenizer.model")


def differences(context, name, inputs, found, expected):
    wrong = [i for i in range(len(inputs)) if found[i] != expected[i]]
    shown = "".join(f"\n       {ascii(inputs[i])}\n       {ascii(found[i])}\n       {ascii(expected[i])}" for i in wrong[:3])
    context.report(name, not wrong, f"{len(inputs)}" + (f", {len(wrong)} differ" if wrong else "") + shown)


def hugging_face(context, name, path, strings):
    reference = Tokenizer.from_file(path)
    expected = [encoding.ids for encoding in reference.encode_batch(strings)]
    differences(context, name + " tokens", strings, context.lines("tokenize", path, values=strings), expected)
    reference.encode_special_tokens = True
    plain = [e.ids for e in reference.encode_batch(strings, add_special_tokens=False)]
    found = context.lines("tokenize-plain", path, values=strings)
    differences(context, name + " tokens of plain text", strings, found, plain)
    back = [reference.decode(ids, skip_special_tokens=False) for ids in expected]
    differences(context, name + " texts", expected, context.lines("detokenize", path, values=expected), back)
    streamed = context.lines("stream", path, values=expected)
    whole = [i for i in range(len(expected)) if "\ufffd" not in back[i]]
    pick = lambda values: [values[i] for i in whole]
    differences(context, name + " streams", pick(expected), pick(streamed), pick(back))
    broken(context, name, path, reference)


def broken(context, name, path, reference):
    """Tokens that no text has: characters that are cut, bytes in any order."""
    import random

    source = random.Random(31)
    size = reference.get_vocab_size()
    ids = [[source.randrange(size if source.random() < 0.5 else 259) for _ in range(source.randrange(1, 9))] for _ in range(3000)]
    back = [reference.decode(tokens, skip_special_tokens=False) for tokens in ids]
    differences(context, name + " texts of random tokens", ids, context.lines("detokenize", path, values=ids), back)


def sentence_piece(context, name, path, strings):
    reference = sentencepiece.SentencePieceProcessor(model_file=path)
    expected = reference.encode(strings)
    differences(context, name + " tokens", strings, context.lines("tokenize-plain", path, values=strings), expected)
    # SentencePiece writes control and unknown pieces in its own way, and so do texts that they are in.
    whole = [ids for ids in expected if reference.unk_id() not in ids]
    back = reference.decode(whole)
    settled = [i for i in range(len(whole)) if "\ufffd" not in back[i]]
    found = context.lines("detokenize", path, values=[whole[i] for i in settled])
    differences(context, name + " texts", [whole[i] for i in settled], found, [back[i] for i in settled])
