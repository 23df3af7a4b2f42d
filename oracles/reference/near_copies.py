"""Releases of a made instruction set: near-copies of rows are planted in it, and thinned from release to release."""

import collections
import json

from .rows import json_line

ROWS = 2000
THRESHOLDS = (0.9, 0.7, 0.5)
TOPICS = ("heart", "lung", "skin")


def made(random, has_ids):
    """Rows; of every third one or more copies follow somewhere in which a few words, or only the answer, are others."""
    words = [f"w{random.randrange(10**6)}" for _ in range(4000)]
    found = []

    def add(task, answer):
        row = {"id": f"row-{len(found):05}"} if has_ids else {}
        row |= {"instruction": " ".join(task), "input": "", "output": answer, "topic": random.choice(TOPICS)}
        found.append(row)

    while len(found) < ROWS:
        task = random.choices(words, k=random.randint(8, 20))
        answer = " ".join(random.choices(words, k=random.randint(3, 30)))
        add(task, answer)
        while random.random() < 0.35:
            copy = list(task)
            for place in random.sample(range(len(copy)), random.randint(0, 5)):
                copy[place] = random.choice(words)
            add(copy, answer if random.random() < 0.5 else answer + " again")
    random.shuffle(found)
    return found


def thinned(given, threshold):
    """The rows whose words are not too much those of a row that stays before them: by Jaccard's index, greedily."""
    kept, sets, holders = [], [], collections.defaultdict(list)
    for row in given:
        words = set(row["instruction"].split())
        shared = collections.Counter(place for word in words for place in holders[word])
        if any(common / (len(words) + len(sets[place]) - common) >= threshold for place, common in shared.items()):
            continue
        for word in words:
            holders[word].append(len(sets))
        sets.append(words)
        kept.append(row)
    return kept


def reviewed(random, given):
    """Some answers corrected, some topics and tasks changed, some rows removed, some new, some in another place."""
    found = []
    for row in given:
        chance = random.random()
        if chance < 0.01:
            continue
        row = dict(row)
        if chance < 0.04:
            row["output"] += " (corrected)"
        elif chance < 0.05:
            row["topic"] = "reviewed"
        elif chance < 0.06:
            row["instruction"] += " please"
        elif chance < 0.065:
            row["instruction"], row["output"] = row["instruction"] + " now", row["output"] + " then"
        found.append(row)
    for _ in range(20):
        row = dict(random.choice(found))
        if "id" in row:
            row["id"] = f"new-{random.randrange(10**9)}"
        row["output"] += " new"
        found.insert(random.randrange(len(found)), row)
    return found


def releases(random, has_ids):
    """What is committed one after the other: `corrections` by id, or a release by its name."""
    given = made(random, has_ids)
    found = [("release-1", given)]
    for number, threshold in enumerate(THRESHOLDS, 2):
        if has_ids:
            # Both task and answer: only the id tells that it is the same row.
            fixed = [
                {**row, "instruction": f"{row['instruction']} v{number}", "output": f"Answer {number}"}
                for row in random.sample(given, 40)]
            found.append(("corrections", fixed))
            by_id = {row["id"]: row for row in fixed}
            given = [by_id.get(row["id"], row) for row in given]
        given = reviewed(random, thinned(given, threshold))
        found.append((f"release-{number}", given))
    # Earlier releases come back, as the same files.
    found += [found[2 if has_ids else 1], found[-1]]
    if has_ids:
        # And again, after other corrections of the same rows: what comes back is not what it was the last time.
        for word in ("once", "twice", "thrice"):
            fixed = [{**row, "instruction": f"{row['instruction']} {word}", "output": word} for row in given[:5]]
            found += [("corrections", fixed), (f"release-{len(THRESHOLDS) + 1}", given)]
    return found


def write(given, style):
    if style == "array":
        return (json.dumps(given, ensure_ascii=False, indent=4) + "\n").encode()
    return "".join(json_line(row) + "\n" for row in given).encode()
