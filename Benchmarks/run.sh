#!/usr/bin/env bash
# usage: run.sh MDATA [versioning [ROWS] | llama]
set -euo pipefail
cd "$(dirname "$0")"
mdata=$1
what=${2:-versioning}
case "$what" in
  versioning) exec python3 versioning/bench.py "$mdata" "${3:-52000}" ;;
  llama)
    cd .. && MDATA_BENCHMARKS=1 swift build -c release --scratch-path .build-bench --product llama-bench >&2
    exec .build-bench/release/llama-bench ;;
  *) echo "error: there is no benchmark '$what'; see Benchmarks/README.md" >&2; exit 64 ;;
esac
