"""The peers of bench.py on its files: `peers.py FOLDER`. Prints a JSON list a line: name, seconds for all, note."""

import json
import os
import sys
import time

folder = sys.argv[1]
tasks = [json.loads(line)["instruction"] for line in open(os.path.join(folder, "tasks.jsonl"))]
kept = [json.loads(line)["decision"] == "keep" for line in open(os.path.join(folder, "kept.jsonl"))]
# Each text is compared with the kept ones before it.
pairs = 0
before = 0
for keep in kept:
    pairs += before
    before += keep


def say(name, seconds, note):
    print(json.dumps([name, seconds, note]), flush=True)


from rouge_score import rouge_scorer, tokenize  # noqa: E402

tokens = [tokenize.tokenize(text, None) for text in tasks]
some, others = tokens[-10:], [t for t, keep in zip(tokens, kept) if keep][:2000]
began = time.monotonic()
for one in some:
    for other in others:
        rouge_scorer._score_lcs(one, other)
each = (time.monotonic() - began) / (len(some) * len(others))
say("rouge-score, as Alpaca and AlpaCare run it", each * pairs, f"extrapolated from {len(some) * len(others)} of {pairs} pairs")

from rapidfuzz import process  # noqa: E402
from rapidfuzz.distance import Indel  # noqa: E402

numbers = {}
texts = ["".join(chr(numbers.setdefault(word, len(numbers)) + 0x4E00) for word in list_) for list_ in tokens]
accepted = [t for t, keep in zip(texts, kept) if keep]
some = texts[-300:]
began = time.monotonic()
for one in some:
    process.extractOne(one, accepted, scorer=Indel.normalized_similarity, score_cutoff=0.7)
each = (time.monotonic() - began) / (len(some) * len(accepted))
say("rapidfuzz, the fastest there is in Python", each * pairs, f"extrapolated from {len(some) * len(accepted)} pairs")

rows = [json.loads(line) for line in open(os.path.join(folder, "rows.jsonl"))]


def grams(row):
    words = (row["instruction"] + " " + row["output"]).lower().split()
    return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


from rensa import RMinHash, RMinHashLSH  # noqa: E402

began = time.monotonic()
index = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
dropped = 0
for number, row in enumerate(rows):
    sketch = RMinHash(num_perm=128, seed=42)
    sketch.update(list(grams(row)))
    dropped += bool(index.query(sketch))
    index.insert(number, sketch)
say("rensa, MinHash for Jaccard from 0.7", time.monotonic() - began, f"{dropped} dropped")

from datasketch import MinHash, MinHashLSH  # noqa: E402

began = time.monotonic()
index = MinHashLSH(threshold=0.7, num_perm=128)
dropped = 0
for number, row in enumerate(rows):
    sketch = MinHash(num_perm=128)
    sketch.update_batch([gram.encode() for gram in grams(row)])
    dropped += bool(index.query(sketch))
    index.insert(number, sketch)
say("datasketch, MinHash for Jaccard from 0.7", time.monotonic() - began, f"{dropped} dropped")
