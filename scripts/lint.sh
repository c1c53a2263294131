#!/usr/bin/env bash
# What a machine can say about style and common mistakes: clang-format and clang-tidy over the C files, shellcheck over
# the scripts. Exit code 1 when anything was found. Not part of scripts/test.sh: it takes minutes, and what is well
# formatted differs between versions of clang-format (14, Debian 12's, is the one that counts).
#   scripts/lint.sh            all
#   scripts/lint.sh --format   only clang-format and shellcheck (seconds)
#   scripts/lint.sh --fix      lets clang-format rewrite the files
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

tidy=true
format_how=(--dry-run -Werror)
case ${1:-} in
  "") ;;
  --format) tidy=false ;;
  --fix)
    tidy=false
    format_how=(-i)
    ;;
  *)
    echo "usage: scripts/lint.sh [--format | --fix]" >&2
    exit 2
    ;;
esac
rooms=(base kernels harness reports slides cli tests)

scripts/setup.sh --lint
failed=false

mapfile -t c_files < <(find "${rooms[@]}" -name '*.[ch]' | sort)
echo "lint: clang-format, ${#c_files[@]} files"
clang-format "${format_how[@]}" "${c_files[@]}" || failed=true

mapfile -t shell_files < <(find .ci scripts tests -type f \( -name '*.sh' -o -path '.ci/run' \) | sort)
echo "lint: shellcheck, ${#shell_files[@]} files"
shellcheck "${shell_files[@]}" || failed=true

if $tidy; then
  scripts/build.sh release >/dev/null # compile_commands.json, and the sources that the build makes
  echo "lint: clang-tidy, some minutes"
  log=build/lint-tidy.log
  # Its progress goes to a file: only findings are worth a person's time.
  if ! run-clang-tidy -quiet -j "$(nproc)" -p build/release "^$root/($(IFS='|'; echo "${rooms[*]}"))/" >"$log" 2>&1; then
    failed=true
    sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E -A3 '(error|warning): ' || tail -n 20 "$log"
  fi
fi

if $failed; then
  echo "lint: something was found, see above"
  exit 1
fi
echo "lint: nothing found"
