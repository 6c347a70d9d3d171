# Two commands do all the set-up on a bare machine: `make run` and `make test`.
# The environment is made once, from requirements.lock, and remade when what it was made from changes.

PYTHON ?= python3
CHROMIUM := /usr/bin/chromium
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input $(if $(V),,--quiet)

# Each stamp is named after what it was made from: a new lock, another Python or a moved checkout make the
# environment again, a changed pyproject.toml only installs Midback again, and neither happens twice.
sum = $(shell { $(1); } 2>&1 | cksum | cut -d' ' -f1)
LOCKED := $(VENV)/locked-$(call sum,pwd; $(PYTHON) --version; cat requirements.lock)
READY := $(LOCKED)-$(call sum,cat pyproject.toml hatch_build.py)
INSTALLING := $(VENV)/installing

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check static docs evaluate bench browser wheel hooks lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: $(READY) ## set everything up if need be, then start Midback
	@if $(VENV)/bin/midback --help | grep -qE '^[^A-Za-z]*serve( |$$)'; \
	then exec $(VENV)/bin/midback serve; else exec $(VENV)/bin/midback check; fi

test: $(READY) ## set everything up if need be, then run every check
	@if [ "$$CI" = true ]; then $(MAKE) --no-print-directory browser; fi
	@# The tests run even where lint or types failed: one run shows everything, and ends with the counts.
	@$(MAKE) --no-print-directory static; static=$$?; $(PY) -m pytest && exit $$static

check: static ## the fast part of the checks, under a minute
	@$(PY) -m pytest -q -x -n 2 -m "not slow and not browser"

static: $(READY)
	@echo "lint, format";  $(PY) -m ruff check --quiet . && $(PY) -m ruff format --check --quiet .
	@echo "types";         $(PY) -m mypy --no-error-summary
	@echo "imports";       $(VENV)/bin/lint-imports > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@echo "knowledge";     $(VENV)/bin/midback knowledge check

docs: $(READY) ## write the reference pages to build/site and run every example in the documentation
	@$(VENV)/bin/midback knowledge site build/site
	@$(PY) -m pytest -q --doctest-glob='*.md' src docs README.md CONTRIBUTING.md tests/test_house.py

evaluate: $(READY) ## score the worked cases: hits, misses, calibration
	@$(PY) -m midback.evaluation

bench: $(READY) ## measure engine (writes docs/performance.md), web and diary; installs other engines
	@$(PIP) install --require-hashes --requirement requirements-bench.lock
	@echo "engine, ours and the others on the same network (writes docs/performance.md)"; $(PY) benchmarks/engine.py
	@echo "pages and results under load for a minute, on this machine alone"; $(PY) benchmarks/web_load.py
	@echo "ten years of diary"; $(PY) benchmarks/diary.py

browser: ## install Debian's Chromium for the browser tests, if it is not there
	@if [ -x $(CHROMIUM) ]; then exit 0; fi; \
	if ! command -v apt-get > /dev/null; then \
	  echo "The browser tests need $(CHROMIUM), and there is no apt-get here to install it with."; \
	  echo "Install Chromium with your system's own tool, then run this again."; exit 1; fi; \
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; \
	  command -v sudo > /dev/null || { echo "Installing Chromium needs root: run 'apt-get install chromium' as root."; exit 1; }; fi; \
	echo "Installing Chromium for the browser tests (once)."; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null && \
	[ -x $(CHROMIUM) ] || { echo "Chromium could not be installed (see above)."; exit 1; }

wheel: $(READY) ## build dist/midback-*.whl with the knowledge inside
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

hooks: ## run `make check` before every commit in this checkout
	@git config core.hooksPath .githooks && echo "From now on 'make check' runs before each commit."

lock: $(READY) ## choose versions again and write the lock files, without index addresses
	@command -v uv > /dev/null || $(PIP) install uv
	@PATH="$$PATH:$(VENV)/bin"; for group in dev bench; do \
	  out=requirements-$$group.lock; also="--constraints requirements.lock"; \
	  if [ $$group = dev ]; then out=requirements.lock; also=--upgrade; fi; \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --group $$group $$also --output-file $$out pyproject.toml > /dev/null || exit 1; done

clean: ## remove the environment and everything generated
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(READY): $(LOCKED)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCKED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
	  echo "Midback needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)."; \
	  echo "Name a newer one, for example: make PYTHON=python3.12 run"; exit 1; }
	@# What an install left that was cut short is not to be trusted, nor what was made from something else.
	@if [ -e $(INSTALLING) ] || ls $(VENV)/locked-* > /dev/null 2>&1; then rm -rf $(VENV); fi
	@echo "Installing what requirements.lock names into $(VENV) (once, a minute or two)."
	@mkdir -p $(VENV) && touch $(INSTALLING)
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "No environment could be made (on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@ && rm -f $(INSTALLING)
