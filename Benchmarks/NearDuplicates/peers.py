"""MinHash LSH of datasketch and rensa on a file of `near-duplicates-bench generate`: the same words, 3-grams, threshold 0.7,
128 permutations, one thread. usage: peers.py (datasketch | rensa) FILE"""

import re
import resource
import sys
import time
from collections import Counter

WORD = re.compile(r"[a-z0-9\u0080-\U0010ffff]+")


def grams(text: str, n: int = 3) -> set[str]:
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + n]) for i in range(max(1, len(words) - n + 1))}


class Chains:
    """Union-find in which the first row of a cluster stands for it."""

    def __init__(self, count: int):
        self.parent = list(range(count))

    def find(self, row: int) -> int:
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def join(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        self.parent[max(one, other)] = min(one, other)


def datasketch(rows: list[str], chains: Chains) -> None:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.7, num_perm=128)
    for row, text in enumerate(rows):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([gram.encode() for gram in grams(text)])
        for other in index.query(sketch):
            chains.join(row, other)
        index.insert(row, sketch)


def rensa(rows: list[str], chains: Chains) -> None:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    for row, text in enumerate(rows):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(list(grams(text)))
        for other in index.query(sketch):
            chains.join(row, other)
        index.insert(row, sketch)


def report(clusters: list[int], truth: list[tuple[int, str]]) -> str:
    planted, found = Counter(), Counter()
    for row, (original, kind) in enumerate(truth):
        if kind != "u":
            planted[kind] += 1
            found[kind] += clusters[row] == clusters[original]
    members = Counter((cluster, original) for cluster, (original, _) in zip(clusters, truth))
    removed = len(clusters) - len(set(clusters))
    precision = sum(count - 1 for count in members.values()) / max(1, removed)
    kinds = ", ".join(f"{kind} {found[kind] / planted[kind]:.3f}" for kind in sorted(planted))
    recall = found.total() / max(1, planted.total())
    return f"precision {precision:.4f}, recall {recall:.4f} of {planted.total()} planted: {kinds}"


def main() -> None:
    peers = {"datasketch": datasketch, "rensa": rensa}
    if len(sys.argv) != 3 or sys.argv[1] not in peers:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as file:
        rows = file.read().splitlines()
    chains = Chains(len(rows))
    start, wall = time.process_time(), time.perf_counter()
    peers[sys.argv[1]](rows, chains)
    spent, wall = time.process_time() - start, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{sys.argv[1]}: {len(rows)} rows, {spent:.2f} s of the processor, {wall:.2f} s; peak {memory} MiB")
    with open(sys.argv[2] + ".truth", encoding="utf-8") as file:
        truth = [(int(original), kind) for original, kind in (line.rstrip("\n").split("\t") for line in file)]
    print(report([chains.find(row) for row in range(len(rows))], truth))


if __name__ == "__main__":
    main()
