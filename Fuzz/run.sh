#!/usr/bin/env bash
# Fuzzes the parsers, one after another: `./dev fuzz [TARGET|all] [SECONDS]`, and `./dev fuzz keep TARGET` to take what
# was found into the committed corpus. libFuzzer's own options may follow.
set -euo pipefail
cd "$(dirname "$0")/.."
fuzz=.build/fuzz/release/fuzz found=.build/fuzz/found
# The runtime's own crash reports get in the way of the sanitizer's.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:quarantine_size_mb=32}
mkdir -p "$found"

targets() { for folder in Fuzz/corpus/*/; do basename "$folder"; done; }

# A fuzzer that does not find the planted bug is blind, and its silence means nothing. It takes up to half a million runs,
# which a busy machine needs minutes for.
see() {
  local log=$found/planted.log
  if MDATA_FUZZ_TARGET=planted "$fuzz" -max_total_time=300 -artifact_prefix="$found/planted-" >"$log" 2>&1; then
    echo "error: the planted bug was not found: this build of the fuzzer has no coverage" >&2
    exit 1
  fi
  grep -q heap-buffer-overflow "$log" || { cat "$log" >&2; exit 1; }
  echo "planted: found, as it must be"
}

# One target for some seconds. Prints what was done; fails, with the input, when a promise is broken.
run() {
  local target=$1 seconds=$2
  shift 2
  [ -d "Fuzz/corpus/$target" ] || { echo "error: there is no target $target; there are: $(targets | xargs)" >&2; exit 64; }
  mkdir -p "$found/$target" "$found/crashes"
  local log=$found/$target.log
  if ! MDATA_FUZZ_TARGET=$target "$fuzz" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
      -use_value_profile=1 -artifact_prefix="$found/crashes/$target-" "$@" "$found/$target" "Fuzz/corpus/$target" >"$log" 2>&1; then
    grep -E "broken promise|ERROR|Fatal|timeout" "$log" >&2 || tail -n 5 "$log" >&2
    echo "error: $target failed; the input is the newest in $found/crashes, the log is $log" >&2
    return 1
  fi
  local runs cover kept
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  cover=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
  kept=$(find "$found/$target" -type f | wc -l)
  echo "$target: $runs runs in $seconds s, $cover, $kept new inputs, none breaks a promise"
}

# The smallest inputs that together reach all that is reached, at most 60 of at most 2 KiB.
keep() {
  local target=$1 merged
  merged=$(mktemp -d)
  mkdir -p "$found/$target"
  MDATA_FUZZ_TARGET=$target "$fuzz" -merge=1 "$merged" "Fuzz/corpus/$target" "$found/$target" >/dev/null 2>&1
  find "Fuzz/corpus/$target" -type f ! -name 'regression-*' -delete
  local free=$((60 - $(find "Fuzz/corpus/$target" -type f | wc -l)))
  find "$merged" -type f -size -5 -printf '%s %p\n' | sort -n | awk -v free="$free" '
    { line[NR] = $2 } END { step = NR > free ? NR / free : 1; for (i = 1; i <= NR; i += step) print line[int(i)] }' |
    head -n "$free" | while read -r file; do cp "$file" "Fuzz/corpus/$target/$(basename "$file" | cut -c1-12)"; done
  rm -rf "$merged"
  echo "$target: $(find "Fuzz/corpus/$target" -type f | wc -l) inputs kept"
}

case "${1:-all}" in
  keep) keep "$2" ;;
  planted) see ;;
  all)
    see
    failed=0
    for target in $(targets); do run "$target" "${2:-30}" || failed=1; done
    exit $failed ;;
  *) see; run "$1" "${2:-60}" "${@:3}" ;;
esac
