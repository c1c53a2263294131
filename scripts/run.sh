#!/usr/bin/env bash
# The main job: installs what is missing, builds, measures attention on this machine and makes the carousel of it in
# out/. What stands behind the command goes to `flashdeck run` (scripts/run.sh --help lists it), as in
#   scripts/run.sh --theme paper --size 1:1
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
SECONDS=0
scripts/setup.sh
scripts/build.sh
code=0
build/release/cli/flashdeck run --out out "$@" || code=$?
printf 'run.sh: %d min %02d s in all\n' $((SECONDS / 60)) $((SECONDS % 60))
exit "$code"
