"""What migrations/env.py, db_manage.py and the views share about the database."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    Connection,
    Interval,
    MetaData,
    create_engine,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema, DropSchema

from app.config import ConfigError
from app.extensions import db, migrate
from app.models.base import BaseModel

LOCK_KEY, LOCK_WAIT = 0x666C61736B, 60.0  # of a run of migrations: a number, seconds

logger = logging.getLogger("alembic.env")


def check_backend(url: URL, metadata: MetaData) -> None:
    """Raise ConfigError if the models need PostgreSQL and the URL is not one."""
    columns = [column for table in metadata.tables.values() for column in table.columns]
    special = [f"schema {name}" for name in model_schemas(metadata)]
    special += [f"the type of {c}" for c in columns if isinstance(c.type, ARRAY | JSONB)]
    special += [f"the default of {c}" for c in columns if is_special(c)]
    if special and url.get_backend_name() != "postgresql":
        raise ConfigError(f"SQLite does not know {special[0]}: set a postgresql:// URL.")


def is_special(column: Column[Any]) -> bool:
    """Return whether only PostgreSQL has the default of a column."""
    function = "gen_random_uuid" in str(getattr(column.server_default, "arg", ""))
    return function or (isinstance(column.type, Interval) and column.server_default is not None)


def model_schemas(metadata: MetaData) -> list[str]:
    """Return the names of the schemas of the models, sorted."""
    return sorted({table.schema for table in metadata.tables.values() if table.schema})


def wait(seconds: float) -> bool:
    """Wait for the server.  Returns whether the database exists, or raises OperationalError."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.engine.connect().close()
            return True
        except OperationalError as error:
            message = str(error.orig)
            if re.search('FATAL: +database ".*" does not exist', message):
                return False
            starting = "FATAL" not in message or "starting up" in message
            if not starting or time.monotonic() > deadline:
                raise
        time.sleep(0.5)


def create_database() -> bool:
    """Create the database unless it exists.  Returns whether it was created."""
    if wait(seconds=0):
        return False
    with maintenance() as connection:
        name = connection.dialect.identifier_preparer.quote_identifier(db.engine.url.database or "")
        try:
            connection.execute(text(f"CREATE DATABASE {name}"))
            return True
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in ("42P04", "23505"):
                raise
            return False  # another process was faster


@contextmanager
def maintenance() -> Iterator[Connection]:
    """Yield a connection to the server's own database, on which each statement is committed."""
    url = db.engine.url.set(database="postgres")
    server = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        yield connection


def insert_once(rows: Callable[[], Iterator[BaseModel]]) -> list[str]:
    """Insert rows, unless their tables hold any; these are returned."""
    models = dict.fromkeys(type(row) for row in rows())
    with Session(db.engine) as session, session.begin():
        if session.connection().dialect.name == "postgresql":  # not two at once
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY + 1})
        held = [m.__tablename__ for m in models if session.scalar(select(m).limit(1))]
        if not held:
            session.add_all(rows())
    return held


def script_directory() -> ScriptDirectory:
    """Return the revisions in migrations/versions."""
    return ScriptDirectory.from_config(migrate.get_config())


def revisions(connection: Connection) -> dict[str, bool]:
    """Return each revision, oldest first, and whether the database has it.

    Raises CommandError if the database is at a revision that is not in the code.
    """
    script = script_directory()
    known = [revision.revision for revision in script.walk_revisions()][::-1]
    options = current_app.extensions["migrate"].configure_args
    heads = MigrationContext.configure(connection, opts=options).get_current_heads()
    if lost := sorted(set(heads) - set(known)):
        raise CommandError(f"The database is at {lost[0]}, which is not in migrations/versions.")
    applied = {
        revision.revision for head in heads for revision in script.iterate_revisions(head, "base")
    }
    return {revision: revision in applied for revision in known}


def create_schema(connection: Connection, schema: str) -> bool:
    """Create a schema unless it exists.  Returns whether it was created.

    It looks first: CREATE SCHEMA IF NOT EXISTS needs the privilege even where it exists.
    """
    if inspect(connection).has_schema(schema):
        return False
    connection.execute(CreateSchema(schema))
    return True


