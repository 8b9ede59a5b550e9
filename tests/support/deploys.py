"""Run concurrent deploys: many processes that start `flask db upgrade` on one empty database simultaneously.

    python tests/support/deploys.py FOLDER ROUNDS STATEMENT

Run it with the packages of a project (build/project).  FOLDER holds the default project, or one with the
same tables.  Each round empties the database of DATABASE_URL, lets the processes connect to it together,
and then runs the statement.  The result is printed as JSON: for each round, the status and output of each
process, and those of the statement.

Each process is a fork, so the libraries are loaded only once.  Things that must not be shared, such as an
engine, do not exist before the fork: the first process itself never connects.
"""

import gc
import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from importlib import import_module
from multiprocessing.context import ForkProcess
from typing import Any

import alembic.command
import dotenv
import flask.cli
import flask_migrate.cli
import flask_sqlalchemy
import psycopg
import sqlalchemy.dialects.postgresql.psycopg

PROCESSES = 8
EMPTY = "DROP SCHEMA IF EXISTS users, blog CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
forks = multiprocessing.get_context("fork")


def start(task: Callable[..., None], *arguments: Any) -> tuple[ForkProcess, int]:
    """Start a process for a task; return it and the pipe with its output."""
    output, write_end = os.pipe()

    def run() -> None:
        os.dup2(write_end, 1)
        os.dup2(write_end, 2)
        task(*arguments)

    process = forks.Process(target=run)
    process.start()
    os.close(write_end)
    return process, output


def end(process: ForkProcess, output: int) -> tuple[int | None, str]:
    """Wait for a process; return its status and its output, stdout and stderr."""
    with open(output) as file:
        text = file.read()
    process.join()
    return process.exitcode, text


def execute(statement: str) -> None:
    """Print the first value that a statement returns, if any."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        cursor = connection.execute(statement)
        if cursor.description and (row := cursor.fetchone()):
            print(row[0])


def deploy(gate: int, held: int) -> None:
    """Run the command, but make it wait for the others before it connects."""
    connect = psycopg.connect

    def together(*arguments: Any, **options: Any) -> Any:
        psycopg.connect = connect
        os.close(held)
        os.read(gate, 1)  # returns in all of them together, once no process holds the other end of the pipe
        return connect(*arguments, **options)

    psycopg.connect = together
    sys.argv = ["flask", "db", "upgrade"]
    flask.cli.main()


def deploys(statement: str) -> dict[str, Any]:
    """Run one round and return its results."""
    emptied = end(*start(execute, EMPTY))
    assert emptied == (0, ""), emptied
    gate, held = os.pipe()
    running = [start(deploy, gate, held) for _ in range(PROCESSES)]
    os.close(gate)
    os.close(held)
    ends = [end(*process) for process in running]
    return {"processes": ends, "statement": end(*start(execute, statement))}


def main() -> None:
    folder, rounds, statement = sys.argv[1:]
    os.chdir(folder)
    sys.path.insert(0, os.getcwd())
    # Whatever is loaded here does not have to be loaded again in the forks.  The app is a package or a
    # module.
    assert all([alembic.command, dotenv, flask_migrate.cli, flask_sqlalchemy, sqlalchemy.dialects])
    import_module("app")
    gc.freeze()  # otherwise each collection in a fork would copy the shared memory
    json.dump([deploys(statement) for _ in range(int(rounds))], sys.stdout)


if __name__ == "__main__":
    main()
