"""One run of migrations at a time, on a connection of its own."""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from plumbing.current import setting
from plumbing.database import connect
from plumbing.errors import UserError

LOCK_KEY = 0x666C61736B  # any number that all runs share

TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")

logger = logging.getLogger("alembic.env")


@contextmanager
def locked() -> Iterator[Connection]:
    """Yield a connection in a transaction, while no other process migrates."""
    with connect() as connection:
        begin_run(connection)
        with connection.begin():
            yield connection


def begin_run(connection: Connection) -> None:
    """Take the lock, and set what a run of migrations needs; both last as long as the connection.

    Raises UserError if another run does not end within MIGRATION_WAIT seconds.
    """
    if connection.dialect.name != "postgresql":
        return
    refuse_pooler(connection)
    take_lock(connection)
    # With a schema of ours in the search path, autogenerate would take its tables for public's.
    connection.execute(text("SET search_path TO public"))
    connection.dialect.default_schema_name = "public"
    set_lock_timeout(connection)
    with suppress(DBAPIError), connection.begin_nested():  # not every system can
        # Without it, a killed run would keep its locks until its statement ends.
        connection.execute(text("SET client_connection_check_interval TO '2s'"))
    connection.commit()  # Alembic is to begin transactions of its own


def refuse_pooler(connection: Connection) -> None:
    """Raise UserError if a pooler is between: it may give each transaction another session.

    A server tells its client the number of its process; a pooler tells one that it made up.
    """
    if setting("DATABASE_DIRECT_URL"):
        return
    driver: Any = connection.connection.dbapi_connection
    process = connection.scalar(text("SELECT pg_backend_pid()"))
    if process != driver.info.backend_pid:
        raise UserError(
            "Migrations take a lock, which a pooler would lose:"
            " set DATABASE_DIRECT_URL to the server itself."
        )


def take_lock(connection: Connection) -> None:
    """Wait for the lock of a run.

    It is polled: a blocking pg_advisory_lock() would deadlock with a CREATE INDEX CONCURRENTLY in
    the run that it waits for.
    """
    wait = setting("MIGRATION_WAIT")
    started = time.monotonic()
    waiting = False
    while not connection.scalar(TRY_LOCK, {"key": LOCK_KEY}):
        connection.rollback()
        if not waiting:
            logger.info("Waiting: another run of migrations is in progress")
            waiting = True
        if time.monotonic() - started > wait:
            raise UserError("Another run of migrations has not finished. Try again later.")
        # Seconds, not the same for all that wait.
        pause = random.uniform(0.01, 0.1)  # nosec B311 # nothing depends on a secret
        time.sleep(pause)


def set_lock_timeout(connection: Connection) -> None:
    """Let a statement give up when a table is in use for longer than MIGRATION_LOCK_TIMEOUT."""
    if connection.dialect.name != "postgresql":
        return
    statement = text("SELECT set_config('lock_timeout', :timeout, false)")
    connection.execute(statement, {"timeout": setting("MIGRATION_LOCK_TIMEOUT")})
