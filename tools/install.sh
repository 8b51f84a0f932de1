#!/usr/bin/env bash
# Installs the program, its man pages and its completions:  tools/install.sh PROGRAM PREFIX
set -euo pipefail

[ $# = 2 ] || { echo "usage: tools/install.sh PROGRAM PREFIX" >&2; exit 2; }
program=$1 prefix=$2
# Windows has its ending.
[ -e "$program" ] || program=$program.exe

mkdir -p "$prefix/bin"
cp "$program" "$prefix/bin/"
chmod 755 "$prefix/bin/$(basename "$program")"
"$program" manual man --out "$prefix/share/man/man1"
completions() {
  mkdir -p "$(dirname "$prefix/$2")"
  "$program" manual completions "$1" > "$prefix/$2"
}
completions bash share/bash-completion/completions/namesake
completions zsh share/zsh/site-functions/_namesake
completions fish share/fish/vendor_completions.d/namesake.fish
echo "installed in $prefix: bin/namesake, share/man/man1, completions for bash, zsh and fish"
