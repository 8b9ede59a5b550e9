"""Explains an error in one line: what the server or Alembic said, and what to do about it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from flask import has_app_context, has_request_context
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from plumbing.current import setting
from plumbing.database import is_production
from plumbing.diagnostics import Diagnosis, diagnose
from plumbing.errors import DEPENDENT_OBJECTS_STILL_EXIST, UserError
from plumbing.migration_files import explain_migration_file
from plumbing.remedies import (
    ALEMBIC_REMEDIES,
    CONNECTION_REMEDIES,
    RUN_AGAIN,
    SQLITE_REMEDIES,
    UPGRADE,
    by_message,
    by_rules,
)

__all__ = ["EXPECTED", "UPGRADE", "explain", "explained", "first_line"]

# What a user can fix; any other error is a bug, and keeps its traceback.
EXPECTED = (CommandError, SQLAlchemyError)


def explain(error: Exception, migrating: bool = False) -> str:
    """Return one line: what the server or Alembic said, and what to do about it.

    `migrating` means that the error was raised inside a migration.  In production the line quotes
    no row.
    """
    if isinstance(error, UserError):
        return str(error)
    if not has_app_context():  # as when a model cannot be loaded
        return first_line(error)
    diagnosis = diagnose(error, show_rows=not is_production())
    if diagnosis:
        return explain_diagnosis(diagnosis, error, migrating)
    message = first_line(error)
    if setting("LOCAL_POSTGRES") and re.search("on socket.*failed", message):
        if "Permission denied" in message:
            return "The local PostgreSQL belongs to another user. Run the command as that user."
        return "The local PostgreSQL is not running. Run: python db_manage.py start"
    return sentences(message, find_remedy(error, message))


def explain_diagnosis(said: Diagnosis, error: Exception, migrating: bool) -> str:
    """Return what the server said, with our remedy, or else with its own hint."""
    statement = getattr(error, "statement", None) or ""
    remedy = by_rules(said, statement, migrating) or said.hint
    if said.code == DEPENDENT_OBJECTS_STILL_EXIST and said.detail:
        return sentences(f"{said.message}: {said.detail}", for_now(remedy))
    return sentences(said.message, said.detail, for_now(remedy))


def find_remedy(error: Exception, message: str) -> str:
    """Return what to do about an error that the server did not raise, or nothing."""
    if not isinstance(error, DBAPIError):
        return by_message(ALEMBIC_REMEDIES, message)
    if not hasattr(error.orig, "sqlstate"):
        return by_message(SQLITE_REMEDIES, message)
    return for_now(by_message(CONNECTION_REMEDIES, message))


def for_now(remedy: str) -> str:
    """Return a remedy that names the variable of the URL, and says in a request what fits there."""
    if remedy == RUN_AGAIN and has_request_context():
        return "The next request connects again."
    return remedy.replace("{variable}", variable_of_the_url())


def sentences(*parts: str) -> str:
    """Join parts with full stops, or with a colon before a part that begins in lower case."""
    line, *rest = [part for part in parts if part]
    for part in rest:
        mark = ":" if part[0].islower() else "."
        line = f"{line.rstrip('.')}{mark} {part}"
    return line


def variable_of_the_url() -> str:
    """Return the name of the variable that holds the URL that was used.

    Requests use DATABASE_URL; commands use DATABASE_DIRECT_URL where there is one.
    """
    if setting("DATABASE_DIRECT_URL") and not has_request_context():
        return "DATABASE_DIRECT_URL"
    return str(setting("DATABASE_VARIABLE"))


@contextmanager
def explained(migrating: bool = False) -> Iterator[None]:
    """Turn an error that a user can fix into a UserError, whose message explains it.

    That includes a mistake in the file of a migration.
    """
    try:
        yield
    except EXPECTED as error:
        raise UserError(explain(error, migrating)) from error
    except Exception as error:
        line = explain_migration_file(error) if has_app_context() else None
        if line is None:
            raise
        raise UserError(line) from error


def first_line(error: Exception) -> str:
    """Return the most telling line of an error's message."""
    source = error.orig if isinstance(error, DBAPIError) else error
    lines = str(source).strip().splitlines() or [""]
    fatal = [line for line in lines if "FATAL" in line]
    line = (fatal or lines)[0]
    return line.split("FATAL:")[-1].strip()
