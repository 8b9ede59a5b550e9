"""Commands of click whose faults are one line on stderr, and exit status 2."""

import sys
import traceback
from typing import Any

import click


class Commands(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **options: Any) -> Any:
        options["standalone_mode"] = False
        try:
            status = super().main(*args, **options)
        except Exception as error:
            status = 2
            if line := explanation(error):
                click.echo(f"Error: {line}", err=True)
            else:
                traceback.print_exception(error)
        sys.exit(status)


def explanation(error: Exception) -> str | None:
    """Return the line for what a user can mend; an error of the program keeps its traceback."""
    match error:
        case click.UsageError(ctx=click.Context() as ctx):
            message = error.format_message()
            end = "" if message.endswith((".", "?", "?)")) else "."
            name = f" {ctx.info_name}" if ctx.parent else ""
            return f"{message}{end} Run: {ctx.find_root().info_name} help{name}"
        case click.ClickException():
            return error.format_message()
        case click.Abort(__cause__=KeyboardInterrupt()):
            return "Interrupted. What was applied has stayed."
        case click.Abort():
            return "Nothing was changed: it takes the answer y, or --yes."
        case SyntaxError():
            return f"{error.msg}: {error.filename}, line {error.lineno}"
        case ImportError(name="flask"):  # then app cannot be imported
            return f"{error}. Activate the virtual environment: . .venv/bin/activate"
        case ImportError():
            return None
    from app import faults  # not before, because it takes long

    return faults.explain(error) if isinstance(error, faults.USERS) else None