def drop_schema(connection: Connection, schema: str) -> None:
    """Drop a schema, unless something else is in it or it belongs to another role."""
    try:
        with connection.begin_nested():
            connection.execute(DropSchema(schema, if_exists=True))
        logger.info("Dropping: schema %s", schema)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") not in ("2BP01", "42501"):
            raise
        logger.info("Keeping: schema %s (%s)", schema, first_line(error))


def begin_run(connection: Connection, lock_timeout: str) -> None:
    """Prepare a connection on which Alembic will run; nothing of it outlives it.

    Only one run at a time: others wait, and after LOCK_WAIT seconds CommandError is raised.  The
    lock is polled, because a blocked pg_advisory_lock() would deadlock with CREATE INDEX
    CONCURRENTLY in the run that it waits for.
    """
    if connection.dialect.name != "postgresql":
        return
    deadline = time.monotonic() + LOCK_WAIT
    lock = text("SELECT pg_try_advisory_lock(:key)")
    while not connection.scalar(lock, {"key": LOCK_KEY}):
        connection.rollback()
        if time.monotonic() > deadline:
            raise CommandError("Another run of migrations does not end. Try later.")
        time.sleep(0.2)
    # With a schema of ours in the search path autogenerate would confuse the two.
    connection.execute(text("SET search_path TO public"))
    connection.dialect.default_schema_name = "public"
    setting = text("SELECT set_config('lock_timeout', :timeout, false)")
    connection.execute(setting, {"timeout": lock_timeout})
    connection.commit()  # Alembic shall begin transactions of its own


def one_line_a_step(record: logging.LogRecord) -> bool:
    """Filter Alembic's log: "Applying: 0001_initial" for each step, and no more."""
    step = record.args[0] if isinstance(record.args, tuple) and record.args else None
    if not isinstance(step, RevisionStep):
        return False
    record.msg = "Applying: %s" if step.is_upgrade else "Reverting: %s"
    record.args = (step.revision.revision,)
    return True


REMEDIES = (  # what a message holds, and what helps
    ("authentication failed|role .* does not exist", "Correct user and password in {url}."),
    ("database .* does not exist", "Run: python db_manage.py create"),
    ("on socket .* failed|refused|timeout expired", "Start the server, or correct {url}."),
    ("resolve|translate host name", "Correct the host in {url}."),
    ("(relation|schema|column) .* does not exist", "Run: flask db upgrade"),
    ("denied for database", "Its owner can run: python db_manage.py schemas"),
    ("denied for schema public", "Its owner can GRANT CREATE ON SCHEMA public."),
    ("contains null values", "Give the column a server_default, or fill it before."),
    ("lock timeout", "Another session uses the table. Try later."),
    ("didn't produce", "There are not so many revisions: flask db history"),
    ("not up to date", "Run: flask db upgrade"),
    ("Can't locate revision", "This code does not have it: flask db history"),
    ("Multiple head", "Join them: flask db merge heads --rev-id NUMBER_merge"),
)


def explain(error: Exception) -> str:
    """Return one line: what the server or Alembic said, and what helps."""
    message = first_line(error)
    if current_app.config["LOCAL_POSTGRES"] and re.search("on socket.*failed", message):
        return "The local PostgreSQL does not run. Run: python db_manage.py start"
    for pattern, remedy in REMEDIES:
        if re.search(pattern, message):
            remedy = remedy.format(url=current_app.config["DATABASE_VARIABLE"])
            return f"{message.rstrip('.')}. {remedy}"
    return message


def first_line(error: Exception) -> str:
    """Return the line of the server's message that says most."""
    message = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    lines = message.splitlines() or [""]
    return next((line for line in lines if "FATAL" in line), lines[0]).split("FATAL:")[-1].strip()


@contextmanager
def explained_errors() -> Iterator[None]:
    """Turn an error of the database or of Alembic into a CommandError of one line."""
    try:
        yield
    except (DBAPIError, CommandError) as error:
        raise CommandError(explain(error)) from error
