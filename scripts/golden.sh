#!/usr/bin/env bash
# The golden pictures: every layout in every shape as it should look (tests/slides/golden/).
#   scripts/golden.sh            compares; pictures of what differs are named
#   scripts/golden.sh --accept   takes over what differs as wanted: look at it before you commit it
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

accept=""
case ${1:-} in
  "") ;;
  --accept) accept=1 ;;
  -h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
  *)
    echo "error: golden.sh does not know '$1'; it knows --accept" >&2
    exit 2
    ;;
esac

cmake --preset release >/dev/null
cmake --build --preset release --target slides_golden
mkdir -p tests/slides/golden build/release/tests
cd build/release/tests
if [[ $accept ]]; then
  GOLDEN_ACCEPT=1 ./slides_golden
  git -C "$root" status --short -- tests/slides/golden
else
  ./slides_golden
fi
