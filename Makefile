# Two commands on a fresh machine: `make run` and `make test`. Both make .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test chaos setup lint lock bench peers clean

run: setup ## Start the agent on the embedded simulated account
	@$(BIN)/gebot run

setup: $(VENV)/.run ## The environment that both need

test: $(VENV)/.test lint ## Lint, types, import contracts, tests
	$(BIN)/pytest -n 2

chaos: $(VENV)/.test ## Break everything on purpose: the profile quick of `gebot chaos`
	$(BIN)/gebot chaos --jobs 2

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.run ## Print the speed figures, beside the peers that are installed
	$(BIN)/python -m simulations.benchmarks
	$(BIN)/python -m simulations.speed

peers: $(VENV)/.run ## Install the libraries that `make bench` is timed against
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-bench.lock

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-test.lock
	@touch $@

LOCK = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra build

lock: ## Resolve the dependencies anew (needs uv)
	$(LOCK) --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	$(LOCK) --custom-compile-command "make lock" --extra test --constraint requirements.lock \
	  --output-file requirements-test.lock pyproject.toml
	$(LOCK) --custom-compile-command "make lock" --extra bench --constraint requirements-test.lock \
	  --output-file requirements-bench.lock pyproject.toml

clean: ## Remove the environment and all caches (the ledger in var/ stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
