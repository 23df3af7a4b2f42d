"""Rows for the benchmark: synthetic pairs with the lengths and repetitions of machine-written medical data.

Deterministic. The words are a Zipf-distributed vocabulary of syllables: no text of anybody's.
"""
import json
import random

SYLLABLES = "ba be bi bo ca co cu da de di do fa fe ga ge ha he la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi".split()


class Rows:
    def __init__(self, seed=20260101, vocabulary=9000):
        rng = random.Random(seed)
        words = set()
        while len(words) < vocabulary:
            words.add("".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))))
        self.words = sorted(words)
        rng.shuffle(self.words)
        weights, total = [], 0.0
        for rank in range(1, vocabulary + 1):
            total += 1 / rank
            weights.append(total)
        self.weights = weights
        # Real text repeats phrases: a store of them is drawn from as often as single words.
        self.phrases = [" ".join(rng.choices(self.words, cum_weights=weights, k=rng.randint(3, 9))) for _ in range(4000)]
        self.topics = self.words[:60]

    def text(self, rng, length):
        parts, count = [], 0
        while count < length:
            part = rng.choice(self.phrases) if rng.random() < 0.35 else rng.choices(self.words, cum_weights=self.weights)[0]
            parts.append(part)
            count += part.count(" ") + 1
        return " ".join(parts)

    def row(self, number, salt=0):
        rng = random.Random(f"{number}/{salt}")
        output = self.text(rng, min(330, max(10, int(rng.lognormvariate(4.1, 0.55)))))
        return {
            "id": f"row-{number:08d}",
            "instruction": self.text(rng, rng.randint(5, 20)).capitalize() + "?",
            "input": self.text(rng, rng.randint(5, 60)) if rng.random() < 0.3 else "",
            "output": output.capitalize() + ".",
            "topic": rng.choice(self.topics),
            "difficulty": rng.randint(1, 5),
        }


def line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
