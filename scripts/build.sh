#!/usr/bin/env bash
# Configures and builds a preset of CMakePresets.json (release when none is named), warnings as errors:
#   scripts/build.sh [PRESET [TARGET ...]]     without a target: everything, tests included
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:-release}
targets=("${@:2}")
cd "$root"

log=build/$preset-configure.log
mkdir -p build
if ! cmake --preset "$preset" -DFLASHDECK_WERROR=ON >"$log" 2>&1; then
  cat "$log" >&2
  echo "error: CMake could not configure; scripts/setup.sh installs what the build needs" >&2
  exit 2
fi
grep -e '^-- CUDA' "$log" || true
cmake --build --preset "$preset" ${targets[@]+--target "${targets[@]}"}
