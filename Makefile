# `make` says what there is. Each target installs what it needs and is quick when nothing changed.

.DEFAULT_GOAL := help
.PHONY: help check test test-long bench wasm-target python clean

CARGO ?= cargo
WASM := wasm32-unknown-unknown
# Runs a command quietly, and says what it is.
say = @printf '\033[1m==> %s\033[0m\n'

help:                 ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

check: wasm-target    ## Format, clippy on both targets, unit tests: before each commit
	$(say) "format"
	$(CARGO) fmt --all --check
	$(say) "clippy, native"
	$(CARGO) clippy --quiet --all-targets -- -D warnings
	$(say) "clippy, wasm"
	$(CARGO) clippy --quiet --target $(WASM) --lib --bins -- -D warnings
	$(say) "unit tests"
	$(CARGO) test --quiet --lib

test: wasm-target python  ## Everything that must hold: tests, the judge's 2,000 programs, the wasm build
	$(say) "tests"
	$(CARGO) test --quiet
	$(say) "the core builds for the browser"
	$(CARGO) build --quiet --target $(WASM) --lib

test-long: test       ## What is slow and rarely breaks: 100,000 programs, real time
	$(say) "100,000 random programs against CPython's asyncio"
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --release --quiet --test asyncio_differential fresh -- --nocapture
	$(say) "100,000 random programs keep the invariants"
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --release --quiet --test invariants
	$(say) "threads, the GIL and pools in real time"
	$(CARGO) test --release --quiet -- --ignored --test-threads=1

bench: python         ## Speed and memory, side by side with peers; writes docs/benchmarks.md
	$(say) "bench (a few minutes)"
	python3 tools/bench.py

wasm-target:
	@tools/need wasm-target

python:
	@tools/need python

clean:                ## Removes what was built
	$(CARGO) clean
