"""The group of the commands: it loads them when they are needed, and keeps errors to one line."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, overload

import click

from plumbing.commands.output import echo
from plumbing.commands.project import with_app
from plumbing.errors import UserError

PROGRAM = "python db_manage.py"
PACKAGES = (
    "alembic",
    "dotenv",
    "flask",
    "flask_migrate",
    "flask_sqlalchemy",
    "psycopg",
    "sqlalchemy",
)
COMPLETION = "_DB_MANAGE_PY_COMPLETE"  # set by a shell that completes ./db_manage.py

Decorator = Callable[[Callable[..., Any]], click.Command]


class Commands(click.Group):
    """Loads the module of a command when the command is needed.

    See "Lazily Loading Subcommands" in click's documentation.  The command `reset-table` is the
    function `reset_table_command` of its module.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands of this package in their order, then those of the project."""
        own = [name for name in self.commands if name not in self.modules]
        return [*self.modules, *own]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.commands:
            self.load(name)
        return self.commands.get(name)

    def load(self, name: str) -> None:
        """Load a command; for a name that does not exist, all, so that click can suggest one."""
        wanted = [name] if name in self.modules else self.modules
        for each in wanted:
            module = import_module(self.modules[each])
            function = each.replace("-", "_") + "_command"
            self.commands.setdefault(each, getattr(module, function))

    @overload
    def command(self, function: Callable[..., Any], /) -> click.Command: ...

    @overload
    def command(self, *arguments: Any, **options: Any) -> Decorator: ...

    def command(self, *arguments: Any, **options: Any) -> click.Command | Decorator:
        """Add a command, which runs in the context of the application; see click.Group.command."""
        if arguments and callable(arguments[0]):  # @cli.command, without brackets
            command: click.Command = super().command(with_app(arguments[0]))
            return command
        decorate = super().command(*arguments, **options)
        return lambda function: decorate(with_app(function))

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command and exit: with 2 after an error, which is one line on stderr."""
        options["standalone_mode"] = False
        if not options.get("prog_name") and COMPLETION not in os.environ:
            options["prog_name"] = PROGRAM
        try:
            status = super().main(*arguments, **options)
        except Exception as error:
            report(error)
            status = 2
        sys.exit(status)


def report(error: Exception) -> None:
    """Print an error that a user can fix as one line, and any other with its traceback."""
    line = explanation(error)
    if line:
        echo(f"Error: {line}", err=True)
    else:
        traceback.print_exception(error)


def explanation(error: Exception) -> str | None:
    """Return the line for an error that a user can fix, else None."""
    match error:
        case click.UsageError(ctx=click.Context() as ctx):
            return usage(error, ctx)
        case click.ClickException():
            return error.format_message()
        case click.Abort(__cause__=KeyboardInterrupt()):
            return "Interrupted. Whatever was applied has been kept."
        case click.Abort():
            return "Nothing was changed: answer y, or add --yes."
        case SyntaxError():
            return f"{error.msg}: {error.filename}, line {error.lineno}"
        case ModuleNotFoundError(name=str(name)) if name in PACKAGES:
            return f"{error}. Activate the virtual environment: . .venv/bin/activate"
        case UserError():
            return str(error)
        case _:
            return None


def usage(error: click.UsageError, ctx: click.Context) -> str:
    """Return the line for a mistake on the command line, with the command that explains it."""
    message = error.format_message()
    if not message.endswith((".", "?", "?)")):
        message += "."
    program = ctx.find_root().info_name
    name = f" {ctx.info_name}" if ctx.parent else ""
    return f"{message} Run: {program} help{name}"
