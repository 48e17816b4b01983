# What everybody runs. `make help` lists it; README says the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test torture check bench strings build lock clean
.PHONY: style types layers translations migrations security

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 5000
ARGS ?=
# One more than there are processors: many tests wait for a server, a browser or a clock.
JOBS ?= $(shell $(PYTHON) -c "import os; print(1 + (os.cpu_count() or 1))")

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --no-deps --require-hashes --requirement

# What the build reads; it runs again when one of these is newer than its last run.
SOURCES := pyproject.toml setup.cfg setup.py \
	$(shell find frontend -name node_modules -prune -o -type f -print) \
	$(wildcard irm/static/icons/*.svg irm/translations/*/LC_MESSAGES/*.po)

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: .venv/built ## install, build, load the demo on first start, serve on http://127.0.0.1:5000
	@$(BIN)/irm db upgrade
	@$(BIN)/irm demo --first-start
	@exec $(BIN)/irm serve --host $(HOST) --port $(PORT)

# Elsewhere than at the default address, the sign-in and the links in mails lead there too.
ifneq ($(HOST):$(PORT),127.0.0.1:5000)
run: export IRM_PUBLIC_URL ?= http://$(HOST):$(PORT)
endif

test: .venv/built .venv/tools ## run every test; ARGS="tests/web -k board" runs some
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadgroup $(ARGS)

torture: .venv/built .venv/tools ## kill what sends mail, 100,000 mails; ARGS="--mails 10000 --kills 20" less
	@IRM_TIME_CASES=20000 $(BIN)/python -m pytest tests/torture tests/backups/test_copies.py tests/funnel/test_digest.py --full --numprocesses 0 $(ARGS)

check: style types layers translations migrations security ## style, types, layers, translations, migrations, security

style: .venv/tools
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: run $(BIN)/ruff format ." >&2; exit 1; }

types: .venv/built .venv/tools
	@$(BIN)/mypy

layers: .venv/built .venv/tools
	@$(BIN)/lint-imports --no-logo

translations: .venv/installed
	@$(BIN)/python tools/strings.py --check

migrations: .venv/built
	@$(BIN)/python tools/migrations.py

# bandit speaks of each of several tests that a `nosec` has nothing to do with.
security: .venv/tools
	@$(BIN)/bandit --quiet --recursive irm --ini setup.cfg 2> >(grep -v 'INFO\|nosec encountered' >&2)
	@$(BIN)/python tools/audit.py

bench: .venv/built .venv/tools ## measure against a bare reference; ARGS=--json, ARGS="--people 1000000"
	@$(BIN)/python -m bench $(ARGS)

strings: .venv/installed ## bring the French catalog in step with the sources
	@$(BIN)/python tools/strings.py

build: .venv/built ## build the front end and the translations

lock: ## write the lock files anew; ARGS=--upgrade takes newer versions
	@$(PYTHON) tools/lock.py $(ARGS)

clean: ## remove all that was built (your data in instance/ stays)
	rm -rf .venv build dist *.egg-info frontend/node_modules irm/static/dist irm/directory/dist
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find irm/translations -name '*.mo' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +

# The stamps: each is newer than all it was made from.

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "irm needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Installing the packages (a minute, once) …"
	@$(PYTHON) -m venv --clear .venv
	@$(INSTALL) requirements.lock
	@touch $@

.venv/tools: requirements-dev.lock .venv/installed
	@echo "Installing the tools for tests and checks …"
	@$(INSTALL) requirements-dev.lock
	@touch $@

.venv/built: $(SOURCES) .venv/installed
	@echo "Building the front end and the translations …"
	@# What setuptools warns of is that such an install can be edited.
	@PYTHONWARNINGS=ignore $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
