"""The commands of db_manage.py.

Each function of a command is short: it asks, calls a module of this package, and prints.  Flask,
SQLAlchemy and Alembic are imported inside the functions, so that help and completion are quick.
"""

from pathlib import Path

import click

from plumbing import __version__
from plumbing.commands.group import PROGRAM, Commands
from plumbing.commands.project import ENVIRONMENTS, Project

# The commands in the order in which help lists them, and the module of each.
MODULES = {
    "setup": "plumbing.commands.setup",
    "init": "plumbing.commands.setup",
    "declare": "plumbing.commands.template",
    "reflect": "plumbing.commands.reflection",
    "migrate": "plumbing.commands.migrations",
    "revision": "plumbing.commands.migrations",
    "merge": "plumbing.commands.migrations",
    "upgrade": "plumbing.commands.migrations",
    "downgrade": "plumbing.commands.migrations",
    "stamp": "plumbing.commands.migrations",
    "history": "plumbing.commands.migrations",
    "status": "plumbing.commands.inspection",
    "check": "plumbing.commands.inspection",
    "diagram": "plumbing.commands.inspection",
    "create": "plumbing.commands.database",
    "schemas": "plumbing.commands.database",
    "grant": "plumbing.commands.database",
    "drop": "plumbing.commands.database",
    "reset": "plumbing.commands.rows",
    "reset-schema": "plumbing.commands.rows",
    "reset-table": "plumbing.commands.rows",
    "seed": "plumbing.commands.rows",
    "start": "plumbing.commands.server",
    "stop": "plumbing.commands.server",
    "psql": "plumbing.commands.server",
    "url": "plumbing.commands.server",
    "update": "plumbing.commands.template",
    "help": "plumbing.commands.help",
}


def create_cli(file: str, create_app: str, seeds: str) -> Commands:
    """Return the group of all commands.

    `file` is the script that calls this, in the folder of the project.  `create_app` and `seeds`
    name the application factory and the function that yields the seed rows, as "module:function":
    they are imported when a command needs them.
    """
    project = Project(Path(file).resolve().parent, create_app, seeds)

    @click.group(
        PROGRAM,
        cls=Commands,
        modules=MODULES,
        invoke_without_command=True,
        context_settings={"obj": project},
    )
    @click.version_option(__version__, message="cookiecutter-flask-postgres %(version)s")
    @click.option("--config", type=click.Choice(ENVIRONMENTS), help="The environment.")
    @click.pass_context
    def cli(ctx: click.Context, config: str | None) -> None:
        """Set up, migrate and inspect the database of this project."""
        project.environment = config or "default"
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    return cli
