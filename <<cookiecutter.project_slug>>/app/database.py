"""What db_manage.py, migrations/env.py and the views do with the database."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import current_app
<% if cookiecutter.__sqlite %>
from sqlalchemy import ARRAY, URL, Connection, Interval, MetaData, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
<% else %>
from sqlalchemy import URL, Connection, MetaData, create_engine, text
<% endif %>
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


<% if cookiecutter.__sqlite %>
def check_models(url: URL, metadata: MetaData) -> None:
    """Raise ConfigError if a schema's name cannot be, or if the URL's database lacks what is used."""
<% else %>
def check_models(metadata: MetaData) -> None:
    """Raise ConfigError if a schema's name cannot be."""
<% endif %>
    for name in model_schemas(metadata):
        if not re.fullmatch(SCHEMA, name) or len(name.encode()) > 63:
            raise ConfigError(
                f"schema {name!r} of a model: a name is made of letters, digits, blanks, _ and -, has"
                " at most 63 bytes, and is not PostgreSQL's own; for public leave the schema out."
            )
<% if cookiecutter.__sqlite %>
    if url.get_backend_name() == "postgresql":
        return
    columns = [column for table in metadata.tables.values() for column in table.columns]
    special = [f"schema {name}" for name in model_schemas(metadata)]
    special += [f"the type of {c}" for c in columns if isinstance(c.type, ARRAY | JSONB)]
    for column in columns:
        default = str(getattr(column.server_default, "arg", ""))
        if "gen_random_uuid" in default or (default and isinstance(column.type, Interval)):
            special.append(f"the default of {column}")
    if special:
        raise ConfigError(f"SQLite does not know {special[0]}: set a postgresql:// URL.")
<% endif %>


def model_schemas(metadata: MetaData) -> list[str]:
    """Return the names of the schemas of the models, sorted."""
    return sorted({table.schema for table in metadata.tables.values() if table.schema})


def url() -> URL:
    """Return the URL of the server itself, whatever stands between it and the application."""
    return current_app.config["DATABASE_DIRECT_URL"] or db.engine.url


def connect(**options: Any) -> Connection:
    """Return a connection outside of the pool: what is set on it, and its locks, end with it."""
    arguments = current_app.config["SQLALCHEMY_ENGINE_OPTIONS"].get("connect_args", {})
    options = {"url": url(), "connect_args": arguments, "poolclass": NullPool, **options}
    return create_engine(**options).connect()


def maintenance() -> Connection:
    """Return a connection to the server's own database, on which each statement is committed."""
    database = "postgres" if name() != "postgres" else "template1"
    return connect(url=url().set(database=database), isolation_level="AUTOCOMMIT")


