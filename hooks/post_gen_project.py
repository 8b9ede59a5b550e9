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

# If this program failed, cookiecutter would delete the project.  So it never fails.
try:  # noqa: SIM105 # to import contextlib takes longer than the rest
    if not __file__.endswith("post_gen_project.py"):
        os.remove(__file__)  # cookiecutter's rendered copy, which it would leave in the temporary folder
except OSError:
    pass

try:
    os.write(1, os.fsencode(LINES))
except OSError as error:
    import contextlib

    message = f"Not printed ({error.strerror}): the next commands. They are in README.md.\n"
    with contextlib.suppress(OSError):
        os.write(2, message.encode())
