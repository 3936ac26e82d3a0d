# Every job of this repository. `make help` lists them; `make generate` and `make test` need Python 3.11 or later and nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.made
# Versions given on the command line, as in `make generate VERSIONS="66.0 67.0"`; all of them by default.
VERSIONS ?=
# The versions that there are, from the catalogue's list of releases: whole numbers, the newest last.
ALL_VERSIONS := $(shell sed -n 's/^  - {version: \([0-9]*\)\.0,.*/\1/p' spec/releases.yaml)
NEWEST := $(lastword $(ALL_VERSIONS))
# Versions whose generated package `make types` checks: the oldest, one in between, the newest.
TYPED_VERSIONS := $(firstword $(ALL_VERSIONS)) 45 $(NEWEST)

.PHONY: help setup generate portable validate spec-lint report diff openapi site mock walk test test-fast test-times lint attack format types types-all bench bench-peers wheels plan release check-wheels publish lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) ## Create the virtual environment .venv (the other targets do it when needed)

$(SETUP): requirements-dev.txt pyproject.toml core/pyproject.toml hatch_build.py package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one with PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . --editable core
	@if command -v npm >/dev/null; then \
	  npm ci --no-audit --no-fund --loglevel=error || echo "npm could not install pyright: its checks will be skipped"; \
	else echo "Node is not installed: the checks by pyright will be skipped"; fi
	@touch $@

generate: $(SETUP) ## Write the client packages to generated/ (VERSIONS="66.0 67.0" for some of them)
	$(BIN)/connectgen generate $(VERSIONS)

validate: $(SETUP) ## Check the catalogue
	$(BIN)/connectgen validate

spec-lint: $(SETUP) ## List what could be better in a valid catalogue
	$(BIN)/connectgen lint

# The guide's pages, where they are at hand; the report then lists which of them the catalogue holds.
GUIDE ?= $(wildcard ../shared/guide/pages)

report: $(SETUP) ## Write docs/catalogue.md: the catalogue in figures and notes (GUIDE=… for another folder of the guide)
	$(BIN)/connectgen report $(if $(GUIDE),--guide $(GUIDE)) --output docs/catalogue.md

openapi: $(SETUP) ## Write every version as an OpenAPI document to dist/openapi/
	$(BIN)/connectgen openapi --all --output dist/openapi

site: $(SETUP) ## Write the reference of every version to dist/site/, to be opened in a browser
	$(BIN)/connectgen site

TO ?= $(NEWEST).0
FROM ?= $(lastword $(filter-out $(TO:.0=),$(ALL_VERSIONS))).0

diff: $(SETUP) ## Show what changed between two versions (FROM=45.0 TO=50.0), the newest two by default
	$(BIN)/connectgen diff $(FROM) $(TO)

# Options of the mock, as in `make mock MOCK="--port 8080 --state"`.
MOCK ?=

mock: $(SETUP) ## Serve the API on this machine, for tests (MOCK="--port 8080 --state" for its options)
	@$(BIN)/connectgen mock $(MOCK)

walk: generate ## Call every operation of all versions against the mock; check its responses against the OpenAPI documents
	CONNECTGEN_WALK_ALL=1 $(BIN)/python -m pytest -q --numprocesses auto tests/mock/test_walk.py tests/mock/test_schemathesis.py

test: generate ## Run the tests, on all cores
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test-fast: $(SETUP) ## Run the tests that take no more than a minute together, for the inner loop
	$(BIN)/python -m pytest -q --numprocesses auto --dist loadfile -m 'not slow'

test-times: generate ## Run the tests, and list the files that take most processor time
	@rm -f .cache/test-times
	CONNECTGEN_TEST_TIMES=.cache/test-times $(BIN)/python -m pytest -q --numprocesses auto --dist loadfile --no-loadscope-reorder
	PYTHONPATH=tests $(BIN)/python -m support.times .cache/test-times

