"""Runs in the new project, which is complete: prints its models and the next commands."""

import contextlib
import os
import shlex

# Cookiecutter renders this program once all files are there: << list_files() >>

LINES = f"""
Generated: << models() | map(attribute='full_name') | join(', ') or 'no models' >>

Next:

    cd {shlex.quote(os.getcwd())}
    python3 -m venv .venv
    . .venv/bin/activate
    pip install -r requirements-dev.txt
    python db_manage.py setup
    pytest
    flask run --debug

"""

# If this program fails, cookiecutter deletes the project: so it doesn't, whatever stdout is.
try:
    os.write(1, os.fsencode(LINES))
except OSError as error:
    with contextlib.suppress(OSError):
        os.write(2, f"Not printed ({error.strerror}): the next commands. They are in README.md.\n".encode())
