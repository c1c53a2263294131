#!/usr/bin/env bash
# Changes the CUDA kernels one spot at a time (an operator, a bound, a constant, a barrier that goes ...) and runs the
# simulator's tests on each: killed, survived, did not compile, a score for each file, and the survivors in build/mutate.
#   scripts/mutate.sh                        all of them
#   scripts/mutate.sh --sample 200 --seed 7  some, drawn
#   scripts/mutate.sh flash.cuh --only barrier
#   scripts/mutate.sh --help                 the other flags
# Survivors that change nothing that matters are explained in tests/simt/survivors.md.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
for argument in "$@"; do
  case $argument in
    -h | --help | --list | --check) exec python3 scripts/mutate.py "$@" ;;
  esac
done
scripts/setup.sh
scripts/build.sh release
exec python3 scripts/mutate.py "$@"
