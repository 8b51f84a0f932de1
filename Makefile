# Namesake. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
# The compiler of the WebAssembly build may be another one than the main one, so it has a folder of its own.
WASM_TARGET := $(TARGET)/wasm
WASM := $(WASM_TARGET)/wasm32-unknown-unknown/release/examples/wasm.wasm
TEST_LOG := $(TARGET)/test.log

.PHONY: help setup test check unit small-library docs wasm wasm-test page-test bench clean
.NOTPARALLEL:

help:            ## this list
	@sed -n 's/^\([a-z-]*\): *[a-z -]*## */\1\t/p' Makefile | expand -t 16

test: setup check unit small-library docs wasm-test page-test  ## everything that has to pass, from a Debian machine with Rust
	@echo; echo "All passed. The tests, once more:"
	@grep -E '^test result:' $(TEST_LOG)

setup:           ## fetch what the other targets need and this machine lacks
	tools/setup.sh

check:           ## format and lints
	cargo fmt --check
	cargo clippy --all-targets --all-features -- -D warnings

unit:            ## cargo test, all of it
	mkdir -p $(TARGET)
	cargo test 2>&1 | tee $(TEST_LOG)

small-library:   ## the library without threads and command line
	cargo check --lib --no-default-features

docs:            ## the API documentation, without warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

wasm:            ## the core as a WebAssembly module
	env=$$(tools/wasm-env.sh $(WASM_TARGET)/rustc) && eval "$$env" && \
	CARGO_TARGET_DIR=$(WASM_TARGET) cargo build --example wasm --no-default-features --release \
	    --target wasm32-unknown-unknown $$WASM_CARGO_FLAGS
	@ls -l $(WASM)

wasm-test: wasm  ## the same bytes from the native build and from WebAssembly in Node
	NAMESAKE_WASM=$(WASM) cargo test --test integration webassembly

page-test:       ## report.html in Chromium: widths, light, dark, print, without scripts, with hostile texts
	cargo build
	node tests/page/look.mjs $(TARGET)/debug/namesake $(TARGET)/page-test

bench:           ## the benchmarks, one group for each stage
	cargo bench

clean:           ## remove what was built
	cargo clean
