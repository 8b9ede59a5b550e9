"""Run commands of a project in sequence, each in a fork of a process that has loaded the models.

    python tests/support/walk.py STEPS

Run it in the folder of a project, with the packages of a project (build/project).  STEPS is JSON: a list of
commands, each a list of words.  A command is `python db_manage.py ...`, `pytest ...` or `sql QUERY`, which
prints a line for each row.  It stops after the first command that fails, and prints the output of each as
JSON.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import sys
import tempfile
import traceback
from typing import Any

import psycopg
import pytest

Outcome = tuple[int, str]
COMMANDS = (
    "plumbing.commands.inspection",
    "plumbing.commands.migrations",
    "plumbing.commands.rows",
    "plumbing.commands.setup",
    "plumbing.migrations.environment",
    "plumbing.rows",
)


def load_models() -> str:
    """Import what the commands import; return anything printed meanwhile, such as warnings."""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed), contextlib.suppress(BaseException):
        importlib.import_module("app").create_app()
        for name in COMMANDS:
            importlib.import_module(name)
    return printed.getvalue()


def run(words: list[str]) -> object:
    """Run a command to its end; return its exit status."""
    program, *arguments = words
    if program == "sql":
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            for row in connection.execute(arguments[0].encode()):
                print(*row, sep="|")
        return 0
    if program == "pytest":
        return pytest.main(arguments)
    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")
    return 0


def in_fork(words: list[str]) -> Outcome:
    """Return the exit status of a command, and its stdout and stderr."""
    with tempfile.TemporaryFile("w+") as output:
        if child := os.fork():
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output.seek(0)
            return status, output.read()
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        end(words)
        os._exit(0)


def end(words: list[str]) -> None:
    """End the fork with the status of a command."""
    status: Any = 1
    try:
        status = run(words)
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(status))


def main() -> None:
    printed = load_models()
    gc.freeze()  # otherwise each collection in a fork would copy the shared memory
    outcomes: list[Outcome] = [(int(bool(printed)), printed)]
    for words in json.loads(sys.argv[1]):
        if outcomes[-1][0] == 0:
            outcomes.append(in_fork(words))
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
