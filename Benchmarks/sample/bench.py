"""Generation in every format: `bench.py MDATA LLAMA_BENCH MODEL [PEER]`.

Writes MODEL as f32, f16, bf16 and q8_0 GGUF files into a temporary folder, and measures them and MODEL itself. With PEER,
a `llama-bench` of llama.cpp, the same files are measured there too, right before and after, and the better run counts.
"""

import json
import os
import subprocess
import sys
import tempfile

TOKENS = 64


def peer(binary, path):
    """Tokens a second of one stream and of a prompt of 512."""
    done = subprocess.run([binary, "-m", path, "-t", "2", "-p", "512", "-n", str(TOKENS), "-r", "3", "-o", "json"], capture_output=True, check=True)
    rows = json.loads(done.stdout)
    return {("prompt" if row["n_prompt"] else "one stream"): row["avg_ts"] for row in rows}


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    mdata, bench, model = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        paths = [model]
        for kind in ("q8_0", "f16", "bf16", "f32"):
            paths.append(os.path.join(folder, kind + ".gguf"))
            subprocess.run([mdata, "model", "convert", model, paths[-1], "--type", kind, "--quiet"], check=True)
        for path in paths:
            runs = [peer(sys.argv[4], path)] if len(sys.argv) > 4 and os.path.isfile(path) else []
            subprocess.run([bench, "decode", path], check=True)
            if runs:
                runs.append(peer(sys.argv[4], path))
                best = {key: max(run[key] for run in runs) for key in runs[0]}
                print("  llama.cpp: " + ", ".join(f"{key} {value:.0f} tokens/s" for key, value in best.items()), flush=True)


main()
