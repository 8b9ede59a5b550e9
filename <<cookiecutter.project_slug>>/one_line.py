"""Commands of click whose faults are one line on stderr, and exit status 2."""

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
    """Turn what a user can mend into a Fault; let errors of the program pass."""
    try:
        yield
    except click.UsageError as error:
        ctx = error.ctx or click.get_current_context()
        name = f" {ctx.info_name}" if ctx.parent else ""
        remedy = f"Run: {ctx.find_root().info_name} help{name}"
        raise Fault(f"{error.format_message()} {remedy}") from error
    except click.Abort as error:
        raise Fault("Nothing was changed: it takes the answer y, or --yes.") from error
    except (click.ClickException, click.exceptions.Exit):
        raise
    except ModuleNotFoundError as error:
        if error.name != "flask":
            raise
        raise Fault(f"{error}. Activate the virtual environment: . .venv/bin/activate") from error
    except Exception as error:
        from app import faults  # not before, because it takes long

        if not isinstance(error, faults.USERS):
            raise
        raise Fault(faults.explain(error)) from error
