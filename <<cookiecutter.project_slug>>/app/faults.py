"""A fault in one line: what the server or Alembic said, and what helps."""

import re

from alembic.util import CommandError
from flask import current_app
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.config import ConfigError
from local_postgres import PostgresError


class Explained(CommandError):
    """A fault whose message is the whole line."""


# What a user can mend; everything else is an error of the program.
USERS = (CommandError, ConfigError, PostgresError, SQLAlchemyError)
SCHEMAS = "python db_manage.py schemas --owner ROLE"
UPGRADE = "Run: python db_manage.py upgrade"
REMEDIES = {  # what helps, by the SQLSTATE and the message
    "connection: .*pg_hba.conf": "Its administrator can admit this user and host there.",
    "connection: database .* does not exist": "Run: python db_manage.py create",
    "connection: permission denied for database": "Its owner can GRANT CONNECT ON DATABASE.",
    "connection: .*(too many|connection slots)": "Try later, or close other sessions.",
    "connection: the database system is": "Try later: upgrade --wait SECONDS waits for it.",
    "connection: .*(password|authentication|role .* is not)": "Correct user and password in {url}.",
    "connection: role .* does not": "Correct user and password in {url}.",
    "connection: .*(resolve|translate) host": "Correct the host in {url}.",
    "connection: .*(SSL|sslmode|certificate)": "Correct sslmode in {url}.",
    "57P..: |connection: .*(closed|lost|reset)": "Run it again: what was applied has stayed.",
    "connection: .*(failed|timeout)": "Start the server, or correct {url}.",
    "25006: ": "It is a standby, or set to read only: correct {url}.",
    "42704: role": "An administrator can create it: CREATE ROLE.",
    "42501: .* for (database|schema public)": f"An administrator can run: {SCHEMAS}",
    "42501: ": "Its owner, or an administrator, may do that.",
    "53100: ": "Free space on the disk of the server.",
    "55P03: ": "Another session uses the table. Try later.",
    "23502: ": "Give the column a server_default, or fill it before.",
    "(42P01|42703|3F000): |sqlite: no such": UPGRADE,
    "revision 3F000: ": "Make it first in this revision: op.create_schema(NAME)",
    "42P07: ": "Made in another way? flask db stamp. Left by a run that was killed? Drop it.",
    "alembic: .*not up to date": UPGRADE,
    "alembic: .*didn't produce": "There are not so many revisions: flask db history",
    "alembic: Can't locate": "Take the code that has it, or an id that flask db history lists.",
    "alembic: Ambiguous walk": "Name the revision to go back to: flask db downgrade REVISION",
    "alembic: .*[Mm]ultiple head": "Join them: flask db merge heads --rev-id NUMBER_merge",
}


def explain(error: Exception, migrating: bool = False) -> str:
    """Return one line: what the server or Alembic said, and what helps."""
    if isinstance(error, ConfigError | Explained | PostgresError):
        return str(error)
    message = first_line(error)
    if current_app.config["LOCAL_POSTGRES"] and re.search("on socket.*failed", message):
        return "The local PostgreSQL does not run. Run: python db_manage.py start"
    state = "alembic"
    if isinstance(error, DBAPIError):  # psycopg's has no SQLSTATE if it is not the server's
        state = getattr(error.orig, "sqlstate", "sqlite") or "connection"
    if migrating and state in ("42P01", "42703", "3F000"):  # what no upgrade brings
        state = f"revision {state}"
    for pattern, remedy in REMEDIES.items():
        if re.match(pattern, f"{state}: {message}"):
            remedy = remedy.format(url=current_app.config["DATABASE_VARIABLE"])
            return f"{message.rstrip('.')}. {remedy}"
    return message


def first_line(error: Exception) -> str:
    """Return the line of the server's message that says most."""
    message = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    lines = message.splitlines() or [""]
    return next((line for line in lines if "FATAL" in line), lines[0]).split("FATAL:")[-1].strip()
