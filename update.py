#!/usr/bin/env python
"""Merge this template into a project from version 0.1.0, which has no command for it.

Run it in the folder of the project, with the virtual environment of the project:

    python ../cookiecutter-flask-postgres/update.py --answers answers.yaml

Later projects have `python db_manage.py update`, which this calls.
"""

import sys
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent

sys.dont_write_bytecode = True  # a cache would end up in every project
sys.path.insert(0, str(TEMPLATE / "<<cookiecutter.project_slug>>"))

try:
    from plumbing.commands import create_cli
except ModuleNotFoundError as error:
    sys.exit(f"Error: {error}. Activate the virtual environment of the project: . .venv/bin/activate")

cli = create_cli("db_manage.py", create_app="app:create_app", seeds="app.seeds:rows")
cli(["update", str(TEMPLATE), *sys.argv[1:]])
