# `make` says what there is. Each target installs what it needs and is quick when nothing changed.

.DEFAULT_GOAL := help
.PHONY: help setup serve page test-page pictures check test test-long bench wasm-target python clean

CARGO ?= cargo
WASM := wasm32-unknown-unknown
# Runs a command quietly, and says what it is.
say = @printf '\033[1m==> %s\033[0m\n'

help:                 ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:                ## Installs every tool that the other targets need
	@tools/need trunk
	@tools/need wasm-pack
	@tools/need browser
	@tools/need python

serve:                ## The page at http://127.0.0.1:8080, rebuilt at each change
	@tools/need trunk
	trunk serve --release

page:                 ## The page as static files, in dist/
	@tools/need trunk
	$(say) "trunk build --release"
	trunk build --release

test-page: page       ## The page in real browsers: unit tests, then as a person would use it
	@tools/need wasm-pack
	@tools/need browser
	$(say) "unit tests of page and worker in Chromium"
	WASM_BINDGEN_TEST_TIMEOUT=120 wasm-pack test --headless --chrome --mode no-install --chromedriver "$$(command -v chromedriver)" --test web
	$(say) "the built site, driven"
	node --test tests/e2e/*.test.mjs
	@node tools/sizes.mjs

pictures: page        ## Screenshots of the page's main states, in docs/pictures
	@tools/need browser
	node tools/pictures.mjs

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
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --quiet --test asyncio_differential fresh -- --nocapture
	$(say) "100,000 random programs keep the invariants"
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --quiet --test invariants
	$(say) "threads, the GIL and pools in real time"
	$(CARGO) test --quiet -- --ignored --test-threads=1

bench: python         ## Speed and memory, side by side with peers; writes docs/benchmarks.md
	$(say) "bench (a few minutes)"
	python3 tools/bench.py

wasm-target:
	@tools/need wasm-target

python:
	@tools/need python

clean:                ## Removes what was built
	$(CARGO) clean
