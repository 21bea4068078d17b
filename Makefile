# `make serve` and `make test` install what they need first; see .ci/setup.

export PATH := $(CURDIR)/.tools/bin:$(HOME)/.cargo/bin:$(PATH)
export CARGO_TERM_PROGRESS_WHEN := never
PORT ?= 8080
TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))

.PHONY: help serve test dist package batch-kills store-kills bench parity bench-page bench-rivals compare-landmarks fuzz soak compare-validators screenshots fmt clean \
	setup setup-page setup-fuzz

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: dist ## Build the page and serve it at http://127.0.0.1:8080 (PORT=N for another port)
	@node www/tools/serve.mjs dist --port $(PORT)

dist: setup-page ## Make dist/, a folder that any static host can serve under any path
	trunk build --release

package: setup ## Make pkg/, the engine as a JavaScript package
	wasm-pack build --mode no-install --no-default-features --target web

# Fails at the first step that fails. The last lines are the browser tests' summary.
test: setup ## Run all that CI runs
	@.ci/steps format lint native docs wasm fuzz+page size e2e

bench: ## Measure the engine natively (criterion)
	cargo bench --features native

# TASKS: folders of PDDL tasks or problem files; ARGS, and what has to be installed: see benches/rivals/search.py.
bench-rivals: ## Measure beside other planners: their crates, or PDDL planners on TASKS
ifdef TASKS
	cargo build --release --features native
	python3 benches/rivals/search.py $(TARGET_DIR)/release/planscope $(ARGS) $(TASKS)
else
	cargo run --release --manifest-path benches/rivals/Cargo.toml
endif

# TASKS as above; needs Python with `pip install up-fast-downward`, and says so where it is missing.
compare-landmarks: ## Compare our landmarks with Fast Downward's on PDDL tasks
	cargo build --release --features native
	python3 benches/rivals/landmarks.py $(TARGET_DIR)/release/planscope $(ARGS) $(or $(TASKS),www/examples/pddl)

# ROUNDS of each workload (20), and ONLY="name,name" of them: see tests/e2e/parity.mjs.
parity: dist ## Measure the same work natively and in the page, and lay the figures side by side
	cargo build --release --features native
	@PLANSCOPE=$(TARGET_DIR)/release/planscope node tests/e2e/parity.mjs

# TASKS: folders of PDDL tasks for the three visits, in place of examples.
bench-page: dist ## Measure the page in Chromium: during a long search, and on a first, a second and a warm visit
	@node tests/e2e/bench_visits.mjs
	@node tests/e2e/bench_page.mjs

fuzz: setup-fuzz ## Fuzz each reader for SECONDS seconds (60), or the one that TARGET names
	@for target in $(or $(TARGET),$$(cargo fuzz list)); do .ci/fuzz $$target $(or $(SECONDS),60) || exit 1; done

soak: ## Put a hundred thousand requests of all kinds through the service, on a virtual and on a real clock
	cargo test --features native --test soak -- --ignored --nocapture

# Needs Python with `pip install unified-planning`.
compare-validators: ## Compare our validator with unified-planning's on 2,000 plans, half of them damaged
	rm -rf $(TARGET_DIR)/plans
	PLANSCOPE_PLANS=$(TARGET_DIR)/plans cargo test --quiet --features native --test pddl validate:: -- --ignored
	cargo build --quiet --features native
	python3 tests/tools/compare_validators.py $(TARGET_DIR)/plans --planscope $(TARGET_DIR)/debug/planscope

batch-kills: ## Kill batches of 10,000 lines 20 times, and go on with them
	cargo test --features native --test cli batch:: -- --ignored

store-kills: ## Kill processes a thousand times while they write to their store
	cargo test --features native --test service -- --ignored --nocapture a_thousand_kills

screenshots: dist ## Photograph the page, the README's picture included
	@node tests/e2e/screenshots.mjs

fmt: ## Format the Rust sources
	cargo fmt --all

clean: ## Remove what was built; installed tools stay
	cargo clean --quiet
	rm -rf dist pkg test-results

setup:
	@.ci/setup

setup-page:
	@.ci/setup page

setup-fuzz:
	@.ci/setup fuzz
