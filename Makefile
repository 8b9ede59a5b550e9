# Everything these targets create is in build/.
PYTHON ?= python3
PORT ?= 5000
ROUNDS ?= 200
SIZES ?= 10 100
CHROMIUM ?= chromium
TEMPLATE := <<cookiecutter.project_slug>>
DEMO := build/demo/flask_project
TOOLS := build/tools/bin
COMPILE := $(CURDIR)/$(TOOLS)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate
# Ctrl-C ends every process of a run, and none outlives it.
SUPERVISED := $(TOOLS)/python -m tests.support.supervise
PYTEST := $(SUPERVISED) $(TOOLS)/python -m pytest -q -n 6 --dist load --maxschedchunk 1
INSTALL := $(TOOLS)/python tests/support/install.py
# Drop the user's variables for other projects.
CLEAN := env -u APP_ENV -u FLASK_ENV -u SECRET_KEY -u DATABASE_URL -u TEST_DATABASE_URL
# The name of the lessons' projects, if PROJECT_NAME="My Course" is given.
NAMED = --project-name=$(call quoted,$(PROJECT_NAME))
quoted = '$(subst ','\'',$(1))'
# A program runs this make, so it has no job server from `make -j`.
PREPARE = env -u MAKEFLAGS $(MAKE) --silent --no-print-directory
# An interrupted installation may leave half a package that looks complete, so it starts from scratch.
ifneq ($(wildcard build/tools.unfinished),)
.PHONY: build/tools/bin/python
endif
define INSTALL_TOOLS
@touch build/tools.unfinished
@$(1)
@rm build/tools.unfinished
@touch $@
endef
# Python code that stops a project's local PostgreSQL, given its .postgres folder, and deletes all data.
REMOVE := import sys; from pathlib import Path; from plumbing.local_postgres import LocalPostgres; \
  LocalPostgres(Path(sys.argv[1]).parent).remove()

.PHONY: help demo lessons lessons-check examples exercise handouts test test-deep check fix diff bench messages pictures pins clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: ## Generate a project and serve it on http://127.0.0.1:5000 (or PORT=...)
	@exec $(PYTHON) tests/support/demo.py '$(DEMO)' '$(PORT)' $(PREPARE) $(DEMO)/.venv/installed

$(DEMO)/.venv/installed: $(DEMO)/requirements-dev.txt
	@echo "Installing: $(DEMO)/requirements-dev.txt"
	@$(PYTHON) -m venv --clear --without-pip $(DEMO)/.venv
	@$(INSTALL) $(DEMO)/.venv tests/requirements-pip.txt $<
	@touch $@

# Generated in another folder and then moved, so that it is complete or absent.
$(DEMO)/requirements-dev.txt: | build/tools/bake
	@echo "Generating: $(DEMO)"
	@rm -rf build/generating
	@$(TOOLS)/cookiecutter . --no-input --output-dir build/generating --default-config >build/demo.log || \
	{ cat build/demo.log; exit 1; }
	@mkdir -p $(dir $(DEMO))
	@mv build/generating/$(notdir $(DEMO)) $(dir $(DEMO))

lessons: build/tools/bake build/project/installed ## Run the lessons and record the output of their commands
	$(TOOLS)/python -m lessons.replay $(LESSON)

lessons-check: build/tools/bake build/project/installed ## Run the lessons and show output that has changed; leaves the examples
	@$(SUPERVISED) $(TOOLS)/python -m lessons.replay --check $(LESSON)

examples: build/tools/bake build/project/installed ## Make a git repository of each lesson, with a tag for each step (or LESSON=...)
	@$(TOOLS)/python -m lessons.projects examples $(LESSON) $(NAMED)

exercise: build/tools/bake build/project/installed ## Set up the exercise of LESSON=02-add-a-column: its project, and a test to make pass
	@$(TOOLS)/python -m lessons.projects exercises $(LESSON) $(NAMED)

handouts: build/tools/test ## Make a printable page of each lesson (SOLUTIONS=yes: with the solutions)
	@$(TOOLS)/python -m lessons.handouts $(NAMED) $(if $(filter yes,$(SOLUTIONS)),--solutions)

test: build/tools/test build/project/installed ## Run every test of the template that needs only Python and git
	@$(CLEAN) $(PYTEST) -m "not deep"

test-deep: build/tools/test build/project/installed ## Run the same tests with full counts (ROUNDS), and the slow ones
	@$(CLEAN) ROUNDS=$(ROUNDS) $(PYTEST) -rs

check: build/tools/test build/project/installed ## Check lint, formatting and types of the template's own code; writes nothing
	$(TOOLS)/ruff check --no-cache .
	$(TOOLS)/ruff check --no-cache '$(TEMPLATE)/plumbing'
	$(TOOLS)/ruff format --no-cache --check .
	$(TOOLS)/ruff format --no-cache --check '$(TEMPLATE)/plumbing'
	$(TOOLS)/mypy --cache-dir=build/mypy_cache
	@# plumbing/ and its tests use the packages of a project
	MYPYPATH='$(TEMPLATE):tests/plumbing/project' build/project/bin/mypy --cache-dir=build/mypy_cache/plumbing \
	--config-file='$(TEMPLATE)/pyproject.toml' --explicit-package-bases '$(TEMPLATE)/plumbing' tests/plumbing

