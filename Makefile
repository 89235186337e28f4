PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint tools clean

# The whole job on the bundled sample, into ./demo
demo: $(VENV)/installed
	rm -rf demo
	$(BIN)/partnermap demo demo

# Everything that CI runs: tools, lint, types, tests
test: tools $(VENV)/developed lint
	$(BIN)/python -m pytest

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/mypy

# Chromium, and Java with Maven for a real Neo4j: from Debian's packages where they are missing
tools:
	sh tests/install_tools.sh

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/developed: $(VENV)/installed pyproject.toml
	$(BIN)/pip install --quiet --editable ".[neo4j]" --group dev
	touch $@

clean:
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache
