# `make` says what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
NAME ?= ingest

.PHONY: help setup demo test check quick papers bench clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.done ## Make .venv with everything: the package, the front end, the tools

$(VENV)/.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: setup ## A facility in ./demo-facility, one visit on three beamlines, the portal (ARGS=--exit: a summary instead)
	$(BIN)/verriere demo $(ARGS)

test: check ## Everything that must hold before a change lands

check: setup quick ## Ruff, mypy strict, import-linter and all tests
	$(BIN)/mypy
	$(BIN)/python -m pytest $(ARGS)

quick: setup ## What takes seconds: format, lint, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

papers: setup ## Write the pages of docs/ that the code knows best: settings, findings, commands
	$(BIN)/python tools/papers.py

bench: setup ## Figures with their floors, as JSON lines: make bench NAME=ingest
	$(BIN)/python -m benchmarks.$(NAME) $(ARGS)

clean: ## Remove what setup and demo made
	rm -rf $(VENV) demo-facility
