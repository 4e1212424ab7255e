PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SOURCES = $(shell find normalizer gazetteer -type f -not -name '*.pyc') pyproject.toml README.md
# What is installed is used and tested, not the checkout: with the compiled modules, as users have them.
export PYTHONSAFEPATH = 1

.PHONY: demo test check lint bench clean

demo: $(VENV)/installed
	$(BIN)/cablenorm demo

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: lint test

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cablenorm gazetteer check

bench: $(VENV)/ready
	$(BIN)/python tests/bench

$(VENV)/pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	touch $@

$(VENV)/installed: $(VENV)/pip $(SOURCES)
	@echo "Installing and, where there is a C compiler, compiling; the first time it takes some minutes."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	touch $@

$(VENV)/ready: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
