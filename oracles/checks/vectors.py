"""Tokens against llama.cpp's published test vectors.

$MDATA_TOKENIZER_VECTORS names a folder with NAME.gguf, NAME.gguf.inp and NAME.gguf.out: `models/` of llama.cpp's sources,
which is also inside of the sdist of the PyPI package llama-cpp-python (vendor/llama.cpp/models).
"""

import glob
import os

from . import gguf_values

SEPARATOR = "\n__ggml_vocab_test__\n"
# Vocabularies of model families that are no LLaMA and whose tokenizer is of another kind: what refuses them.
OTHERS = {"bert-bge": '"bert"', "nomic-bert-moe": '"t5"', "gemma-4": '"gemma4"'}


def run(context):
    folder = os.environ.get("MDATA_TOKENIZER_VECTORS")
    if not folder:
        return context.skip("vectors", "MDATA_TOKENIZER_VECTORS names no folder of llama.cpp's test vectors")
    for path in sorted(glob.glob(os.path.join(folder, "ggml-vocab-*.gguf"))):
        name = os.path.basename(path)[len("ggml-vocab-") : -len(".gguf")]
        if not os.path.exists(path + ".inp"):
            context.skip(f"vectors {name}", "there are no strings beside it")
            continue
        values = context.path(name + ".gguf.json")
        gguf_values.convert(path, values)
        with open(path + ".inp", encoding="utf-8", newline="") as file:
            strings = file.read().split(SEPARATOR)
        with open(path + ".out", encoding="utf-8") as file:
            expected = [[int(word) for word in line.split()] for line in file.read().split("\n")]
        try:
            found = context.lines("tokenize-plain", values, values=strings)
        except RuntimeError as error:
            refusal = OTHERS.get(name)
            context.report(f"vectors {name} refused", bool(refusal) and refusal in str(error), str(error)[-300:])
            continue
        wrong = [i for i in range(min(len(strings), len(expected))) if found[i] != expected[i]]
        detail = f"{len(strings)} strings" + "".join(
            f"\n       {ascii(strings[i])}\n       {found[i]}\n       {expected[i]}" for i in wrong[:3]
        )
        context.report(f"vectors {name}", not wrong and len(strings) == len(expected), detail)
