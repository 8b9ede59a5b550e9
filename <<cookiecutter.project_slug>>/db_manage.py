#!/usr/bin/env python
"""Manage the database of this project: python db_manage.py help"""

import sys

try:
    from plumbing.commands import create_cli
except ModuleNotFoundError as error:
    sys.exit(f"Error: {error}. Activate the virtual environment: . .venv/bin/activate")

cli = create_cli(__file__, create_app="app:create_app", seeds="app.seeds:rows")

# Add commands of your own here, each a function below @cli.command(); they run in the context of
# the application, as those of https://flask.palletsprojects.com/en/stable/cli/#custom-commands do.

if __name__ == "__main__":
    cli()
