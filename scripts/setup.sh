#!/usr/bin/env bash
# Installs what is missing to build and test flashdeck, through apt-get. Does nothing, and stays offline, when all is
# there. The list is scripts/packages.txt.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages_file=$here/packages.txt

usage() {
  cat <<'TEXT'
usage: scripts/setup.sh [--lint] [--fuzz] [--list]
  installs the packages of the groups build and test that are missing (Debian 12, Ubuntu 24.04 or later)
  --lint   also what scripts/lint.sh needs
  --fuzz   also what scripts/fuzz.sh needs
  --list   prints the packages, what each is for and whether it is there; installs nothing
exit: 0 all is there, 2 cannot install here (the list is printed)
TEXT
}

groups="build test"
list_only=false
for argument in "$@"; do
  case $argument in
    --lint) groups+=" lint" ;;
    --fuzz) groups+=" fuzz" ;;
    --list) list_only=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      echo "error: setup.sh does not know '$argument'" >&2
      usage >&2
      exit 2
      ;;
  esac
done

# "package<tab>what for" of the groups asked for.
wanted() {
  local group package purpose
  while read -r group package purpose; do
    if [[ " $groups " == *" $group "* ]]; then
      printf '%s\t%s\n' "$package" "$purpose"
    fi
  done < <(grep -v '^ *\(#\|$\)' "$packages_file")
}

installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

print_list() {
  local package purpose state
  while IFS=$'\t' read -r package purpose; do
    state=""
    if command -v dpkg-query >/dev/null; then
      state="missing  "
      if installed "$package"; then state="there    "; fi
    fi
    printf '  %s%-22s%s\n' "$state" "$package" "$purpose"
  done < <(wanted)
}

if $list_only; then
  print_list
  exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  {
    echo "error: this system has no apt-get; setup.sh knows Debian and Ubuntu only."
    echo "    Install these by hand (Debian's names), then build with: scripts/build.sh"
    print_list
  } >&2
  exit 2
fi

missing=()
while IFS=$'\t' read -r package _; do
  if ! installed "$package"; then missing+=("$package"); fi
done < <(wanted)
if ((${#missing[@]} == 0)); then exit 0; fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    {
      echo "error: ${#missing[@]} packages are missing, and installing them needs root (there is no sudo here)."
      echo "    As root: apt-get install --no-install-recommends ${missing[*]}"
    } >&2
    exit 2
  fi
  as_root=(sudo)
fi

echo "setup: will install ${#missing[@]} packages with apt-get: ${missing[*]}"
if ! "${as_root[@]}" apt-get update -q; then
  echo "warning: the package lists could not be refreshed; going on with those that are here" >&2
fi
# env, so that the setting also passes through sudo: no package may stop to ask a question.
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-install-recommends "${missing[@]}"; then
  {
    echo "error: apt-get could not install everything (its reason stands above)."
    echo "    flashdeck needs Debian 12, Ubuntu 24.04 or later; on Ubuntu the component 'universe' must be enabled."
  } >&2
  exit 2
fi
