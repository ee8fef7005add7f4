# Each target installs what it needs into the checkout (.venv, target) and the user's cache. Only the lab needs root.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
QUIET := .ci/quiet
SOURCES := $(shell find rust salt states -type f -not -name '*.so' -not -path '*/formula/*' 2>/dev/null) Cargo.toml Cargo.lock pyproject.toml

.PHONY: help demo test lab lab-quick lab-shell wheel check bench fuzz pages clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

$(VENV)/.made: pyproject.toml
	@$(QUIET) "virtual environment" bash -c '$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }'
	@$(QUIET) "Python packages" bash -c "$(BIN)/pip install --quiet --upgrade 'pip>=25.1' && $(BIN)/pip install --quiet --group dev"
	@touch $@

$(VENV)/.installed: $(VENV)/.made $(SOURCES)
	@$(QUIET) "extension built and installed" env PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pip install --quiet --no-build-isolation --no-deps --force-reinstall .
	@touch $@

demo: $(VENV)/.installed ## Lint an example, apply it with real Salt into a folder, refuse a broken one
	@$(BIN)/python tests/demo/run.py

test: $(VENV)/.installed ## Run all tests: Rust, and Python with the real programs
	@$(QUIET) "programs that read what is rendered" $(BIN)/python tests/tools/build.py --for-tests
	@$(QUIET) "Rust tests" cargo test --workspace --quiet
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile

lab: $(VENV)/.made ## Real machines, as root: all scenarios, or SCENARIO=NAME
	@$(QUIET) "programs of the lab" $(BIN)/python tests/tools/build.py --for-lab
	@cd tests && ../$(BIN)/python -m lab $(SCENARIO)

lab-quick: $(VENV)/.made ## The lab's quick scenarios
	@$(QUIET) "programs of the lab" $(BIN)/python tests/tools/build.py --for-lab
	@cd tests && ../$(BIN)/python -m lab --quick

lab-shell: $(VENV)/.made ## Leave a cluster of real machines up and print how to enter its hosts
	@cd tests && ../$(BIN)/python -m lab.shell

wheel: $(VENV)/.made ## Build the manylinux2014 wheel with zig and check it in a clean environment
	@rm -rf dist
	@$(QUIET) "wheel" env PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/maturin build --release --zig --compatibility manylinux2014 --out dist
	@$(PYTHON) tests/wheel/check.py dist

check: $(VENV)/.made ## Check the code: format, clippy, ruff, types, licences
	@$(QUIET) "cargo fmt" cargo fmt --all --check
	@$(QUIET) "cargo clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings
	@$(QUIET) "ruff" $(BIN)/ruff check .
	@$(QUIET) "ruff format" $(BIN)/ruff format --check .
	@$(QUIET) "mypy" $(BIN)/mypy
	@$(QUIET) "cargo deny" .ci/deny

bench: $(VENV)/.installed ## Measure all, or PART=NAME: pillar, gate, states, lock, snapshot
	@$(BIN)/python tests/bench/run.py $(PART)

fuzz: ## Feed changed documents and pillars to the reader, the rules and the renderer, a minute each
	@K8S_HA_FUZZ_SECONDS=60 cargo test -p k8s-ha-yaml -p k8s-ha-cli --test fuzz -- --nocapture

pages: ## Write again what is generated: rule pages and the JSON Schema
	@K8S_HA_UPDATE=1 cargo test --quiet -p k8s-ha-topology -p k8s-ha-lint -p k8s-ha-gate --test committed

clean: ## Remove what the targets made in the checkout
	@rm -rf $(VENV) .demo dist target
