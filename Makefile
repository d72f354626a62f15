# `make` lists the targets. Each target installs its own tools, and is fast if nothing changed.

.DEFAULT_GOAL := help
.PHONY: help setup serve watch companion package wheel lab-package crates-of-page publish-crates sdist-of-page companion-files page site test-page pictures check test test-long fuzz bench lighthouse model-card bench-build bench-wheel test-python worst python-tests wheel-tools wasm-target npm wasm-bindgen browser python redis clean

CARGO ?= cargo
WASM := wasm32-unknown-unknown
# Prints the name of a step.
say = @printf '\033[1m==> %s\033[0m\n'
# Stops a hanging command with all its child processes.
within = @tools/within $(1)
# The kinds of fuzzed inputs: each has a target in fuzz/ and a folder in tests/fuzz/corpus/.
FUZZED := $(notdir $(wildcard tests/fuzz/corpus/*))
PAGE_SOURCES := $(shell find src crates www tools/seal.mjs index.html Trunk.toml Cargo.toml Cargo.lock package-lock.json -type f)
# The versions of CPython in tests/pyodide.
PYODIDE := 3.12 3.13 3.14
# The packages that a registry gets: the companion and its libraries.
PACKAGES := loopscope $(addprefix loopscope-,texts model script sim chart analysis formats reader lessons)
TARGET := $${CARGO_TARGET_DIR:-target}
# maturin finds zig by the Python that is first on PATH.
MATURIN := env PATH="$(CURDIR)/target/wheel-tools/bin:$$PATH" maturin
# On Linux, zig links for the C library of systems from 2014 on, whatever this machine has.
WHEEL_OPTIONS := $(if $(filter Linux,$(shell uname -s)),--zig --compatibility manylinux_2_17)
# The Python that has pytest, mypy, IPython and pandas, if they could be had; else the tests that need them are left out.
TESTS_PYTHON = $$([ -e target/python-tests/done ] && echo target/python-tests/bin/python3 || echo python3)
# The companion, if it has been built, for tests that need it.
TESTS_PROGRAM = $$([ ! -e $(TARGET)/debug/loopscope ] || realpath $(TARGET)/debug/loopscope)
# In a terminal cargo shows a progress bar; a file would get a line for each of 300 packages.
QUIET := $$([ -t 2 ] || echo --quiet)

help:                 ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:                ## Installs every tool that the other targets need
	@tools/need trunk
	@tools/need wasm-bindgen
	@tools/need browser
	@tools/need python
	@tools/need redis

serve: wasm-target npm ## The page on this machine, with real runs at a click (some minutes the first time, seconds later)
	@node tools/build-page.mjs --local
	$(say) "the companion with the page inside (two minutes the first time)"
	@LOOPSCOPE_PAGE=$$(realpath $(TARGET)/page) $(CARGO) build $(QUIET) --package loopscope --profile local --features with-page
# Ctrl-C (exit code 130) is the usual end and no failure.
	@trap : INT; $(TARGET)/local/loopscope serve || [ $$? -eq 130 ]

companion: page       ## The companion for others, with the page inside: target/release/loopscope (10 min the first time)
	$(say) "cargo build --package loopscope --release --features with-page (four minutes the first time)"
	$(call within,25m) $(CARGO) build --quiet --package loopscope --release --features with-page

package: page         ## What a registry gets: all packages, the companion's with the page inside
	@$(MAKE) --no-print-directory crates-of-page

wheel: page           ## A wheel for pip, with command line, page and Python package, and an sdist: target/wheels/ (10 min the first time)
	@tools/need wheel-tools
	$(say) "maturin (five minutes the first time)"
	@rm -rf $(TARGET)/wheels
	$(call within,25m) $(MATURIN) build --quiet --release --out $(TARGET)/wheels $(WHEEL_OPTIONS)
	@$(MAKE) --no-print-directory sdist-of-page
	@ls -l $(TARGET)/wheels

lab-package: page     ## What npm gets: the element and the whole page, in target/npm/
	node tools/lab-package.mjs $(TARGET)/npm/loopscope-lab

# These take the page of dist/ as it is. The workflow of a release builds it once for all.
crates-of-page: companion-files
	$(say) "cargo package"
# cargo warns about each test, since packages contain none; `make test-long` installs the result.
# `--allow-dirty`: the built page and the copy of the Python package are not committed.
	$(CARGO) package $(addprefix --package ,$(PACKAGES)) --no-verify --quiet --allow-dirty

publish-crates: companion-files
	$(CARGO) publish $(addprefix --package ,$(PACKAGES)) --no-verify --allow-dirty

sdist-of-page: companion-files
	@tools/need wheel-tools
	$(MATURIN) sdist --out $(TARGET)/wheels

# The sources of the page are not in a package, but the page is.
companion-files:
	@rm -rf crates/companion/dist && cp -r dist crates/companion/dist
	@rm -rf crates/companion/python && cp -r python/loopscope crates/companion/python
	@find crates/companion/python -name __pycache__ -prune -exec rm -rf {} +

watch:                ## The page alone at http://127.0.0.1:8080, rebuilt at each change (compiles Trunk once: 5 min)
	@tools/need trunk
# A plain `trunk serve` does the same if it can download wasm-bindgen.
	@PATH=$$(node tools/page/wasm-bindgen.mjs) && export PATH && trunk serve

page: wasm-target npm ## The page as static files in dist/, small to download (4 min; a second if nothing changed)
	$(call within,25m) node tools/build-page.mjs

site: page            ## The whole site in site/: landing page, documentation, lessons, playground
	$(CARGO) build --quiet --package loopscope --release
	node tools/site/build.mjs

test-page: wasm-bindgen browser python page ## The page in real browsers: unit tests, then as a person would use it
	$(say) "unit tests of page and worker in Chromium"
	$(call within,15m) env WASM_BINDGEN_TEST_ONLY_WEB=1 WASM_BINDGEN_TEST_TIMEOUT=120 CHROMEDRIVER="$$(command -v chromedriver)" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner $(CARGO) test --package loopscope-page --target $(WASM) --lib --test web
	$(say) "the built site, driven"
	$(CARGO) build --quiet --package loopscope --features with-page
	LOOPSCOPE_PROGRAM=$(TARGET)/debug/loopscope node tools/site/build.mjs
	$(call within,40m) node --test --test-reporter=spec --test-concurrency=2 --test-timeout=300000 $(wildcard tests/e2e/*.test.mjs) tests/embed/plain.test.mjs $(filter-out %/trunk.test.mjs,$(wildcard tests/build/*.test.mjs)) tests/editor/load.test.mjs tests/pyodide/programs.test.mjs tests/pyodide/fastapi.test.mjs
	@node tools/sizes.mjs

pictures: page        ## Screenshots of the page's main states, in docs/pictures
	@tools/need browser
	@tools/need fonts
	node tools/pictures.mjs

check: wasm-target    ## Format, clippy on both targets, licences, documentation, unit tests: before each commit
	$(say) "format"
	$(CARGO) fmt --all --check
	$(say) "clippy, native"
	$(CARGO) clippy --quiet --all-targets -- -D warnings
	$(CARGO) clippy --quiet --package page-bindgen -- -D warnings
	$(say) "clippy, wasm"
	$(CARGO) clippy --quiet --package loopscope-page --features web --target $(WASM) --lib --bins -- -D warnings
	$(CARGO) check --quiet --package loopscope-page --target $(WASM) --profile test --lib --test web
	$(say) "one version, licences and origins of crates"
	@node tools/version.mjs >/dev/null
	@node tools/dependencies.mjs
	$(say) "documentation"
	@RUSTDOCFLAGS="-D warnings" $(CARGO) doc --quiet --no-deps --document-private-items
	@RUSTDOCFLAGS="-D warnings" $(CARGO) doc --quiet --no-deps --document-private-items --package loopscope-page --features web --target $(WASM) --lib
	$(say) "unit tests"
	$(CARGO) test --quiet --lib
	$(say) "every text in every language"
	$(CARGO) test --quiet --test languages

test: wasm-target python redis  ## Everything that must hold: tests, the judge's 2,000 programs, the page in Chromium
	$(say) "tests"
	$(call within,30m) $(CARGO) test --quiet
	@$(MAKE) --no-print-directory test-python
	@tools/need pyodides
	$(say) "1,000 random programs each against CPython $(PYODIDE), by Pyodide in Node"
	@for version in $(PYODIDE); do \
	  tools/within 10m env LOOPSCOPE_PYTHON="$(CURDIR)/tests/pyodide/python$$version.mjs" $(CARGO) test --quiet --test asyncio_differential fresh -- --nocapture || exit 1; \
	done
	@$(MAKE) --no-print-directory test-page

test-python:          ## The Python package: about 450 tests on the virtual clock (a minute)
# Without a connection to PyPI the tests of the pytest plugin, types and notebooks are left out.
	@tools/need python-tests || true
	$(say) "real Python programs on the virtual clock"
	$(call within,5m) $(TESTS_PYTHON) -m unittest discover --start-directory python/tests
	$(say) "the Python API with the companion"
	$(call within,5m) env LOOPSCOPE_PROGRAM="$(TESTS_PROGRAM)" $(TESTS_PYTHON) -m unittest discover --start-directory python/tests --pattern 'test_[an]*.py'

fuzz:                 ## Any input of any kind: cargo-fuzz for a minute each where it is, else a million inputs
ifneq ($(shell command -v cargo-fuzz),)
	@mkdir -p $(addprefix target/fuzz/corpus/,$(FUZZED))
	for kind in $(FUZZED); do \
	  $(CARGO) +nightly fuzz run --fuzz-dir fuzz $$kind target/fuzz/corpus/$$kind tests/fuzz/corpus/$$kind \
	    -- -max_total_time=60 -max_len=4096 || exit 1; \
	done
else
	$(say) "a million inputs (some minutes; cargo-fuzz is not installed)"
	LOOPSCOPE_SEED=$$(date +%s) LOOPSCOPE_INPUTS=1000000 $(CARGO) test --quiet --profile checked --test fuzz -- --nocapture
endif

test-long: test lighthouse ## What is slow and rarely breaks: 100,000 programs, real time
	$(TARGET)/debug/loopscope setup python >/dev/null
	$(say) "Python programs in real time, beside their virtual runs; the lessons in Python"
	$(call within,5m) env LOOPSCOPE_REAL_TIME=1 LOOPSCOPE_PROGRAM=$(TARGET)/debug/loopscope python3 -m unittest discover --start-directory python/tests
	$(say) "100,000 random programs against CPython's asyncio"
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --quiet --test asyncio_differential fresh -- --nocapture
	$(say) "10,000 more each against CPython $(PYODIDE), by Pyodide in Node"
	@for version in $(PYODIDE); do \
	  LOOPSCOPE_PROGRAMS=10000 LOOPSCOPE_PYTHON="$(CURDIR)/tests/pyodide/python$$version.mjs" $(CARGO) test --quiet --test asyncio_differential fresh -- --nocapture || exit 1; \
	done
	$(say) "100,000 random programs keep the invariants"
	LOOPSCOPE_PROGRAMS=100000 $(CARGO) test --quiet --test invariants
	$(say) "ten million inputs of every kind"
	LOOPSCOPE_SEED=$$(date +%s) LOOPSCOPE_INPUTS=10000000 $(CARGO) test --quiet --profile checked --test fuzz -- --nocapture
	$(say) "1,000 kills at random moments leave no process and no folder (a quarter of an hour)"
	LOOPSCOPE_KILLS=1000 $(CARGO) test --quiet --test verify kills -- --nocapture
	@tools/need firefox
	$(say) "the main paths in Firefox"
	$(call within,10m) node --test --test-reporter=spec --test-timeout=300000 tests/firefox/*.test.mjs
	$(say) "threads, the GIL and pools in real time; every lesson on every runtime (half an hour)"
	$(CARGO) test --quiet --no-fail-fast -- --ignored --test-threads=1 --nocapture
	$(say) "courses by their real generators"
	@tools/need courses
	$(call within,10m) node --test --test-reporter=spec --test-timeout=300000 tests/embed/generators.test.mjs
	$(say) "pre-commit, the GitHub Action and mdBook, the real ones"
	$(call within,30m) node --test --test-reporter=spec tests/embed/tools.test.mjs
	$(say) "a third language, by one file"
	$(call within,30m) node --test --test-reporter=spec tests/language/*.test.mjs
	$(say) "real notebooks: JupyterLab, Notebook, marimo"
	@tools/need notebook
	$(call within,15m) env LOOPSCOPE_PROGRAM="$(TESTS_PROGRAM)" node --test --test-reporter=spec --test-concurrency=1 --test-timeout=300000 tests/notebook/*.test.mjs
	$(say) "what is installed from the packages and the wheel"
	@$(MAKE) --no-print-directory package
	@$(MAKE) --no-print-directory wheel
# Without root or a mirror the tests in a Debian of their own are left out.
	@tools/need debian || true
	$(call within,30m) node --test --test-reporter=spec --test-concurrency=1 tests/package/*.test.mjs
	$(say) "Trunk in a fresh clone builds the same page (compiles Trunk, once, and the page)"
	@tools/need trunk
	$(call within,30m) node --test --test-reporter=spec tests/build/trunk.test.mjs
	$(say) "the Sphinx directive in Sphinx itself"
	python3 integrations/sphinx/check.py "$(TARGET)/debug/loopscope"

bench: python wasm-target npm browser ## Speed and memory, side by side with peers; writes docs/benchmarks.md
	$(say) "bench (a few minutes)"
	python3 tools/bench.py

bench-build:          ## The first build from a fresh clone, timed; writes docs/benchmarks.md (10 min)
	python3 tools/bench_build.py

bench-wheel:          ## The installed wheel of `make wheel`: how soon it answers; writes docs/benchmarks.md
	python3 tools/bench_wheel.py

worst:                ## The worst scripts under 1 KB: their time and memory; writes docs/benchmarks.md
	python3 tools/worst.py

lighthouse: site      ## What Lighthouse says of the site, in the local Chromium
	@tools/need browser
	cd benches/lighthouse && npm ci --silent --no-audit --no-fund
	node benches/lighthouse/judge.mjs

model-card: python redis   ## Every lesson on every runtime, predicted and measured; writes docs/model-card.md
	$(say) "model card (about half an hour on a quiet machine)"
	$(CARGO) build --quiet --package loopscope --release
	target/release/loopscope setup python
	python3 tools/model_card.py

# The tools that tools/need installs.
wasm-target npm wasm-bindgen browser python redis python-tests wheel-tools:
	@tools/need $@

clean:                ## Removes what was built
	$(CARGO) clean
