"""What db_manage.py, migrations/env.py and the views do with the database."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import current_app
from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    Connection,
    Interval,
    MetaData,
    create_engine,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import DropSchema

import local_postgres
from app import revisions
from app.config import ConfigError
from app.extensions import db
from app.faults import Explained, first_line
from app.revisions import logger

SCHEMA = r"(?!pg_|information_schema$|public$)[^\W\d][\w -]*"

# The models


def check_models(url: URL, metadata: MetaData) -> None:
    """Raise ConfigError if a schema's name cannot be, or if the URL's database lacks what is used."""
    schemas = model_schemas(metadata)
    for name in schemas:
        if not re.fullmatch(SCHEMA, name) or len(name.encode()) > 63:
            raise ConfigError(
                f"schema {name!r} of a model: a name is made of letters, digits, blanks, _ and -, has"
                " at most 63 bytes, and is not PostgreSQL's own; for public leave the schema out."
            )
    columns = [column for table in metadata.tables.values() for column in table.columns]
    special = [f"schema {name}" for name in schemas]
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


# The server


def connect(url: URL | None = None, **options: Any) -> Connection:
    """Return a connection outside of the pool: what is set on it, and its locks, end with it."""
    options |= current_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    return create_engine(url or db.engine.url, poolclass=NullPool, **options).connect()


def maintenance() -> Connection:
    """Return a connection to the server's own database, on which each statement is committed."""
    database = "postgres" if db.engine.url.database != "postgres" else "template1"
    return connect(db.engine.url.set(database=database), isolation_level="AUTOCOMMIT")


