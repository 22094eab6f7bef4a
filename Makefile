.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_DATA ?= ../shared/benchmarks
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check benchmark benchmark-service serve format lock wheel-check clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/installed  ## a sample register, a trained model, one explained shortlist
	$(BIN)/matcher demo $(DEMO_OPTIONS)

test: $(VENV)/installed  ## all tests
	$(BIN)/python -m pytest

check: $(VENV)/installed  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed  ## put the code into the house format
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

$(VENV)/peers: requirements-peers.lock $(VENV)/installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-peers.lock
	@touch $@

benchmark: $(VENV)/peers  ## our figures beside the peers' (BENCH_DATA=folder of the benchmark data)
	$(BIN)/python -m tests.benchmarks --data $(BENCH_DATA) $(BENCH_OPTIONS)

benchmark-service: $(VENV)/installed  ## the service's rates beside bare ones, on both databases
	$(BIN)/python -m tests.benchmarks.service_rates $(BENCH_OPTIONS)

serve: $(VENV)/installed  ## the small service on http://127.0.0.1:8000/docs
	$(BIN)/matcher-service serve

wheel-check: $(VENV)/installed  ## build the wheel, install it in an empty environment elsewhere, run its demo
	$(BIN)/python tests/wheel_check.py

lock:  ## renew the lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group reference -c requirements.lock pyproject.toml -o requirements-reference.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra peers -c requirements.lock pyproject.toml -o requirements-peers.lock

clean:  ## remove everything that make made
	rm -rf $(VENV) build dist data/sample .mypy_cache .ruff_cache .pytest_cache .hypothesis
