#!/usr/bin/env bash
# Fuzzes every parser of user input for 30 seconds each: scripts/fuzz.sh [SECONDS] [TARGET ...]
# A finding is left in tests/fuzz/corpus/TARGET, where the ordinary tests run it from then on; exit code 1.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-30}
if [[ ! $seconds =~ ^[0-9]+$ ]] || (( seconds < 1 )); then
  echo "error: '$seconds' is not a number of seconds: scripts/fuzz.sh [SECONDS] [TARGET ...]" >&2
  exit 2
fi
shift || true
targets=("$@")
if (( $# == 0 )); then
  for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    targets+=("${name#fuzz_}")
  done
fi
scripts/setup.sh --fuzz

CC=clang cmake -G Ninja -S . -B build/fuzz -DFLASHDECK_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo > /dev/null
cmake --build build/fuzz -- "${targets[@]/#/fuzz_}"

# What libraries keep until the end is no leak of ours.
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0

found=0
for target in "${targets[@]}"; do
  seeds=tests/fuzz/corpus/$target
  grown=build/fuzz/corpus/$target # what the fuzzer keeps for the next time
  log=build/fuzz/$target.log
  mkdir -p "$grown"
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=20000 "-artifact_prefix=$seeds/"
           -print_final_stats=1)
  if [[ -e tests/fuzz/$target.dict ]]; then
    options+=("-dict=tests/fuzz/$target.dict")
  fi
  if "build/fuzz/tests/fuzz/fuzz_$target" "${options[@]}" "$grown" "$seeds" > "$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: $runs inputs in $seconds s, no finding"
  else
    found=1
    echo "$target: FOUND something ($log)"
    grep -E "ERROR|SUMMARY|runtime error|Test unit written to" "$log" | sed 's/^/    /' || tail -5 "$log"
  fi
done
exit "$found"
