# Everything a developer or CI runs. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help
help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

# Dependencies come with hashes from constraints.txt; the package itself is editable.
# Node comes from the machine, or else from a wheel.
$(INSTALLED): pyproject.toml constraints.txt constraints-node.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	$(BIN)/python hatch_build.py --can-build || \
		$(BIN)/python -m pip install --quiet --require-hashes -r constraints-node.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.PHONY: install
install: $(INSTALLED) web ## Make the environment and build GraphiQL.

.PHONY: web
web: $(INSTALLED) ## Build GraphiQL from web/, unless it is up to date.
	$(BIN)/python hatch_build.py

.PHONY: demo
demo: install ## Load the demo store and serve it on 127.0.0.1:8000.
	$(BIN)/gateway demo

.PHONY: serve
serve: install ## Serve on the settings of the environment.
	$(BIN)/gateway serve

.PHONY: test
test: install ## Run every test that this machine can run.
	$(BIN)/python -m pytest -n auto --dist loadfile

.PHONY: check
check: install ## Check format, lint, types, floors and generated pages.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m gateway.snapshots --check

.PHONY: format
format: install ## Format the code and mend what lint can mend.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: browser
browser: ## Install Debian's Chromium for the browser tests, as root.
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then \
		echo "Chromium is there."; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else \
		echo "Install the package chromium as root; without it browser tests are skipped."; \
	fi

.PHONY: snapshots
snapshots: install ## Rewrite the generated pages of docs/.
	$(BIN)/python -m gateway.snapshots

.PHONY: screenshot
screenshot: install ## Take README's picture of GraphiQL anew, with Chromium.
	$(BIN)/python -m tests.browser.screenshot

.PHONY: bench
bench: install ## Measure the storefront query beside a bare ASGI app.
	$(BIN)/python -m bench

.PHONY: bench-segments
bench-segments: install ## Measure the segment index beside a plain walk.
	$(BIN)/python -m bench.segments

.PHONY: bench-prices
bench-prices: install ## Measure prices of 100,000 products under 20 rules.
	$(BIN)/python -m bench.prices

.PHONY: bench-bulk
bench-bulk: install ## Measure matching customers in bulk; CUSTOMERS=1000000.
	$(BIN)/python -m bench.bulk $(CUSTOMERS)

.PHONY: bench-cart
bench-cart: install ## Measure what many cart price rules and lines cost.
	$(BIN)/python -m bench.carts

.PHONY: lock
lock: ## Write constraints.txt anew from pyproject.toml.
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		--group dev pyproject.toml -o constraints.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		--group node -o constraints-node.txt

.PHONY: clean
clean: ## Remove the environment and everything that was built.
	rm -rf .venv web/node_modules gateway/static .pytest_cache .mypy_cache .ruff_cache
