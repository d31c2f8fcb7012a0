# Two commands matter: `make run` opens the product, `make test` proves the tree.
# The rest are shortcuts. Nothing needs more than Python 3.11, make and the network once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 3

# One stamp for what `make run` needs, one for what the tests need on top of it.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

# The bundle needs Node 20.19 or newer with npm; where there is none, PyPI has one.
NODE = $(shell tools/has-node || echo ,web)

.PHONY: help run test soak bench lint format wheel bundle chromium clean

help:
	@echo "make run     the product with the first example (PORT=8080 chooses the port)"
	@echo "make test    style, types and every test but the long ones"
	@echo "make soak    the long tests"
	@echo "make bench   the measurements"
	@echo "make lint    style and types alone"
	@echo "make format  rewrite to style"
	@echo "make wheel   dist/flowlang-*.whl, bundle included"
	@echo "make clean   all that was built, the environment included"

# On a copy of the first example, so that playing with it changes nothing that is tested.
run: $(RUN) bundle
	@[ -d playground ] || $(BIN)/flowlang new playground --example support
	@$(BIN)/flowlang serve playground --open --port $${PORT:-$$($(BIN)/python tools/free_port.py)}

test: lint bundle chromium
	$(PYTEST) -n $(WORKERS) -m "not soak and not benchmark"

soak: $(DEV) bundle chromium
	$(PYTEST) -n $(WORKERS) -m soak --hypothesis-profile=soak

# Alone on the machine: a second worker would spoil the figures.
bench: $(DEV) bundle chromium
	$(PIP) -e ".[dev,bench$(NODE)]"
	$(PYTEST) -m benchmark tests/benchmarks

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(RUN)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls -l dist/*.whl

# Decides itself whether there is anything to do.
bundle: $(RUN)
	@$(BIN)/python -m designer.web.build

chromium:
	@tools/ensure-chromium

clean:
	rm -rf $(VENV) build dist designer/web/dist designer/web/node_modules
	rm -rf .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	tools/make-venv $(VENV)

$(RUN): pyproject.toml | $(BIN)/python
	$(PIP) -e ".[all$(NODE)]"
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(PIP) -e ".[dev$(NODE)]"
	@touch $(RUN) $@
