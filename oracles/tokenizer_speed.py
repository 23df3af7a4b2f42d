#!/usr/bin/env python3
"""How fast texts become tokens, beside Hugging Face tokenizers and SentencePiece: `tokenizer_speed.py BINARIES TOKENIZER FILE`.

TOKENIZER is a tokenizer.json or a tokenizer.model, FILE has rows of JSON (plain or .gz) whose strings are tokenized, each
on its own, up to 20 MB of them. One thread each, one after the other; the tokens are counted and compared. Compare the
figures of one run only.
"""

import gzip
import json
import os
import subprocess
import sys
import time

os.environ.update(TOKENIZERS_PARALLELISM="false", RAYON_NUM_THREADS="1")


def read(path, most=20_000_000):
    texts = []
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            texts += [value for value in json.loads(line).values() if isinstance(value, str)]
            most -= len(line)
            if most < 0:
                break
    return texts


def reference(path, texts):
    """Seconds and tokens of the reference implementation."""
    if path.endswith(".model"):
        import sentencepiece

        model = sentencepiece.SentencePieceProcessor(model_file=path, add_bos=True)
        encode = model.encode
    else:
        from tokenizers import Tokenizer

        model = Tokenizer.from_file(path)
        encode = lambda text: model.encode(text).ids
    began = time.perf_counter()
    tokens = sum(len(encode(text)) for text in texts)
    return time.perf_counter() - began, tokens


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    binaries, tokenizer, file = sys.argv[1:]
    texts = read(file)
    lines = "".join(json.dumps(text) + "\n" for text in texts).encode()
    command = [os.path.join(binaries, "oracle-probe"), "throughput", tokenizer]
    ours = json.loads(subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True).stdout)
    seconds, tokens = reference(tokenizer, texts)
    size = ours["bytes"] / 1e6
    print(f"{len(texts)} texts, {size:.1f} MB, {tokens} tokens")
    print(f"mdata     {size / ours['seconds']:8.1f} MB/s")
    print(f"reference {size / seconds:8.1f} MB/s   ({seconds / ours['seconds']:.1f}x)")
    sys.exit(ours["tokens"] != tokens)


main()