fix: build/tools/test ## Fix and format whatever ruff can
	$(TOOLS)/ruff check --fix --no-cache .
	$(TOOLS)/ruff check --fix --no-cache '$(TEMPLATE)/plumbing'
	$(TOOLS)/ruff format --no-cache .
	$(TOOLS)/ruff format --no-cache '$(TEMPLATE)/plumbing'

diff: build/tools/bake ## Show what owners get since FROM=0.1.0, or a tag, commit or folder (TO=..., ANSWERS=examples/shop.yaml)
	@$(TOOLS)/python -m tests.support.difference --from=$(call quoted,$(FROM)) --to=$(call quoted,$(TO)) \
	--answers=$(call quoted,$(ANSWERS))

bench: build/tools/test build/project/installed ## Run the benchmarks and print the figures that benchmarks/README.md quotes
	$(TOOLS)/python benchmarks/generation.py
	$(TOOLS)/python benchmarks/migrations.py
	$(TOOLS)/python benchmarks/growth.py $(SIZES)
	$(TOOLS)/python benchmarks/rows.py
	$(TOOLS)/python benchmarks/serving.py

messages: build/tools/test ## List every line that the product can print in docs/messages.md
	$(TOOLS)/python -m tests.support.messages

pictures: build/tools/test build/project/installed ## Take the pictures in docs/pictures with Chromium (or CHROMIUM=...)
	@$(TOOLS)/python -m tests.support.pictures '$(CHROMIUM)'

pins: build/tools/test ## Pin the newest packages, both for projects and for these tests
	@rm -rf build/pins
	for api in no yes; do \
	$(TOOLS)/cookiecutter . --no-input -o build/pins/$$api api=$$api >/dev/null && \
	(cd build/pins/$$api/flask_project && $(COMPILE) pyproject.toml -o requirements.txt && \
	$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt) || exit 1; done
	for file in requirements.txt requirements-dev.txt; do \
	$(TOOLS)/python tests/support/pins.py build/pins/no/flask_project/$$file build/pins/yes/flask_project/$$file \
	'$(TEMPLATE)'/$$file || exit 1; done
	$(COMPILE) --group test -o tests/requirements.txt
	for group in bake pip uv; do $(COMPILE) --group $$group -o tests/requirements-$$group.txt; done
	$(COMPILE) --no-deps --group lessons -o tests/requirements-lessons.txt
	squawk=$$(grep -o '^squawk-cli==[0-9.]*' tests/requirements.txt) && cd '$(TEMPLATE)/.github/workflows' && \
	sed -i.old "s/squawk-cli==[0-9.]*/$$squawk/" ci.yml && rm ci.yml.old

clean: ## Remove build/ with the servers of the projects in it, and root's data for them in /var/tmp
	@! find build -name .postgres -type d -prune 2>/dev/null | while read -r home; do \
	PYTHONPATH='$(TEMPLATE)' $(PYTHON) -Bc '$(REMOVE)' "$$home" || echo "$$home"; done | grep .
	rm -rf build

build/tools/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or later is needed: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "Python's venv module is missing: install the package python3-venv"; exit 1; }
	@echo "Creating: build/tools"
	@mkdir -p build && touch build/tools.unfinished
	@$(PYTHON) -m venv --clear build/tools
	@rm build/tools.unfinished

# Without uv, pip installs everything and reports any error.
build/tools/uv: tests/requirements-uv.txt build/tools/bin/python
	@echo "Installing: uv"
	$(call INSTALL_TOOLS,$(TOOLS)/python -m pip install --no-compile --only-binary :all: -r $< >build/uv.log 2>&1 || true)

build/tools/bake: tests/requirements-bake.txt build/tools/uv
	@echo "Installing: cookiecutter"
	$(call INSTALL_TOOLS,$(INSTALL) build/tools $<)

build/tools/test: tests/requirements.txt build/tools/uv
	@echo "Installing: $<"
	$(call INSTALL_TOOLS,$(SUPERVISED) --signs $(INSTALL) --compile build/tools $<)

build/project/installed: $(TEMPLATE)/requirements-dev.txt tests/requirements-lessons.txt build/tools/uv
	@echo "Installing: requirements-dev.txt of a project"
	@$(PYTHON) -m venv --clear --without-pip build/project
	@# drop the template's delimiters to get every package that a project may need
	@sed '/^<%/d' '$<' >build/project/requirements-dev.txt
	@$(SUPERVISED) --signs $(INSTALL) --compile build/project \
	tests/requirements-pip.txt build/project/requirements-dev.txt tests/requirements-lessons.txt
	@touch $@
