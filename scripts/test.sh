#!/usr/bin/env bash
# The tests: installs what is missing, builds, runs every test, then runs them again in a build that watches memory and
# undefined behaviour (the preset asan).
#   scripts/test.sh                all
#   scripts/test.sh deck           tests with one label: unit, simt, gpu, deck, browser
#   scripts/test.sh -R kernels     what starts with - goes to ctest as it is
#   scripts/test.sh --quick ...    without the second build
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
SECONDS=0

second_build=true
select=()
for argument in "$@"; do
  case $argument in
    -h | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --quick) second_build=false ;;
    -*) select+=("$argument") ;;
    *)
      # A bare word is a label when nothing, or no option that waits for its value, stands before it.
      if ((${#select[@]} == 0)); then select=(-L "^$argument\$"); else select+=("$argument"); fi
      ;;
  esac
done

took() {
  printf 'test.sh: %s: %d min %02d s since the start\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

scripts/setup.sh
scripts/build.sh release
took "built"

code=0
rm -f build/release/tests/simt/*.summary
ctest --preset release -j "$(nproc)" --no-tests=error "${select[@]}" || code=$?
took "release tests"

if $second_build && ((code == 0)); then
  scripts/build.sh asan
  took "asan built"
  # A test that says so by its label `timed` learns nothing from a slower build.
  ctest --preset asan -j "$(nproc)" --no-tests=ignore -LE '^timed$' "${select[@]}" || code=$?
fi
cat build/release/tests/simt/*.summary 2>/dev/null || true
took "all"
exit "$code"
