"""Migrations: what `python db_manage.py` and `flask db` do, as functions.

Call them in the context of an application.
"""

import os
import sys
from collections.abc import Callable

import flask_migrate.cli
from alembic import command
from alembic.config import Config
from flask import Flask

from plumbing import current
from plumbing.current import project_root
from plumbing.migrations import history

# Keys in the attributes of Alembic's configuration.
NAMED = "named database"
ASK = "ask"


def init_app(app: Flask) -> None:
    """Let `flask db` find the project's migrations from any working directory."""
    directory = find_directory(app)
    extension = app.extensions["migrate"]
    extension.directory = directory
    extension.migrate.directory = directory
    for subcommand in flask_migrate.cli.db.commands.values():
        for parameter in subcommand.params:
            if parameter.name == "rev_id":
                parameter.callback = history.check_new_id


def find_directory(app: Flask) -> str:
    """Return the path of migrations/ in a form that both Alembic and Mako can read.

    A relative path suits Alembic best, which takes a % for the start of a variable.  But Mako
    refuses one that begins with "..", as from a folder beside the project's.
    """
    absolute = str(project_root(app.root_path) / "migrations")
    relative = os.path.relpath(absolute)
    if relative.startswith(os.pardir) and "%" not in absolute:
        return absolute
    return relative


def upgrade(revision: str = "head", sql: bool = False) -> None:
    """Apply the pending migrations up to a revision.  `sql` prints SQL and needs no server."""
    command.upgrade(current.migrate().get_config(), revision, sql=sql)


def downgrade(revision: str = "-1", sql: bool = False, named: str | None = None) -> None:
    """Revert the last migration, or all those after a revision.  `sql` prints SQL instead.

    In production, or if the server is on another machine, `named` has to name the database: see
    database.guard(), which raises ConfigError.
    """
    if sql and ":" not in revision:
        revision = f"head:{revision}"  # without a server, Alembic has to know where to start
    config = current.migrate().get_config()
    config.attributes[NAMED] = named
    command.downgrade(config, revision, sql=sql)


def migrate(message: str | None = None, ask: Callable[[str], bool] | None = None) -> bool:
    """Write a migration with the changes of the models.  Returns whether there were any.

    `ask` is called with a question where a column or a table may have been renamed; without it, a
    line says so.
    """
    config = current.migrate().get_config(opts=["autogenerate"])
    config.attributes[ASK] = ask
    return bool(command.revision(config, message, autogenerate=True))


def revision(message: str | None = None) -> None:
    """Write an empty migration, to fill in by hand.  This needs no server."""
    revision_id = history.next_revision_id(message)
    command.revision(config_without_server(), message, rev_id=revision_id)


def merge(message: str | None = None) -> bool:
    """Write a migration that joins all heads.  Returns whether there were several."""
    if len(history.heads()) < 2:
        return False
    message = message or "merge"
    revision_id = history.next_revision_id(message)
    command.merge(config_without_server(), "heads", message=message, rev_id=revision_id)
    return True


def stamp(revision: str = "head") -> None:
    """Record that the database is at a revision, without running any migration."""
    command.stamp(current.migrate().get_config(), revision)


def show_history() -> None:
    """Print the migrations, newest first.  This needs no server."""
    config = config_without_server()
    config.stdout = sys.stdout  # that of now: Alembic keeps the one of its import
    command.history(config)


def config_without_server() -> Config:
    """Return Alembic's configuration for commands that only read and write migration files."""
    config: Config = current.migrate().get_config()
    config.set_main_option("revision_environment", "false")  # do not run migrations/env.py
    return config
