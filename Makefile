# make train                 set up .venv, then train on FrozenLake; ARGS="--seed 1" adds options
# make test                  set up .venv, then check the code and run the tests
# make lint                  set up .venv, then check the code
# make clean                 remove .venv and caches; runs/ stays
#
# PYTHON=python3.12          the Python to make .venv with
# TORCH_INDEX=https://...    where to take torch from, e.g. its CPU build: https://download.pytorch.org/whl/cpu
#
# Set-up is done once, and again when pyproject.toml or constraints.txt change.

FITS = import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(shell for python in python3 python3.13 python3.12 python3.11; do \
  $$python -c '$(FITS)' 2>/dev/null && echo $$python && break; done),python3)
CXX := $(if $(filter default,$(origin CXX)),c++,$(CXX))
PIP = .venv/bin/python -m pip install --disable-pip-version-check --constraint constraints.txt
LINKS = gigpo_gym/envs gigpo_gym/wrappers gigpo_gym/train.py

.PHONY: train test lint check clean

train: .venv/.ready
	.venv/bin/python train.py --env frozenlake $(ARGS)

test: lint
	.venv/bin/python -m pytest $(ARGS)

lint: .venv/.ready-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Stamps are written last, so that a set-up cut short is taken up again.
.venv/.ready: pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory check
	@echo "== installing gigpo-gym into .venv, at the versions of constraints.txt"
	.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(if $(TORCH_INDEX),$(PIP) --index-url $(TORCH_INDEX) --no-deps torch)
	$(PIP) setuptools
	$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/.ready-dev: .venv/.ready
	@echo "== installing the tools for tests"
	$(PIP) --no-build-isolation --editable ".[dev]"
	@touch $@

check:
	@echo "== checking this machine"
	@$(PYTHON) -c '$(FITS)' 2>/dev/null || { echo "error: $(PYTHON) is not Python 3.11 or later with venv:" \
	  "install one (apt install python3 python3-venv) or name it (make PYTHON=python3.12)" >&2; exit 1; }
	@git --version >/dev/null 2>&1 || { echo "error: git not found: install it (apt install git)" >&2; exit 1; }
	@$(MAKE) --version 2>/dev/null | grep -q GNU || { echo "error: make is not GNU make: call gmake" >&2; exit 1; }
	@for compiler in $(CC) $(CXX); do $$compiler --version >/dev/null 2>&1 || { \
	  echo "error: no C/C++ compiler: $$compiler does not run:" \
	  "install one (apt install build-essential; on a Mac: xcode-select --install)" >&2; exit 1; }; done
	@for link in $(LINKS); do test -L $$link || { echo "error: $$link came out as a plain file, not as a link:" \
	  "git config core.symlinks true, then git checkout -- $(LINKS)" >&2; exit 1; }; done
	@$(PYTHON) --version; git --version; $(CXX) --version | head -n 1

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
