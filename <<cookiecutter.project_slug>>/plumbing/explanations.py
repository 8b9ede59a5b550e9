"""Explains an error in one line: what the server or Alembic said, and what to do about it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from flask import has_app_context, has_request_context
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from plumbing.current import setting
from plumbing.errors import UserError, sqlstate

# What a user can fix; any other error is a bug, and keeps its traceback.
EXPECTED = (CommandError, SQLAlchemyError)

UPGRADE = "Run: python db_manage.py upgrade"
RUN_AGAIN = "Run it again: what was applied has stayed."

# By the SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
REMEDIES = {
    "23502": "Give the column a server_default, or fill it before.",
    "25006": "It is a standby, or read only: correct {variable}.",
    "3F000": UPGRADE,
    "42501": "Its owner, or an administrator, may do that.",
    "42703": UPGRADE,
    "42704": "An administrator can create it: CREATE ROLE.",
    "42P01": UPGRADE,
    "42P07": "Created in another way? python db_manage.py stamp REVISION. Left by a killed run? Drop it.",
    "53100": "Free space on the disk of the server.",
    "55P03": "Another session uses the table. Try later.",
    "57P01": RUN_AGAIN,
    "57P02": RUN_AGAIN,
    "57P03": RUN_AGAIN,
    "57P05": RUN_AGAIN,
}
# Inside a migration an upgrade is no remedy for what is missing.
REMEDIES_IN_MIGRATIONS = {
    **REMEDIES,
    "23505": "Remove the duplicates first, for example in this migration.",
    "23514": "Correct these rows first, for example in this migration.",
    "3F000": "Create it first, in the same migration: op.create_schema(NAME)",
    "42703": "",
    "42P01": "",
}
CREATE_SCHEMAS = "An administrator can run: python db_manage.py schemas --owner ROLE"

# A connection that fails has no SQLSTATE in psycopg, only a message.
CONNECTION_REMEDIES = [
    (".*pg_hba.conf", "Its administrator can admit this user and host there."),
    ("database .* does not exist", "Run: python db_manage.py create"),
    ("permission denied for database", "Its owner can GRANT CONNECT ON DATABASE."),
    (".*(too many|connection slots)", "Try later, or close other sessions."),
    ("the database system is", "Try later: upgrade --wait SECONDS waits for it."),
    (".*(password|authentication)", "Correct user and password in {variable}."),
    ("role .* (is not|does not)", "Correct user and password in {variable}."),
    (".*(resolve|translate) host", "Correct the host in {variable}."),
    (".*(SSL|sslmode|certificate)", "Correct sslmode in {variable}."),
    (".*(closed|lost|reset)", RUN_AGAIN),
    (".*(failed|timeout)", "Start the server, or correct {variable}."),
]
ALEMBIC_REMEDIES = [
    (".*not up to date", UPGRADE),
    (".*didn't produce", "There are not so many migrations. Run: python db_manage.py history"),
    ("Can't locate", "Take the code that has it, or an id from python db_manage.py history"),
    ("Ambiguous walk", "Name the revision to go back to: python db_manage.py downgrade REVISION"),
    (".*[Mm]ultiple head", "Join them. Run: python db_manage.py merge"),
]
SQLITE_REMEDIES = [("no such", UPGRADE)]


def explain(error: Exception, migrating: bool = False) -> str:
    """Return one line: what the server or Alembic said, and what to do about it.

    `migrating` means that the error was raised inside a migration.
    """
    if isinstance(error, UserError):
        return str(error)
    message = first_line(error)
    if not has_app_context():  # as when a model cannot be loaded
        return message
    if setting("LOCAL_POSTGRES") and re.search("on socket.*failed", message):
        if "Permission denied" in message:
            return "The local PostgreSQL belongs to another user. Run the command as that user."
        return "The local PostgreSQL is not running. Run: python db_manage.py start"
    remedy = find_remedy(error, message, migrating)
    if remedy == RUN_AGAIN and has_request_context():
        remedy = "The next request connects again."
    if not remedy:
        return message
    remedy = remedy.format(variable=variable_of_the_url())
    return f"{message.rstrip('.')}. {remedy}"


def variable_of_the_url() -> str:
    """Return the name of the variable that holds the URL that was used.

    Requests use DATABASE_URL; commands use DATABASE_DIRECT_URL where there is one.
    """
    if setting("DATABASE_DIRECT_URL") and not has_request_context():
        return "DATABASE_DIRECT_URL"
    return str(setting("DATABASE_VARIABLE"))


@contextmanager
def explained(migrating: bool = False) -> Iterator[None]:
    """Turn an error that a user can fix into a UserError, whose message explains it."""
    try:
        yield
    except EXPECTED as error:
        raise UserError(explain(error, migrating)) from error


def first_line(error: Exception) -> str:
    """Return the most telling line of an error's message."""
    source = error.orig if isinstance(error, DBAPIError) else error
    lines = str(source).strip().splitlines() or [""]
    fatal = [line for line in lines if "FATAL" in line]
    line = (fatal or lines)[0]
    return line.split("FATAL:")[-1].strip()


def find_remedy(error: Exception, message: str, migrating: bool) -> str:
    """Return what to do about an error, or nothing if nothing is known."""
    if not isinstance(error, DBAPIError):
        return by_message(ALEMBIC_REMEDIES, message)
    if not hasattr(error.orig, "sqlstate"):
        return by_message(SQLITE_REMEDIES, message)
    code = sqlstate(error)
    if not code:
        return by_message(CONNECTION_REMEDIES, message)
    if code == "42501" and re.search(" for (database|schema public)", message):
        return CREATE_SCHEMAS
    if code == "42704" and not message.startswith("role"):
        return ""
    remedies = REMEDIES_IN_MIGRATIONS if migrating else REMEDIES
    return remedies.get(code, "")


def by_message(remedies: list[tuple[str, str]], message: str) -> str:
    """Return the first remedy whose pattern matches the beginning of a message."""
    for pattern, remedy in remedies:
        if re.match(pattern, message):
            return remedy
    return ""
