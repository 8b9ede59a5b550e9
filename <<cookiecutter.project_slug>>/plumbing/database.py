"""The database of the active application: where it is, connections to it, create and drop."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from plumbing.current import db, project_root, root, setting
from plumbing.errors import DUPLICATE_DATABASE, UNIQUE_VIOLATION, ConfigError, sqlstate
from plumbing.target import Target, find_target


def init_app(app: Flask) -> None:
    """Let the application find the local PostgreSQL, also if that is started after it."""
    if app.config["LOCAL_POSTGRES"]:
        with app.app_context():
            find_local_server(db().engine, project_root(app.root_path))


def find_local_server(engine: Engine, root: Path) -> None:
    """Look up the socket of the local PostgreSQL for each connection of an engine.

    The server may have been started since, or the project may be a copy of another.
    """
    from plumbing.local_postgres import LocalPostgres  # never in production

    server = LocalPostgres(root)

    def set_host(_: Any, __: Any, ___: Any, arguments: dict[str, Any]) -> None:
        arguments.update(server.address())

    event.listen(engine, "do_connect", set_host)


def url() -> URL:
    """Return the URL of the server itself, past any pooler that the application uses."""
    direct: URL | None = setting("DATABASE_DIRECT_URL")
    return direct or db().engine.url


def name() -> str:
    """Return the name of the database."""
    return str(url().database)


def target() -> Target:
    """Return the database and its server, in the words for a person."""
    return find_target(url(), setting("LOCAL_POSTGRES"))


def described() -> str:
    """Describe the database as questions do: shop_dev on the local PostgreSQL (development)."""
    return f"{target()} ({setting('ENVIRONMENT')})"


def is_postgresql() -> bool:
    """Return whether the database is on PostgreSQL, and not a file of SQLite's."""
    return db().engine.dialect.name == "postgresql"


def require_postgresql(action: str) -> None:
    """Raise ConfigError if the database is not on PostgreSQL."""
    if not is_postgresql():
        raise ConfigError(f"{action} is for PostgreSQL; a database of SQLite is the file {name()}.")


def guard(action: str, named: str | None = None, asks: bool = False) -> None:
    """Raise ConfigError if a command that loses rows may not be meant for this database.

    `named` is the value of --database, which must be right if it is given.  It is required in
    production, and for a server on another machine unless the command `asks` first.
    """
    if named is not None:
        check_name(named)
        return
    if setting("DATABASE_IS_DISPOSABLE"):
        return
    if is_production():
        reason = "is refused in production"
    elif asks or target().on_this_machine:
        return
    else:
        reason = "without a question is refused for a server on another machine"
    raise ConfigError(
        f"{action} {reason}. If database {described()} is meant, add to python db_manage.py {action}:"
        f" --database {target().name_to_type}"
    )


def check_name(named: str) -> None:
    """Raise ConfigError if a value of --database does not mean the database that is connected."""
    if not target().is_named(named):
        right = target().name_to_type
        raise ConfigError(f"--database {named}: the connected database is {right}.")


def is_production() -> bool:
    """Return whether anything says that this is production, whatever --config says."""
    names = (os.environ.get("APP_ENV"), os.environ.get("FLASK_ENV"), setting("ENVIRONMENT"))
    return any(name.strip().lower().startswith("prod") for name in names if name)


def connect(**options: Any) -> Connection:
    """Return a connection outside the pool; its settings and locks end with it."""
    return engine_without_pool(**{"url": url()} | options).connect()


def engine_without_pool(**options: Any) -> Engine:
    """Return an engine that keeps no connections, the same one each time.

    It asks the server about itself once, and compiles each statement once.
    """
    engines: dict[Any, Engine] = current_app.extensions.setdefault("engines_without_pool", {})
    key = tuple(sorted(options.items()))
    if key not in engines:
        arguments = setting("SQLALCHEMY_ENGINE_OPTIONS").get("connect_args", {})
        engine = create_engine(**options, connect_args=arguments, poolclass=NullPool)
        if setting("LOCAL_POSTGRES"):
            find_local_server(engine, root())
        engines[key] = engine
    return engines[key]


def connect_to_server() -> Connection:
    """Return a connection to the database `postgres`; each statement is committed."""
    maintenance = "postgres" if name() != "postgres" else "template1"
    return connect(url=url().set(database=maintenance), isolation_level="AUTOCOMMIT")


def wait(seconds: float) -> None:
    """Wait for the server to accept connections, at most for some seconds.

    Returns early if it refuses for a reason that does not pass: the next statement then says why.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            connect().close()
            return
        except OperationalError as error:
            if not is_starting(error) or time.monotonic() > deadline:
                return
        time.sleep(0.5)


def is_starting(error: OperationalError) -> bool:
    """Return whether a refusal may be temporary: nothing listens yet, or the server starts or stops."""
    message = str(error)
    return "FATAL" not in message or "database system is" in message


def create() -> bool:
    """Create the database unless it exists.  Returns whether it was created."""
    with suppress(OperationalError):
        connect().close()
        return False
    try:
        with connect_to_server() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {quoted(name())}")
    except DBAPIError as error:
        if sqlstate(error) in (DUPLICATE_DATABASE, UNIQUE_VIOLATION):  # another process was faster
            return False
        raise
    return True


def drop(named: str | None = None) -> bool:
    """Drop the database and close its connections.  Returns whether there was one.

    In production, or if its server is on another machine, `named` has to name the database, else
    ConfigError is raised: see guard().
    """
    require_postgresql("drop")
    guard("drop", named)
    count = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    with connect_to_server() as connection:
        found = connection.scalar(count, {"name": name()})
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(name())} WITH (FORCE)")
    return bool(found)


def quoted(*names: str | None) -> str:
    """Return a name, or a schema's and a table's, in quotes for SQL."""
    quote = db().engine.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(name) for name in names if name)


def url_without_password() -> str:
    """Return the URL as psql takes it: there a + is not a blank."""
    secrets = [key for key in url().query if "password" in key or "secret" in key]
    plain = url().set(drivername=url().get_backend_name()).difference_update_query(secrets)
    start, mark, options = plain._replace(password=None).render_as_string().partition("?")
    start = start.replace("+", "%2B").replace(" ", "%20")
    options = options.replace("+", "%20")
    return f"{start}{mark}{options}"
