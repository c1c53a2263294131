#!/usr/bin/env bash
# Changes code one spot at a time (an operator, a bound, a constant, a barrier that goes ...) and runs its tests on each:
# killed, survived, did not compile, a score for each file, and the survivors in build/mutate. Two sets: cuda, the CUDA
# kernels under the simulator's tests, and select, the choice of blocks.
#   scripts/mutate.sh                        all of the CUDA kernels
#   scripts/mutate.sh select                 all of the other set
#   scripts/mutate.sh --sample 200 --seed 7  some, drawn
#   scripts/mutate.sh cuda flash.cuh --only barrier
#   scripts/mutate.sh --resume               goes on where a run was interrupted; --again tries survivors again
#   scripts/mutate.sh --report               what was found so far
#   scripts/mutate.sh --help                 the other flags
# Survivors that change nothing that matters are explained in tests/simt/survivors.md and tests/kernels/survivors.md.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
for argument in "$@"; do
  case $argument in
    -h | --help | --list | --check | --report) exec python3 scripts/mutate.py "$@" ;;
  esac
done
scripts/setup.sh
scripts/build.sh release
exec python3 scripts/mutate.py "$@"
