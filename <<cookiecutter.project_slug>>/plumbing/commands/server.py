"""The commands for the server: the local PostgreSQL, and psql."""

import os
import shutil
from typing import NoReturn

import click

from plumbing.commands.project import Project, pass_project, with_app


@click.command("start")
@pass_project
def start_command(project: Project) -> None:
    """Start the local PostgreSQL if it is not running."""
    start_server(project)


def start_server(project: Project) -> None:
    """Start the local PostgreSQL, and say whether it was running."""
    verb = "Starting" if project.local_postgres().start() else "Running"
    click.echo(f"{verb}: local PostgreSQL")


@click.command("stop")
@pass_project
def stop_command(project: Project) -> None:
    """Stop the local PostgreSQL if it is running."""
    verb = "Stopping" if project.local_postgres().stop() else "Not running"
    click.echo(f"{verb}: local PostgreSQL")


@click.command("psql", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_app
def psql_command(arguments: tuple[str, ...]) -> NoReturn:
    """Open psql on the database; ARGUMENTS are passed on."""
    from plumbing import database
    from plumbing.current import setting

    database.require_postgresql("psql")
    program = find_psql()
    environment = dict(os.environ)
    if setting("LOCAL_POSTGRES"):
        for name in ("PGHOSTADDR", "PGPORT"):  # meant for another server
            environment.pop(name, None)
    password = database.url().password
    if password:
        environment["PGPASSWORD"] = str(password)  # not an argument, which others could read
    command = [program, database.url_without_password(), *arguments]
    os.execve(program, command, environment)  # nosec B606 # no shell reads these words


def find_psql() -> str:
    """Return the path of psql: the local PostgreSQL's own, or for another server that on PATH."""
    from plumbing.current import setting
    from plumbing.local_postgres import programs

    on_path = None if setting("LOCAL_POSTGRES") else shutil.which("psql")
    return on_path or str(programs() / "psql")


@click.command("url")
@with_app
def url_command() -> None:
    """Print the URL of the database without the password."""
    from plumbing import database

    click.echo(database.url_without_password())
