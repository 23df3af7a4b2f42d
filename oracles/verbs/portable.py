"""The same import in other folders, under other settings of the machine: the same snapshot, commit and packs."""

import os
import random
import subprocess

from reference import rows
from .tool import Repository

SETTINGS = [
    ("one thread", {"MDATA_THREADS": "1"}, 0o022),
    ("two threads, umask 077", {"MDATA_THREADS": "2"}, 0o077),
    ("five threads, umask 0", {"MDATA_THREADS": "5"}, 0),
    ("TZ=Asia/Kathmandu", {"TZ": "Asia/Kathmandu"}, 0o022),
    ("TZ=America/St_Johns, LC_ALL=C", {"TZ": "America/St_Johns", "LC_ALL": "C"}, 0o022),
    ("LC_ALL=C.UTF-8, five threads", {"LC_ALL": "C.UTF-8", "MDATA_THREADS": "5"}, 0o022),
    ("LC_ALL=tr_TR.UTF-8", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}, 0o022),
]


def check(report, binary, scratch):
    # Enough text for several origins chunks, a tree of three levels and a trained dictionary.
    source = random.Random("portable")
    made = [rows.make(source, number) for number in range(1, 4001)]
    edited = [dict(row, output=row["output"] + " (reviewed)") if number % 9 == 0 else row for number, row in enumerate(made)]
    available = subprocess.run(["locale", "-a"], capture_output=True).stdout.decode(errors="replace").lower()
    expected = None
    for name, environment, umask in SETTINGS:
        if "tr_TR" in name and "tr_tr.utf" not in available:
            report.skip(f"import under {name}", "this machine does not have that locale")
            continue
        folder = scratch.folder("portable " + name.replace("/", " "))
        tool = Repository(binary, folder, environment, umask=umask)
        tool.output("init")
        tool.write("rows.jsonl", rows.write(made, "spaced"))
        tool.write("edited.jsonl", rows.write(edited, "spaced"))
        first = tool.json("commit", "rows.jsonl", "-m", "İlk")
        second = tool.json("commit", "--sync", "edited.jsonl", "-m", "İkinci")
        found = (first["snapshot"], second["snapshot"])
        packs = sorted(os.listdir(os.path.join(folder, ".mdata", "objects")))
        if expected is None:
            expected = (found, (first["commit"], second["commit"]), packs)
            report.check(f"import under {name}", first["added"] == 4000 and second["edited"] > 0)
            continue
        report.equal(f"import under {name}: the same snapshot roots", found, expected[0])
        report.equal(f"import under {name}: the same commits", (first["commit"], second["commit"]), expected[1])
        report.equal(f"import under {name}: the same packs", packs, expected[2])
