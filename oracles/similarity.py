#!/usr/bin/env python3
"""Holds `mdata filter` against rouge-score, `mdata dedup --near` against plain sets and `--minhash` against its formula: `similarity.py BINARIES [SEED]`.

BINARIES is the folder that holds the mdata to be checked. Decisions, scores and nearest rows of ROUGE-L are computed by
rouge-score's own functions over its own tokens, near-duplicates from sets of n-grams, pair by pair. The texts are drawn:
near-copies, runs of the same words, scores of exactly the threshold, other scripts, nothing at all; and real ones where
public data lies beside the repository. Prints a line a check; exits 1 when one fails.
"""

import gzip
import itertools
import json
import os
import random
import sys

from rouge_score import rouge_scorer, tokenize

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verbs.report import Report  # noqa: E402
from verbs.tool import Repository, Scratch, binary  # noqa: E402

SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared", "data")
WORDS = ["fever", "Fever", "cough", "COUGH", "the", "of", "a", "what", "is", "dose", "mg", "10", "child", "adult", "İnsulin", "Kelvin K", "naïve", "β"]


def drawn(chance, count):
    """Texts of which many are near-copies of earlier ones."""
    texts = ["", " ", "...", "流感的症状是什么", "грипп", "مرض", "a", "A!", "a a a", "a b a b a b"]
    # Seven of ten: an F of 0.7 that floating point puts above it for some lengths.
    texts += [" ".join("abcdefghij"), " ".join("abcdefgxyz"), " ".join("abcdefg"), " ".join("abcdefgxyzuvw")]
    for n in range(3, 24):
        texts.append(" ".join(f"w{n}x{i}" for i in range(n)))
        texts.append(" ".join(f"w{n}x{i}" if i < round(0.7 * n) else f"other{n}y{i}" for i in range(n)))
    while len(texts) < count:
        if texts and chance.random() < 0.5:
            words = chance.choice(texts).split(" ")
            for _ in range(chance.randint(0, 4)):
                place = chance.randrange(len(words) + 1)
                if chance.random() < 0.5 and place < len(words):
                    del words[place]
                else:
                    words.insert(place, chance.choice(WORDS))
        else:
            words = [chance.choice(WORDS) + str(chance.randrange(40)) * (chance.random() < 0.5) for _ in range(chance.randint(1, 30))]
        texts.append(chance.choice([" ", "  ", ", "]).join(words))
    # Longer than a machine word of bits, and one of many words.
    texts += [" ".join(chance.choice(WORDS) for _ in range(n)) for n in (63, 64, 65, 127, 128, 129, 700, 701)]
    chance.shuffle(texts)
    return texts


def tokens(text):
    return tokenize.tokenize(text, None)


def score(target, prediction):
    """rouge-score's F, of tokens."""
    return rouge_scorer._score_lcs(target, prediction).fmeasure


def could_be(target, prediction, threshold):
    """Whether lengths alone leave a score above the threshold: the longest common subsequence is the shorter one at most."""
    shorter = min(len(target), len(prediction))
    if not shorter:
        return False
    p, r = shorter / len(prediction), shorter / len(target)
    return 2 * p * r / (p + r) > threshold


def greedy(lists, threshold, known=()):
    kept, decisions = [(f"known.jsonl:{i + 1}", other) for i, other in enumerate(known)], []
    for place, mine in enumerate(lists):
        best = (0, None)
        for name, other in kept:
            if could_be(mine, other, threshold) and (f := score(mine, other)) > threshold and f > best[0]:
                best = (f, name)
        decisions.append(best)
        if best[1] is None:
            kept.append((place + 1, mine))
    return decisions


def isolated(lists, threshold):
    decisions = []
    for place, mine in enumerate(lists):
        best = (0, None)
        for other_place, other in enumerate(lists):
            if other_place != place and could_be(mine, other, threshold) and (f := score(mine, other)) > threshold and f > best[0]:
                best = (f, other_place + 1)
        decisions.append(best)
    return decisions


def write(tool, name, texts):
    tool.write(name, "".join(json.dumps({"instruction": text, "output": "x"}) + "\n" for text in texts).encode())


def decided(tool, *arguments):
    tool.output("filter", "rows.jsonl", "--tokenizer", "rouge", "--report", "report.jsonl", *arguments)
    rows = [json.loads(line) for line in tool.read("report.jsonl").splitlines()]
    return [((row["score"], row["nearest"]) if row["decision"] == "drop" else (0, None)) for row in rows]


def compare(report, name, found, expected):
    wrong = [i for i in range(max(len(found), len(expected))) if found[i : i + 1] != expected[i : i + 1]]
    shown = "; ".join(f"row {i + 1}: {found[i : i + 1]} and not {expected[i : i + 1]}" for i in wrong[:3])
    dropped = sum(1 for _, nearest in expected if nearest is not None)
    report.check(f"{name}: {len(expected)} rows, {dropped} dropped", not wrong and 0 < dropped < len(expected), shown)


