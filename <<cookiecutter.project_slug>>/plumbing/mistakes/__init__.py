"""A mistake in a model, or in any other code that is loaded with the application, as one line.

The line has the file and the line in it, what is wrong, and what to do.  For the traceback, load
the application without this package: python -c "from app import create_app; create_app()"
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError, SAWarning
from werkzeug.serving import is_running_from_reloader

from plumbing.errors import UserError
from plumbing.mistakes.kinds import WARNINGS, describe
from plumbing.mistakes.places import find_place, is_ours


class Mistake(UserError):
    """The application cannot be loaded, because of a mistake in its code."""


@contextmanager
def recognized() -> Iterator[None]:
    """Turn an error that the application's code raises while it is loaded into a Mistake.

    An error that plumbing/ raises is left as it is: it is a bug, and keeps its traceback.
    """
    for message in WARNINGS:  # after which the application would seem to work, without a column
        warnings.filterwarnings("error", message, SAWarning)
    try:
        yield
    except (DBAPIError, UserError):
        raise
    except Exception as error:
        if is_ours(error):
            raise
        raise Mistake(explain(error)) from error


def explain(error: Exception) -> str:
    """Return the line for an error."""
    text, clues = describe(error)
    place = find_place(error, clues)
    return f"{place}: {text}" if place else text


def call(name: str, *arguments: Any) -> Any:
    """Import a function of the application, given as "module:name", and call it.  Raises Mistake."""
    with recognized():
        return resolve_name(name)(*arguments)


@contextmanager
def cli_errors() -> Iterator[None]:
    """End the program with one line if the application cannot be loaded."""
    try:
        with recognized():
            yield
    except UserError as error:
        sys.exit(f"Error: {error}")


def load_app(create_app: str) -> Flask:
    """Return the application of a factory, given as "module:name", or end the program with one line.

    A development server that has just reloaded must not end, or it would not see the correction:
    it shows the line in the browser, and reloads again when a file changes.
    """
    try:
        app: Flask = call(create_app)
    except UserError as error:
        line = f"Error: {error}"
        if not is_running_from_reloader():
            sys.exit(line)
        from plumbing.mistakes.page import app_that_shows

        print(line, file=sys.stderr)
        return app_that_shows(error)
    return app
