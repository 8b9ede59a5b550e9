"""Runs in the new project, which is complete: prints its models and the next commands.

It is a process of its own, so it imports no more than it needs.
"""

import os

# Cookiecutter renders this program once all files are there: << list_files() >>

FOLDER = "<< quoted_folder() >>"
LINES = f"""
Generated: << models() | map(attribute='full_name') | join(', ') or 'no models' >>

Next:

    cd {FOLDER}
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
    import contextlib

    message = f"Not printed ({error.strerror}): the next commands. They are in README.md.\n"
    with contextlib.suppress(OSError):
        os.write(2, message.encode())