def rouge(report, tool, chance):
    texts = drawn(chance, 400)
    write(tool, "rows.jsonl", texts)
    lists = [tokens(text) for text in texts]
    for threshold in (0, 0.3, 0.5, 0.7, 0.9, 1):
        found = decided(tool, "--rouge-l", str(threshold))
        expected = greedy(lists, threshold)
        wrong = found != expected
        report.check(f"greedy above {threshold} as rouge-score has it", not wrong, str([p for p in zip(found, expected) if p[0] != p[1]][:3]))
    compare(report, "isolated above 0.7", decided(tool, "--rouge-l", "0.7", "--policy", "isolated"), isolated(lists, 0.7))
    tool.output("filter", "rows.jsonl", "--compat", "alpacare", "--report", "again.jsonl")
    report.check("alpacare is isolated above 0.7", tool.read("again.jsonl") == tool.read("report.jsonl"))
    known = drawn(chance, 60)
    write(tool, "known.jsonl", known)
    compare(
        report, "greedy against known ones", decided(tool, "--rouge-l", "0.7", "--against", "known.jsonl"),
        greedy(lists, 0.7, [tokens(text) for text in known]))
    whole(report, tool, lists[:200], texts[:200])
    alpaca(report, tool, lists[:200], texts[:200], known[:20])


def whole(report, tool, lists, texts):
    """The nearest of everything, and the mean of all."""
    write(tool, "rows.jsonl", texts)
    tool.output("filter", "rows.jsonl", "--tokenizer", "rouge", "--rouge-l", "0.7", "--policy", "isolated", "--nearest", "--report", "r.jsonl")
    problems = []
    for place, line in enumerate(tool.read("r.jsonl").splitlines()):
        row = json.loads(line)
        scores = [score(lists[place], other) for other in lists[:place] + lists[place + 1 :]]
        best, mean = max(scores), sum(scores) / len(scores)
        if (row["score"] or 0) != best or abs(row["mean"] - mean) > 1e-12:
            problems.append((place, row["score"], best, row["mean"], mean))
    report.check("nearest and mean of every row", not problems, str(problems[:3]))


def alpaca(report, tool, lists, texts, seeds):
    """What Stanford Alpaca keeps with each instruction: the ten most similar of seeds and those accepted before, and the mean."""
    write(tool, "rows.jsonl", texts)
    write(tool, "seeds.jsonl", seeds)
    tool.output("filter", "rows.jsonl", "--compat", "alpaca", "--against", "seeds.jsonl", "--report", "r.jsonl")
    all_of_them = [(f"seeds.jsonl:{i + 1}", tokens(text)) for i, text in enumerate(seeds)]
    problems, dropped = [], 0
    for place, line in enumerate(tool.read("r.jsonl").splitlines()):
        row = json.loads(line)
        scores = [(score(lists[place], other), name) for name, other in all_of_them]
        # Alpaca's argsort leaves open which of equal scores comes first, and fills up with those of nothing in common.
        best = sorted((pair for pair in scores if pair[0] > 0), key=lambda pair: -pair[0])[:10]
        mean = sum(f for f, _ in scores) / len(scores)
        found = [(item["score"], item["item"]) for item in row["most_similar"]]
        if found != best or abs(row["mean"] - mean) > 1e-12:
            problems.append((place, found, best, row["mean"], mean))
        if not best or best[0][0] <= 0.7:
            all_of_them.append((place + 1, lists[place]))
        else:
            dropped += 1
        if (row["decision"] == "drop") != bool(best and best[0][0] > 0.7):
            problems.append((place, row["decision"], best[:1]))
    report.check(f"alpaca's ten most similar and mean of {len(texts)} rows, {dropped} dropped", not problems and dropped, str(problems[:2]))


def real(report, tool):
    def medquad(path):
        with gzip.open(path, "rt") as file:
            return [json.loads(line)["instruction"] for line in itertools.islice(file, 0, 16000, 32)]

    def seeds(path):
        with open(path) as file:
            return [json.loads(line)["instruction"] for line in file]

    def pubmed(path):
        with open(path) as file:
            return [item["QUESTION"] for item in json.load(file).values()]

    for name, read in (("medquad_answered.jsonl.gz", medquad), ("seed_tasks.jsonl", seeds), ("ori_pqal.json", pubmed)):
        path = os.path.join(SHARED, name)
        if not os.path.exists(path):
            print(f"skip {name}: it is not beside the repository")
            continue
        texts = read(path)
        write(tool, "rows.jsonl", texts)
        lists = [tokens(text) for text in texts]
        for threshold in (0.5, 0.7):
            found, expected = decided(tool, "--rouge-l", str(threshold)), greedy(lists, threshold)
            dropped = sum(1 for _, nearest in expected if nearest)
            report.equal(f"{name} above {threshold}: {len(texts)} texts, {dropped} dropped", found, expected)