attack: generate ## Attack clients, generator and mock on this machine, for at most 10 minutes (docs/reliability.md)
	@test -d .cache/attack/atheris || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target .cache/attack/atheris "atheris>=3,<4" \
	  || echo "atheris could not be installed: fuzzing is left out"
	cd tests && ../$(BIN)/python -m attack $(ATTACK)

lint: $(SETUP) ## Check style: ruff, black's formatting, and that what is required is imported (deptry)
	$(BIN)/ruff check .
	$(BIN)/deptry --no-ansi generator
	$(BIN)/black --check --quiet --line-length 120 $(HANDWRITTEN) || { echo "not formatted: run make format"; exit 1; }

HANDWRITTEN = generator core umbrella tests benchmarks hatch_build.py

format: $(SETUP) ## Format the hand-written code
	$(BIN)/ruff check --quiet --fix-only --select I .
	$(BIN)/black --quiet --line-length 120 $(HANDWRITTEN)

types: generate ## Check types: generator, core and three packages, from the oldest to the newest
	$(BIN)/python tests/typing/check.py --own $(TYPED_VERSIONS)

types-all: generate ## Check the types of every generated package
	$(BIN)/python tests/typing/check.py --own all

bench: generate ## Measure time and memory (the figures of docs/benchmarks.md)
	$(BIN)/python -m benchmarks

bench-peers: $(SETUP) ## Measure another generator beside ours (installs it in .cache/peers)
	$(BIN)/python -m benchmarks.generators
	$(BIN)/python -m benchmarks generators

wheels: generate ## Build wheels and source distributions in dist/ (VERSIONS="66.0 67.0" for some of the clients)
	$(BIN)/connectgen wheels $(VERSIONS)

portable: $(SETUP) ## Build what is tried on other systems in portable/: core, the newest client, the generator
	$(BIN)/connectgen generate $(NEWEST).0
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir portable ./core ./generated/sf-connect-v$(NEWEST) .

plan: generate ## Show what would be published, and why
	$(BIN)/connectgen release plan

release: generate ## Record new versions of what changed in published.yaml (BECAUSE="…" where callers must be broken)
	$(BIN)/connectgen release record $(if $(BECAUSE),--because '$(subst ','\'',$(BECAUSE))')

check-wheels: wheels ## Check what is built: by twine, and each wheel alone in a clean environment
	$(BIN)/connectgen release check

publish: $(if $(INDEX),wheels) ## Upload what a package index lacks (INDEX=pypi, or a URL; SIMPLE=… for another Simple API)
	@test -n '$(INDEX)' || { echo "say where to: make publish INDEX=pypi, or INDEX=https://…"; exit 2; }
	@$(BIN)/connectgen release publish '$(INDEX)' $(if $(SIMPLE),--simple '$(SIMPLE)')

lock: $(SETUP) ## Update requirements-dev.txt, .github/requirements-publish.txt and both package-lock.json
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/python -m pip install --quiet --disable-pip-version-check "pip-tools>=7.4"
	CUSTOM_COMPILE_COMMAND="make lock" .cache/lock/bin/pip-compile --quiet --upgrade --extra dev --extra release --extra mock --extra used-by --extra upgrade --generate-hashes --allow-unsafe \
	  --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements-dev.txt pyproject.toml
	printf 'twine\n-c requirements-dev.txt\n' > .cache/lock/publish.in && cp requirements-dev.txt .cache/lock/
	CUSTOM_COMPILE_COMMAND="make lock" .cache/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --output-file .github/requirements-publish.txt .cache/lock/publish.in
	if command -v npm >/dev/null; then npm install --package-lock-only --no-audit --no-fund && \
	  npm install --prefix tests/mock/jsforce --package-lock-only --no-audit --no-fund; fi

clean: ## Remove generated packages, caches, the virtual environment
	rm -rf $(VENV) .cache node_modules dist portable .pytest_cache .ruff_cache .hypothesis
	find generated -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
