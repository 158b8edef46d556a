# Everything a developer or CI runs. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
INSTALLED := .venv/.installed

# Python's own word on whether it is one of those that constraints.txt has wheels for,
# and has the module named.
supported = -c 'import sys, $(1); sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

# The one that makes the environment: python3 if it will do, or else one that does.
PYTHON ?= $(shell \
	for each in python3 python3.14 python3.13 python3.12 python3.11; do \
		$$each $(call supported,ensurepip) 2>/dev/null && echo $$each && break; \
	done)

.PHONY: help
help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

# Dependencies come with hashes from constraints.txt; the package itself is editable.
# Node comes from the machine, or else from a wheel.
$(INSTALLED): pyproject.toml constraints.txt constraints-node.txt
	@if ! $(BIN)/python $(call supported,pip) 2>/dev/null; then \
		python='$(PYTHON)'; \
		$${python:-false} $(call supported,ensurepip) || { \
			echo "Python 3.11 to 3.14 is needed, with venv; on Debian that is the"; \
			echo "package python3-venv. PYTHON=/path/to/python3 says which it is."; \
			exit 1; \
		} >&2; \
		echo "$$python -m venv --clear .venv"; \
		$$python -m venv --clear .venv; \
	fi
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
		--no-header --no-annotate \
		--group dev pyproject.toml -o constraints.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate \
		--group node -o constraints-node.txt

.PHONY: clean
clean: ## Remove the environment and everything that was built.
	rm -rf .venv web/node_modules gateway/static .pytest_cache .mypy_cache .ruff_cache