def grams(words, n):
    if not words:
        return frozenset()
    return frozenset(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1))) if len(words) >= n else frozenset([tuple(words)])


MEASURES = {
    "jaccard": lambda a, b: len(a & b) / len(a | b),
    "dice": lambda a, b: 2 * len(a & b) / (len(a) + len(b)),
    "overlap": lambda a, b: len(a & b) / min(len(a), len(b)),
}


def near(report, tool, chance):
    texts = drawn(chance, 300)
    write(tool, "rows.jsonl", texts)
    lists = [tokens(text) for text in texts]
    for n, (name, measure), threshold in itertools.product((1, 2, 3), MEASURES.items(), (0.5, 0.7, 1.0)):
        sets = [grams(words, n) for words in lists]
        expected, kept = {}, []
        for place, mine in enumerate(sets):
            for other in kept:
                if mine and sets[other] and (s := measure(mine, sets[other])) >= threshold:
                    expected[place + 1] = (other + 1, s)
                    break
            else:
                kept.append(place)
        tool.output(
            "dedup", "rows.jsonl", "--near", str(threshold), "--ngram", str(n), "--similarity", name, "--tokenizer", "rouge", "--field", "instruction",
            "--report", "near.jsonl")
        found = {row["dropped"]: (row["kept"], row["score"]) for row in map(json.loads, tool.read("near.jsonl").splitlines())}
        wrong = [key for key in {**expected, **found} if expected.get(key) != found.get(key)]
        report.check(
            f"near by {name} of {n}-grams from {threshold}: {len(expected)} of {len(texts)}", not wrong and expected,
            str([(key, found.get(key), expected.get(key)) for key in wrong[:3]]))


WHOLE = 2**64 - 1


def mixed(x):
    """The finaliser of SplitMix64."""
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & WHOLE
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & WHOLE
    return x ^ x >> 31


def fnv(data):
    """FNV-1a of 64 bits."""
    hash = 0xCBF29CE484222325
    for byte in data:
        hash = ((hash ^ byte) * 0x100000001B3) & WHOLE
    return hash


def signature(grams, places):
    """One permutation hashing with optimal densification, 32 bits a place; None without grams."""
    own = {}
    for gram in grams:
        value = mixed(fnv(" ".join(gram).encode()) ^ 0xD6E8FEB86659FD93)
        place = value * places >> 64
        own[place] = min(own.get(place, WHOLE), value)
    if not own:
        return None
    values = []
    for place in range(places):
        found, attempt = place, 0
        while found not in own:
            attempt += 1
            found = mixed(place << 32 ^ attempt * 0x9E3779B97F4A7C15 & WHOLE) * places >> 64
        values.append(own[found] & 0xFFFFFFFF)
    return values


def signatures(report, tool, chance):
    """Every signature, and how near the estimates of similarity are to the similarities."""
    texts = drawn(chance, 200)
    write(tool, "rows.jsonl", texts)
    for n, places in ((1, 1), (2, 16), (3, 128), (2, 1000)):
        sets = [grams(tokens(text), n) for text in texts]
        tool.output(
            "dedup", "rows.jsonl", "--minhash", "m.jsonl", "--ngram", str(n), "--permutations", str(places), "--tokenizer", "rouge",
            "--field", "instruction")
        found = [json.loads(line) for line in tool.read("m.jsonl").splitlines()]
        expected = [{"minhash": signature(mine, places), "row": place + 1} for place, mine in enumerate(sets)]
        report.equal(f"{len(found)} signatures of {places} values over {n}-grams", found, expected)
    errors = []
    for one, other in itertools.combinations(range(len(sets)), 2):
        exact = MEASURES["jaccard"](sets[one], sets[other]) if sets[one] and sets[other] else 0
        if exact:
            equal = sum(a == b for a, b in zip(found[one]["minhash"], found[other]["minhash"]))
            errors.append(equal / places - exact)
    mean = (sum(error * error for error in errors) / len(errors)) ** 0.5
    report.check(f"{len(errors)} estimates of 1000 values are off by {mean:.3f} in the mean", mean < 0.1 and len(errors) > 100, "too far")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    seed = int(sys.argv[2]) if len(sys.argv) == 3 else 1
    report, chance = Report(), random.Random(seed)
    with Scratch() as scratch:
        tool = Repository(binary(sys.argv[1]), scratch.folder("similarity"))
        for check in (lambda: rouge(report, tool, chance), lambda: real(report, tool), lambda: near(report, tool, chance),
            lambda: signatures(report, tool, chance)):
            report.group("similarity", check)
    report.close()


main()