def wait(seconds: float) -> None:
    """Wait for the server to let sessions in; what else it refuses, the next statement will say."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return db.engine.connect().close()
        except OperationalError as error:
            message = str(error.orig)
            if "FATAL" in message and "database system is" not in message:
                return None
            if time.monotonic() > deadline:
                raise
        time.sleep(0.5)


def name() -> str:
    """Return the name of the database."""
    return str(db.engine.url.database)


def create_database() -> bool:
    """Create the database unless it exists.  Returns whether it was created."""
    with suppress(OperationalError):
        db.engine.connect().close()
        return False
    with maintenance() as connection:
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {quoted(name())}")
            return True
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in ("42P04", "23505"):
                raise
            return False  # another process was faster


def drop_database() -> bool:
    """Drop the database and close its connections.  Returns whether there was one."""
    with maintenance() as connection:
        found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        exists = bool(connection.scalar(found, {"name": name()}))
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(name())} WITH (FORCE)")
    return exists


def url_without_password() -> str:
    """Return the URL as psql takes it: in one, + is no blank."""
    url = db.engine.url
    query = {key: value for key, value in url.query.items() if "password" not in key}
    parts = (url.host, url.port, url.database, query)
    plain = URL.create(url.get_backend_name(), url.username, None, *parts)
    start, mark, options = str(plain).partition("?")
    start = start.replace("+", "%2B").replace(" ", "%20")
    return f"{start}{mark}{options.replace('+', '%20')}"


def psql() -> tuple[str, dict[str, str]]:
    """Return the program that opens the database, and the environment with the password."""
    require_postgresql("psql")
    found = None if current_app.config["LOCAL_POSTGRES"] else shutil.which("psql")
    program = found or str(local_postgres.programs() / "psql")
    password = db.engine.url.password
    return program, {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def place() -> str:
    """Return where the database is, in words."""
    url = db.engine.url
    if current_app.config["LOCAL_POSTGRES"]:
        return "the local PostgreSQL"
    host = url.query.get("host") or url.host or os.environ.get("PGHOST") or "this machine"
    return host if isinstance(host, str) else ", ".join(host)


def target() -> str:
    """Return which database this is, as a question names it."""
    return f"database {name()} on {place()} ({current_app.config['ENVIRONMENT']})"


def status() -> dict[str, Any]:
    """Return where the database stands: words, and lists of schemas and revisions."""
    with db.engine.connect() as connection:
        found = revisions.applied(connection)
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
    server = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[db.engine.dialect.name]
    return {
        "database": name(),
        "environment": current_app.config["ENVIRONMENT"],
        "local": current_app.config["LOCAL_POSTGRES"],
        "server": f"{server} {version}",
        "schemas": model_schemas(db.metadata),
        "applied": [revision for revision, applied in found.items() if applied],
        "pending": [revision for revision, applied in found.items() if not applied],
    }


def described(status: dict[str, Any]) -> list[str]:
    """Return the lines that say where the database stands."""
    server = f"local {status['server']}" if status["local"] else status["server"]
    lines = [f"Database: {status['database']}, {server} ({status['environment']})"]
    if status["schemas"]:
        lines.append(f"Schemas:  {', '.join(status['schemas'])}")
    lines += [f"[x] {revision}" for revision in status["applied"]]
    lines += [f"[ ] {revision}" for revision in status["pending"]]
    if status["pending"]:
        lines.append(f"Pending: {len(status['pending'])}. Run: python db_manage.py upgrade")
    return lines


def guard(action: str, named: str | None) -> None:
    """Raise ConfigError if an action that loses rows is not meant for this database.

    `named` is what the user calls the database; only in production it has to be said.
    """
    if action != "seed":
        require_postgresql(action)
    said = os.environ.get("APP_ENV") or os.environ.get("FLASK_ENV")  # whatever --config says
    if named is None and "production" in (said, current_app.config["ENVIRONMENT"]):
        raise ConfigError(
            f"{action} is refused in production. For {target()} add: --database {name()}"
        )
    if named not in (None, name()):
        raise ConfigError(f"--database {named}: the one that is connected is {name()}.")


def require_postgresql(action: str) -> None:
    """Raise ConfigError if the database is not PostgreSQL."""
    if db.engine.dialect.name != "postgresql":
        raise ConfigError(f"{action} is for PostgreSQL; a database of SQLite is the file {name()}.")


def quoted(*names: str | None) -> str:
    """Return a name, or a schema's and a table's, in quotes."""
    quote = db.engine.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(name) for name in names if name)


# Schemas


def create_schemas(owner: str | None) -> dict[str, bool]:
    """Create the schemas of this project, unless they exist.  Returns whether each was created.

    `owner` is the role that they are for; it may then migrate without CREATE on the database.
    """
    if owner:
        require_postgresql("schemas --owner")
    schemas = sorted(revisions.owned(db.metadata)[0])
    with locked() as connection:
        created = {schema: create_schema(connection, schema, owner) for schema in schemas}
        if owner:
            connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA public TO {quoted(owner)}")
    return created


def create_schema(connection: Connection, schema: str, owner: str | None = None) -> bool:
    """Create a schema unless it exists.  Returns whether it was created.

    It looks first: CREATE SCHEMA IF NOT EXISTS needs the privilege even where it exists.  Raises
    Explained if it exists and does not belong to `owner`.
    """
    found = text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = :schema")
    has = connection.scalar(found, {"schema": schema})
    if has is None:
        authorization = f" AUTHORIZATION {quoted(owner)}" if owner else ""
        connection.exec_driver_sql(f"CREATE SCHEMA {quoted(schema)}{authorization}")
    elif owner not in (None, has):
        change = f"ALTER SCHEMA {quoted(schema)} OWNER TO {quoted(owner)}"
        raise Explained(f"Schema {schema} belongs to {has}. If it is this project's: {change}")
    return has is None


def drop_schema(connection: Connection, schema: str) -> None:
    """Drop a schema, unless something else is in it or this role could not create it again."""
    if not may_create_schemas(connection):
        logger.info("Keeping: schema %s (this role could not create it again)", schema)
        return
    try:
        with connection.begin_nested():
            connection.execute(DropSchema(schema, if_exists=True))
        logger.info("Dropping: schema %s", schema)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") not in ("2BP01", "42501"):
            raise
        logger.info("Keeping: schema %s (%s)", schema, first_line(error))


def may_create_schemas(connection: Connection) -> bool:
    """Return whether the role of a connection may create schemas."""
    privilege = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    return bool(connection.scalar(privilege))


@contextmanager
def locked() -> Iterator[Connection]:
    """Yield a connection in a transaction beside which no migrations run."""
    with connect() as connection:
        revisions.begin_run(connection)
        with connection.begin():
            yield connection
