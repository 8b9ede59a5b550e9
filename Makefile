# Everything that is made here lies in build/.
PYTHON ?= python3
PORT ?= 5000
ROUNDS ?= 200
SIZES ?= 10 100
TEMPLATE := <<cookiecutter.project_slug>>
DEMO := build/demo/flask_project
TOOLS := build/tools/bin
COMPILE := $(CURDIR)/$(TOOLS)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate
# Ctrl-C ends all that was started, and no process outlives a run.
SUPERVISED := $(TOOLS)/python -m tests.support.supervise
PYTEST := $(SUPERVISED) $(TOOLS)/python -m pytest -q -n 4 --dist load --maxschedchunk 1
PIP := -m pip install -q --disable-pip-version-check
# What the user's shell says about other projects is not meant for these.
CLEAN := env -u APP_ENV -u FLASK_ENV -u SECRET_KEY -u DATABASE_URL -u TEST_DATABASE_URL
# What the lessons' projects are called, if PROJECT_NAME="My Course" is given.
NAMED = --project-name='$(subst ','\'',$(PROJECT_NAME))'
# Below a program, so without the job server of `make -j`.
PREPARE = env -u MAKEFLAGS $(MAKE) --no-print-directory
# An installation that was interrupted can leave half a package, which pip would take for a whole one: so it starts anew.
define INSTALL_TOOLS
@[ ! -e build/tools.unfinished ] || $(PYTHON) -m venv --clear build/tools
@touch build/tools.unfinished
@$(1) $(TOOLS)/python $(PIP) -r $<
@rm build/tools.unfinished
@touch $@
endef
# Python that stops the local PostgreSQL of a project, given as its .postgres, and deletes all data.
REMOVE := import sys; from pathlib import Path; from plumbing.local_postgres import LocalPostgres; \
  LocalPostgres(Path(sys.argv[1]).parent).remove()

.PHONY: help demo lessons lessons-check examples exercise handouts test test-deep check fix bench pins clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: ## A new project, served on http://127.0.0.1:5000 (or PORT=...)
	@exec $(PYTHON) tests/support/demo.py '$(DEMO)' '$(PORT)' $(PREPARE) $(DEMO)/.venv/installed

$(DEMO)/.venv/installed: $(DEMO)/requirements-dev.txt
	@echo "Installing: $(DEMO)/requirements-dev.txt"
	@$(PYTHON) -m venv --clear $(DEMO)/.venv
	@$(DEMO)/.venv/bin/python $(PIP) -r $<
	@touch $@

# Generated aside, so that it is there as a whole or not at all.
$(DEMO)/requirements-dev.txt: | build/tools/bake
	@echo "Generating: $(DEMO)"
	@rm -rf build/generating
	@$(TOOLS)/cookiecutter . --no-input --output-dir build/generating --default-config >build/demo.log || \
	{ cat build/demo.log; exit 1; }
	@mkdir -p $(dir $(DEMO))
	@mv build/generating/$(notdir $(DEMO)) $(dir $(DEMO))

lessons: build/tools/bake build/project/lessons ## Run the lessons, and record what their commands print
	$(TOOLS)/python -m lessons.replay $(LESSON)

lessons-check: build/tools/bake build/project/lessons ## Run the lessons, and show what has drifted; leaves the examples
	@$(SUPERVISED) $(TOOLS)/python -m lessons.replay --check $(LESSON)

examples: build/tools/bake build/project/lessons ## Each lesson as a git repository, a tag for each step (or LESSON=...)
	@$(TOOLS)/python -m lessons.projects examples $(LESSON) $(NAMED)

exercise: build/tools/bake build/project/lessons ## The project of LESSON=02-add-a-column with a test to make pass
	@$(TOOLS)/python -m lessons.projects exercises $(LESSON) $(NAMED)

handouts: build/tools/test ## Each lesson as a page to print (SOLUTIONS=yes: with the solutions)
	@$(TOOLS)/python -m lessons.handouts $(NAMED) $(if $(filter yes,$(SOLUTIONS)),--solutions)

test: build/tools/test build/project/lessons ## Every test of the template that needs only Python and git
	@$(CLEAN) $(PYTEST) -m "not deep"

