"""What migrations/env.py, db_manage.py and the views share about the database."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import MigrateOperation, Operations, ops
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import (
    ARRAY,
    JSON,
    URL,
    Column,
    Connection,
    Enum,
    Interval,
    MetaData,
    String,
    cast,
    create_engine,
    inspect,
    literal_column,
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
        held = [m.__tablename__ for m in models if session.scalar(select(m.id).limit(1))]
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


@Operations.register_operation("create_schema")
@Operations.register_operation("drop_schema")
class SchemaOp(MigrateOperation):
    """op.create_schema("blog") or op.drop_schema("blog") in a revision."""

    def __init__(self, name: str, schema: str) -> None:
        self.name, self.schema = name, schema

    @classmethod
    def create_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls("create_schema", schema))

    @classmethod
    def drop_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls("drop_schema", schema))

    def to_diff_tuple(self) -> tuple[str, str]:
        return self.name, self.schema


@renderers.dispatch_for(SchemaOp)
def _render(_: AutogenContext, operation: SchemaOp) -> str:
    return f"op.{operation.name}({operation.schema!r})"


@Operations.implementation_for(SchemaOp)
def _run(operations: Operations, operation: SchemaOp) -> None:
    creates, schema = operation.name == "create_schema", operation.schema
    if operations.migration_context.as_sql:
        create = CreateSchema(schema, if_not_exists=True)
        operations.execute(create if creates else DropSchema(schema, if_exists=True))
    elif not creates:
        drop_schema(operations.get_bind(), schema)
    elif create_schema(operations.get_bind(), schema):
        logger.info("Creating: schema %s", schema)


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


def add_schema_operations(script: ops.MigrationScript, metadata: MetaData) -> None:
    """Let a new revision create the schemas it fills and drop those it empties.

    The models decide, never the database: a schema that a developer made by hand would hide the
    missing statement until production.
    """
    upgrade, downgrade = script.upgrade_ops, script.downgrade_ops
    assert upgrade is not None and downgrade is not None
    created = [o for o in upgrade.ops if isinstance(o, ops.CreateTableOp)]
    dropped = [o for o in upgrade.ops if isinstance(o, ops.DropTableOp)]
    # A schema is filled here if each of its tables is created and none is dropped.
    kept = {(table.schema, table.name) for table in metadata.tables.values()}
    older = kept - {(o.schema, o.table_name) for o in created}
    older |= {(o.schema, o.table_name) for o in dropped}
    filled = dict.fromkeys(o.schema for o in created if o.schema)
    for schema in reversed([s for s in filled if s not in dict(older)]):
        upgrade.ops.insert(0, SchemaOp("create_schema", schema))
        downgrade.ops.append(SchemaOp("drop_schema", schema))
    emptied = dict.fromkeys(o.schema for o in dropped if o.schema)
    for schema in [s for s in emptied if s not in dict(kept)]:
        upgrade.ops.append(SchemaOp("drop_schema", schema))
        downgrade.ops.insert(0, SchemaOp("create_schema", schema))


def owned(metadata: MetaData) -> dict[str, set[str | None]]:
    """Return the schemas and the tables that autogenerate compares; None is the default schema.

    They are those of the models, and those of the revisions: they may be left to be dropped.
    """
    tables = metadata.tables.values()
    text = "".join(path.read_text() for path in Path(script_directory().versions).glob("*.py"))
    created = r"""op\.create_%s\(\s*['"](.+?)['"]"""
    return {
        "schema": {None, *(t.schema for t in tables), *re.findall(created % "schema", text)},
        "table": {*(t.name for t in tables), *re.findall(created % "table", text)},
    }


def next_revision_id(message: str | None) -> str:
    """Return 0002_add_phone for "Add phone!"; the column of the ids takes 32 characters."""
    ids = [revision.revision for revision in script_directory().walk_revisions()]
    numbers = [int(match[0]) for id_ in ids if (match := re.match(r"\d+", id_))]
    slug = re.sub(r"[^a-z0-9]+", "_", (message or "").lower()).strip("_")
    return f"{max(numbers, default=0) + 1:04}_{slug or 'migration'}"[:32].rstrip("_")


def literal_default(column: Any) -> str | None:
    """Return the default of a column as SQL, or None if it has none or a function."""
    default = getattr(column.server_default, "arg", None)
    return "'" + default.replace("'", "''") + "'" if isinstance(default, str) else None


class PostgreSQL(PostgresqlImpl):
    """Compares defaults as the server does; Alembic's own way breaks on a quote."""

    __dialect__ = "postgresql"

    def compare_server_default(self, stored: Any, column: Any, *rendered: Any) -> bool:
        literal, stored_default = literal_default(column), rendered[1]
        compare: Any = super().compare_server_default
        assert self.connection is not None
        try:
            with self.connection.begin_nested():
                if literal is None or stored_default is None:
                    return bool(compare(stored, column, *rendered))
                sides: list[Any] = [literal_column(stored_default), literal_column(literal)]
                if isinstance(column.type, JSON):
                    sides = [cast(side, JSONB) for side in sides]
                return not self.connection.scalar(select(sides[0] == sides[1]))
        except DBAPIError:  # they are not even of one type
            return True


class SQLite(SQLiteImpl):
    """Compares literal defaults as text."""

    __dialect__ = "sqlite"

    def compare_server_default(self, stored: Any, column: Any, *rendered: Any) -> bool:
        literal, compare = literal_default(column), super().compare_server_default
        if literal is None:
            return bool(compare(stored, column, *rendered))
        return rendered[1] not in (literal, f"({literal})")


strings = Rewriter()


@strings.rewrites(ops.AlterColumnOp)
def _alter_string(_: Any, __: Any, operation: ops.AlterColumnOp) -> ops.AlterColumnOp:
    """Change the length of an enum's column, and leave its check constraint alone."""
    for name in ("modify_type", "existing_type"):
        kind = getattr(operation, name)
        if isinstance(kind, Enum) and not kind.native_enum:
            setattr(operation, name, String(kind.length))
    return operation


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Write a literal default as it is: Alembic would cut off a quote at its ends."""
    literal = getattr(item, "arg", None) if kind == "server_default" else None
    return repr(literal) if isinstance(literal, str) else False


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
    ("didn't produce", "So many revisions there are not: flask db history"),
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
