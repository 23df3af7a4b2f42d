#!/usr/bin/env bash
# usage: run.sh MDATA [versioning [ROWS [REPEATS]] | scaling [ROWS ...] | blame | llama | training MODEL [STEPS] | sample MODEL [PEER] | filter [ROWS] | similarity MODE … | near-duplicates MODE …]
set -euo pipefail
mdata=$1
# Paths are the caller's.
[ -e "${3:-}" ] && set -- "$1" "$2" "$(realpath "$3")" "${@:4}"
[ -e "${4:-}" ] && set -- "${@:1:3}" "$(realpath "$4")" "${@:5}"
cd "$(dirname "$0")"
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
  filter)
    venv=../.bench/filter
    [ -d "$venv" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r filter/requirements.txt
    exec python3 filter/bench.py "$mdata" "$PWD/$venv/bin/python" ${3:+"$3"} ;;
  similarity | near-duplicates)
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product "$what-bench" >&2
    shift 2; exec .build-bench/release/"$what-bench" "$@" ;;
  llama)
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product llama-bench >&2
    shift 2; exec .build-bench/release/llama-bench "$@" ;;
  sample)
    # MODEL is a folder or GGUF file; PEER a llama-bench of llama.cpp, which reads the same files.
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product llama-bench >&2
    exec python3 Benchmarks/sample/bench.py "$mdata" .build-bench/release/llama-bench "$3" ${4:+"$4"} ;;
  *) echo "error: there is no benchmark '$what'; see Benchmarks/README.md" >&2; exit 64 ;;
esac