test-deep: build/tools/test build/project/lessons ## The same with full counts (ROUNDS) and what takes long
	@$(CLEAN) ROUNDS=$(ROUNDS) $(PYTEST) -rs

check: build/tools/test build/project/installed ## Lint, formatting and types of the template's own code; writes nothing
	$(TOOLS)/ruff check --no-cache .
	$(TOOLS)/ruff check --no-cache '$(TEMPLATE)/plumbing'
	$(TOOLS)/ruff format --no-cache --check .
	$(TOOLS)/ruff format --no-cache --check '$(TEMPLATE)/plumbing'
	$(TOOLS)/mypy --cache-dir=build/mypy_cache
	@# plumbing/ and its tests, with the packages of a project
	MYPYPATH='$(TEMPLATE):tests/plumbing/project' build/project/bin/mypy --cache-dir=build/mypy_cache/plumbing \
	--config-file='$(TEMPLATE)/pyproject.toml' --explicit-package-bases '$(TEMPLATE)/plumbing' tests/plumbing

fix: build/tools/test ## Fix what ruff can fix
	$(TOOLS)/ruff check --fix --no-cache .
	$(TOOLS)/ruff check --fix --no-cache '$(TEMPLATE)/plumbing'
	$(TOOLS)/ruff format --no-cache .
	$(TOOLS)/ruff format --no-cache '$(TEMPLATE)/plumbing'

bench: build/tools/test build/project/installed ## Measure, and print the figures that benchmarks/README.md quotes
	$(TOOLS)/python benchmarks/generation.py
	$(TOOLS)/python benchmarks/migrations.py
	$(TOOLS)/python benchmarks/growth.py $(SIZES)
	$(TOOLS)/python benchmarks/serving.py

pins: build/tools/test ## Pin the newest packages: those of a project and those of these tests
	@rm -rf build/pins && $(TOOLS)/cookiecutter . --no-input -o build/pins >/dev/null
	cd build/pins/flask_project && $(COMPILE) pyproject.toml -o requirements.txt
	cd build/pins/flask_project && $(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	cp build/pins/flask_project/requirements*.txt '$(TEMPLATE)'
	$(COMPILE) --group test -o tests/requirements.txt
	$(COMPILE) --group bake -o tests/requirements-bake.txt
	$(COMPILE) --no-deps --group lessons -o tests/requirements-lessons.txt
	squawk=$$(grep -o '^squawk-cli==[0-9.]*' tests/requirements.txt) && cd '$(TEMPLATE)/.github/workflows' && \
	sed -i.old "s/squawk-cli==[0-9.]*/$$squawk/" ci.yml && rm ci.yml.old

clean: ## Remove build/ with the servers of the projects in it, and what root has in /var/tmp for these
	@! find build -name .postgres -type d -prune 2>/dev/null | while read -r home; do \
	PYTHONPATH='$(TEMPLATE)' $(PYTHON) -Bc '$(REMOVE)' "$$home" || echo "$$home"; done | grep .
	rm -rf build

build/tools/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or later is needed: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "Python's venv module is missing: install the package python3-venv"; exit 1; }
	@mkdir -p build && touch build/tools.unfinished
	@$(PYTHON) -m venv --clear build/tools
	@rm build/tools.unfinished

build/tools/bake: tests/requirements-bake.txt build/tools/bin/python
	@echo "Installing: cookiecutter"
	$(call INSTALL_TOOLS)

build/tools/test: tests/requirements.txt build/tools/bin/python
	@echo "Installing: $<"
	$(call INSTALL_TOOLS,$(SUPERVISED) --signs)

build/project/installed: build/tools/bin/python $(TEMPLATE)/requirements-dev.txt
	@echo "Installing: requirements-dev.txt of a project"
	@$(PYTHON) -m venv build/project
	@$(SUPERVISED) --signs build/project/bin/python $(PIP) -r '$(TEMPLATE)/requirements-dev.txt'
	@touch $@

build/project/lessons: tests/requirements-lessons.txt build/project/installed
	@$(SUPERVISED) build/project/bin/python $(PIP) --no-deps -r $<
	@touch $@
