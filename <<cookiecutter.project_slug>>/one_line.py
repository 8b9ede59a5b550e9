"""Commands of click whose faults are one line on stderr, and exit status 2."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class Fault(click.ClickException):
    """A fault of the user's, or one that the user can mend."""

    exit_code = 2


class Commands(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        with one_line():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with one_line():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what a user can mend into a Fault; an error of the program keeps its traceback."""
    try:
        yield
    except click.UsageError as error:
        ctx = error.ctx or click.get_current_context()
        name = f" {ctx.info_name}" if ctx.parent else ""
        message = error.format_message()
        end = "" if message.endswith((".", "?", "?)")) else "."
        raise Fault(f"{message}{end} Run: {ctx.find_root().info_name} help{name}") from error
    except click.Abort as error:
        raise Fault("Nothing was changed: it takes the answer y, or --yes.") from error
    except KeyboardInterrupt as error:
        raise Fault("Interrupted. What was applied has stayed.") from error
    except (click.ClickException, click.exceptions.Exit):
        raise
    except SyntaxError as error:
        raise Fault(f"{error.msg}: {error.filename}, line {error.lineno}") from error
    except Exception as error:
        if line := explanation(error):
            raise Fault(line) from error
        traceback.print_exception(error)
        raise click.exceptions.Exit(Fault.exit_code) from error


def explanation(error: Exception) -> str | None:
    """Return the line for an error that a user can mend, or None."""
    if isinstance(error, ImportError):  # then app may not be there
        hint = " Activate the virtual environment: . .venv/bin/activate"
        return f"{error}.{hint}" if error.name == "flask" else None
    from app import faults  # not before, because it takes long

    return faults.explain(error) if isinstance(error, faults.USERS) else None
