# Two commands for a newcomer: `make demo` (no Slack account needed) and `make quick`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Without byte code every run compiles each test anew, on every core.
unexport PYTHONDONTWRITEBYTECODE

# On all cores, a file on one of them, so that what a file prepares for its tests is made once.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile

.PHONY: setup demo quick test lint format bench clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Headroom needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.11 …" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/headroom demo

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

quick: lint
	$(PYTEST) --ignore tests/browser -m 'not slow' --hypothesis-profile quick

test: lint
	$(PYTEST)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m benchmarks.check
	$(BIN)/python -m benchmarks.ingest

clean:
	rm -rf $(VENV) build *.egg-info
