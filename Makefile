# `make` says what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# Processes that run the tests; `make test PROCESSES=0` runs them in this one, which a debugger needs.
PROCESSES ?= 2
NAME ?= ingest

.PHONY: help setup demo test check quick papers bench browser messages pictures clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.done ## Make .venv with everything: the package, the front end, the tools

# What the build hook reads: when it changes, the package is installed again.
BUILT_FROM := pyproject.toml hatch_build.py $(wildcard frontend/*.js* frontend/src/*) $(wildcard src/verriere/serve/locales/*/LC_MESSAGES/*.po)

$(VENV)/.done: $(BUILT_FROM)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: setup ## A facility in ./demo-facility, one visit on three beamlines, the portal (ARGS=--exit: a summary instead)
	$(BIN)/verriere demo $(ARGS)

test: check ## Everything that must hold before a change lands

check: setup browser quick ## Ruff, mypy strict, import-linter and all tests
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal $(ARGS)

quick: setup ## What takes seconds: format, lint, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

papers: setup ## Write the pages of docs/ that the code knows best: settings, findings, commands
	$(BIN)/python tools/papers.py

bench: setup ## Figures with their floors, as JSON lines: make bench NAME=ingest
	$(BIN)/python -m benchmarks.$(NAME) $(ARGS)

browser: ## Make sure that there is a Chromium for the portal's tests
	@tools/ensure_browser.sh

messages: setup ## Collect the portal's sentences, and list those that are not translated
	$(BIN)/python -m tools.messages

pictures: setup ## Pictures of the portal for the documentation, from ./demo-facility
	$(BIN)/verriere demo --exit
	$(BIN)/python -m tools.pictures demo-facility

clean: ## Remove what setup and demo made
	rm -rf $(VENV) demo-facility
