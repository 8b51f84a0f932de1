#!/usr/bin/env bash
# Fetches what `make test` needs and this machine lacks: a linker, Node, Chromium, what opens a page in it, pip for the
# checker of spelling and for mdBook, and parts of the Rust toolchain.
# Needs a Debian machine, and root or sudo only if something is missing.
set -euo pipefail

install() {
  echo "setup: installing $*" >&2
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup: $* missing; run as root, or install sudo" >&2; exit 1; }
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

command -v cargo >/dev/null || { echo "setup: no cargo; Rust comes from https://rustup.rs" >&2; exit 1; }

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
{ command -v typos && command -v mdbook; } >/dev/null || python3 -m pip --version >/dev/null 2>&1 || missing+=(python3 python3-pip)
[ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then install "${missing[@]}"; fi

cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy

# Where this cannot download, tools/wasm-env.sh finds another way.
target=wasm32-unknown-unknown
if [ ! -d "$(rustc --print target-libdir --target $target 2>/dev/null || true)" ]; then
  timeout 300 rustup target add $target >&2 || echo "setup: rustup could not add $target" >&2
fi

# What makes and opens pages, at the versions of the lockfiles; none brings a browser of its own.
root=$(dirname "${BASH_SOURCE[0]}")/..
for page in "$root/tests/page" "$root/lab"; do
  if ! (cd "$page" && npm ls >/dev/null 2>&1); then (cd "$page" && npm ci --no-audit --no-fund >&2); fi
done
