#!/usr/bin/env bash
# Prints the environment in which `cargo build --target wasm32-unknown-unknown` works.
#
# Where the toolchain has the target, the environment is empty. Where it has not and rustup cannot fetch it, a rustc
# that comes with the standard library's source is taken from Debian's packages and unpacked in DIR; nothing is
# installed. Its version differs from the main one, so build with a target folder of its own.
#
#   env=$(tools/wasm-env.sh DIR); eval "$env"; cargo build --lib --target wasm32-unknown-unknown $WASM_CARGO_FLAGS
#
# Tried on Debian 12, amd64, with cargo 1.95: rustc 1.96 from rustc-web; -Zbuild-std adds about 45 s on two cores.
set -euo pipefail

dir=${1:?usage: wasm-env.sh DIR}
target=wasm32-unknown-unknown

if [ -d "$(rustc --print target-libdir --target $target 2>/dev/null || true)" ]; then
  echo "export WASM_CARGO_FLAGS="
  exit 0
fi

# Refreshing the package lists is the one step that needs root; where that is impossible the lists at hand must do.
refresh() {
  if [ "$(id -u)" = 0 ]; then apt-get update -qq
  elif command -v sudo >/dev/null; then sudo apt-get update -qq
  fi
}

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root
if [ ! -e "$dir/complete" ]; then
  echo "wasm-env: rustup has no $target; taking rustc-web from Debian" >&2
  rm -rf "$root" "$dir"/*.deb
  refresh >&2 || true
  llvm=$(apt-cache depends rust-web-llvm 2>/dev/null | sed -n 's/.*Depends: llvm-\([0-9]*\).*/\1/p' | head -n 1)
  std=$(apt-cache depends libstd-rust-web-dev 2>/dev/null | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p' | head -n 1)
  if [ -z "$llvm" ] || [ -z "$std" ]; then
    echo "wasm-env: this Debian has no rustc-web; run 'rustup target add $target' with a network" >&2
    exit 1
  fi
  ( cd "$dir" && apt-get download -qq rustc-web libstd-rust-web-dev "$std" rust-web-src "libllvm$llvm" >&2 )
  for deb in "$dir"/*.deb; do dpkg-deb -x "$deb" "$root"; done
  touch "$dir/complete"
fi

host=$(rustc -vV | sed -n 's/^host: //p')
libraries=$(echo "$root"/usr/lib/*-linux-gnu)
cat > "$dir/rustc" <<SH
#!/bin/sh
LD_LIBRARY_PATH="$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "$root/usr/bin/rustc" "\$@"
SH
chmod +x "$dir/rustc"
lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
echo "export RUSTC='$dir/rustc' RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER='$lld'"
echo "export WASM_CARGO_FLAGS='-Zbuild-std=std,panic_abort'"
