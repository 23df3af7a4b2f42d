#!/usr/bin/env bash
# usage: run.sh MDATA [versioning [ROWS [REPEATS]] | scaling [ROWS ...] | blame | llama | training MODEL [STEPS]]
set -euo pipefail
cd "$(dirname "$0")"
mdata=$1
what=${2:-versioning}
case "$what" in
  versioning)
    # The peers' own environment, with pinned versions.
    venv=../.bench/peers
    [ -d "$venv" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r versioning/requirements.txt
    exec python3 versioning/bench.py "$mdata" "$PWD/$venv/bin/python" "${3:-52000}" ${4:+"$4"} ;;
  scaling) shift 2; exec python3 versioning/scaling.py "$mdata" "$@" ;;
  blame)
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product blame-bench >&2
    shift 2; exec .build-bench/release/blame-bench "$@" ;;
  training)
    venv=../.bench/training
    [ -d "$venv" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r training/requirements.txt
    exec python3 training/bench.py "$mdata" "$PWD/$venv/bin/python" "${3:?which model: a Hugging Face folder}" ${4:+"$4"} ;;
  llama)
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product llama-bench >&2
    exec .build-bench/release/llama-bench ;;
  *) echo "error: there is no benchmark '$what'; see Benchmarks/README.md" >&2; exit 64 ;;
esac