def wait(seconds: float) -> None:
    """Wait for the server to let sessions in; what else it refuses, the next statement will say."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connect().close()
        except OperationalError as error:
            refused = "FATAL" in str(error) and "database system is" not in str(error)
            if refused or time.monotonic() > deadline:
                return None
        time.sleep(0.5)


def name() -> str:
    """Return the name of the database."""
    return str(url().database)


def create() -> bool:
    """Create the database unless it exists.  Returns whether it was created."""
    with suppress(OperationalError):
        connect().close()
        return False
    try:
        with maintenance() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {quoted(name())}")
        return True
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in ("42P04", "23505"):  # another was faster
            return False
        raise


def drop() -> bool:
    """Drop the database and close its connections.  Returns whether there was one."""
    with maintenance() as connection:
        found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        exists = bool(connection.scalar(found, {"name": name()}))
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(name())} WITH (FORCE)")
    return exists


def url_without_password() -> str:
    """Return the URL as psql takes it: in one, + is no blank."""
    secrets = [key for key in url().query if "password" in key]
    plain = url().set(drivername=url().get_backend_name()).difference_update_query(secrets)
    start, mark, options = plain._replace(password=None).render_as_string().partition("?")
    start = start.replace("+", "%2B").replace(" ", "%20")
    return f"{start}{mark}{options.replace('+', '%20')}"


def psql() -> tuple[str, dict[str, str]]:
    """Return the program that opens the database, and the environment with the password."""
<% if cookiecutter.__sqlite %>
    require_postgresql("psql")
<% endif %>
    found = None if current_app.config["LOCAL_POSTGRES"] else shutil.which("psql")
    password = {"PGPASSWORD": str(url().password)} if url().password else {}
    return found or str(local_postgres.programs() / "psql"), {**os.environ, **password}


def target() -> str:
    """Return which database this is, as a question names it."""
    host = url().query.get("host") or url().host or os.environ.get("PGHOST") or "this machine"
    place = host if isinstance(host, str) else ", ".join(host)
    if current_app.config["LOCAL_POSTGRES"]:
        place = "the local PostgreSQL"
    return f"database {name()} on {place} ({current_app.config['ENVIRONMENT']})"


def status() -> dict[str, Any]:
    """Return where the database stands: words, and lists of schemas and revisions."""
    with connect() as connection:
        found = revisions.applied(connection)
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
<% if cookiecutter.__sqlite %>
    server = "PostgreSQL" if db.engine.dialect.name == "postgresql" else "SQLite"
<% endif %>
    return {
        "database": name(),
        "environment": current_app.config["ENVIRONMENT"],
        "local": current_app.config["LOCAL_POSTGRES"],
<% if cookiecutter.__sqlite %>
        "server": f"{server} {version}",
<% else %>
        "server": f"PostgreSQL {version}",
<% endif %>
        "schemas": model_schemas(db.metadata),
        "applied": [revision for revision in found if found[revision]],
        "pending": [revision for revision in found if not found[revision]],
    }


def described(status: dict[str, Any]) -> list[str]:
    """Return the lines that say where the database stands."""
    server = f"local {status['server']}" if status["local"] else status["server"]
    pending, schemas = status["pending"], ", ".join(status["schemas"])
    return [
        f"Database: {status['database']}, {server} ({status['environment']})",
        *([f"Schemas:  {schemas}"] if schemas else []),
        *(f"[x] {revision}" for revision in status["applied"]),
        *(f"[ ] {revision}" for revision in pending),
        *([f"Pending: {len(pending)}. Run: python db_manage.py upgrade"] if pending else []),
    ]


def guard(action: str, named: str | None) -> None:
    """Raise ConfigError if an action that loses rows is not meant for the database `named`."""
<% if cookiecutter.__sqlite %>
    if action != "seed":
        require_postgresql(action)
<% endif %>
    said = os.environ.get("APP_ENV") or os.environ.get("FLASK_ENV")  # whatever --config says
    if named is None and "production" in (said, current_app.config["ENVIRONMENT"]):
        remedy = f"For {target()} add: --database {name()}"
        raise ConfigError(f"{action} is refused in production. {remedy}")
    if named not in (None, name()):
        raise ConfigError(f"--database {named}: the one that is connected is {name()}.")


<% if cookiecutter.__sqlite %>
def require_postgresql(action: str) -> None:
    """Raise ConfigError if the database is not PostgreSQL."""
    if db.engine.dialect.name != "postgresql":
        raise ConfigError(f"{action} is for PostgreSQL; a database of SQLite is the file {name()}.")


<% endif %>
def quoted(*names: str | None) -> str:
    """Return a name, or a schema's and a table's, in quotes."""
    quote = db.engine.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(name) for name in names if name)


def create_schemas(owner: str | None) -> dict[str, bool]:
    """Create the schemas, for a role that shall migrate.  Returns whether each was created."""
<% if cookiecutter.__sqlite %>
    if owner:
        require_postgresql("schemas --owner")
<% endif %>
    schemas = sorted(revisions.owned(db.metadata)[0])
    with locked() as connection:
        created = {schema: create_schema(connection, schema, owner) for schema in schemas}
        if owner:
            connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA public TO {quoted(owner)}")
    return created


def create_schema(connection: Connection, schema: str, owner: str | None = None) -> bool:
    """Create a schema unless it exists.  Returns whether it was created; raises Explained."""
    # IF NOT EXISTS would need the privilege to create even where the schema exists.
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
        return logger.info("Keeping: schema %s (this role could not create it again)", schema)
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
