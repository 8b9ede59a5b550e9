"""Opens the source: a database, or a file of SQL that is loaded into a temporary database."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import OperationalError

from plumbing import database
from plumbing.current import setting
from plumbing.errors import ConfigError, UserError
from plumbing.explanations import first_line
from plumbing.reflection.script import run_script
from plumbing.target import find_target
from plumbing.urls import parse_url

Opened = tuple[Connection, list[str]]

URL_LIKE = re.compile(r"[\w+.-]+://|jdbc:|psql ")
EXAMPLE = "postgresql://user@host/name"
ENCODINGS = {"LATIN1": "latin-1", "WIN1252": "cp1252", "LATIN9": "iso8859-15", "WIN1251": "cp1251"}
CLIENT_ENCODING = re.compile(rb"SET client_encoding = '(\w+)'")
ARCHIVE = b"PGDMP"
COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"PK\x03\x04", b"BZh")
OWNER = "pg_database_owner"
"""The role that whoever owns a database has: not a superuser, and without rights elsewhere."""


@contextmanager
def opened(source: str | None) -> Iterator[Opened]:
    """Yield a connection that only reads, and what of a file was left out.  Raises UserError."""
    database.require_postgresql("reflect")
    if source is None:
        with database.connect() as connection:
            yield read_only(connection), []
    elif URL_LIKE.match(source.strip()):
        with opened_url(source) as connection:
            yield read_only(connection), []
    else:
        with loaded(sql_of(Path(source))) as loaded_file:
            yield loaded_file


def read_only(connection: Connection) -> Connection:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    return connection


@contextmanager
def opened_url(source: str) -> Iterator[Connection]:
    """Yield a connection to another database.  No message quotes a password."""
    url = parse_url(source, "SOURCE")
    if url.get_backend_name() != "postgresql":
        raise ConfigError(f"SOURCE is not the URL of a PostgreSQL database: write {EXAMPLE}.")
    try:
        connection = connect_elsewhere(url)
    except OperationalError as error:
        raise UserError(
            f"{find_target(url, is_local_postgres=False)}: {first_line(error)}"
        ) from None
    with connection:
        yield connection


def connect_elsewhere(url: URL) -> Connection:
    """Return a connection to a database that need not be on the server of the project."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    arguments = setting("SQLALCHEMY_ENGINE_OPTIONS").get("connect_args", {})
    return create_engine(url, poolclass=NullPool, connect_args=arguments).connect()


def sql_of(path: Path) -> str:
    """Return the text of a file of SQL.  Raises UserError."""
    if path.is_dir():
        raise UserError(f"{path} is a folder. {plain_dump(path)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        if "@" in str(path) or "=" in str(path):  # perhaps a URL, with a password
            raise UserError(f"SOURCE is neither a file nor a URL: write {EXAMPLE}.") from None
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    if content.startswith(ARCHIVE):
        raise UserError(f"{path} is not SQL but an archive of pg_dump. {plain_dump(path)}")
    if content.startswith(COMPRESSED):
        raise UserError(f"{path} is compressed. Unpack it first.")
    text = decoded(content)
    if text is None:
        raise UserError(f"{path} is not UTF-8. Convert it first, for example with iconv.")
    return text


def plain_dump(path: Path) -> str:
    return f"Run: pg_restore --schema-only --no-owner --file=schema.sql {path}"


def decoded(content: bytes) -> str | None:
    """Return a text in UTF-8, in UTF-16 as PowerShell writes it, or in the encoding that a dump names."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        names = ["utf-16"]
    else:
        named = CLIENT_ENCODING.search(content)
        names = ["utf-8-sig", ENCODINGS.get(named[1].decode().upper(), "") if named else ""]
    for name in filter(None, names):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return None


@contextmanager
def loaded(sql: str) -> Iterator[Opened]:
    """Yield a connection to a new database in which SQL was run; the database is dropped afterwards.

    The SQL runs without the rights of a superuser, and only where nobody else's database is.
    """
    if database.is_production() or not database.target().on_this_machine:
        raise ConfigError(
            f"A file is loaded into a temporary database, which is never created on the server of"
            f" {database.described()}: unset DATABASE_URL."
        )
    name = f"reflect_{secrets.token_hex(6)}"
    with database.connect_to_server() as server:
        server.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            url = database.url().set(database=name)
            with database.connect(url=url, isolation_level="AUTOCOMMIT") as connection:
                give_up_rights(connection, name)
                skipped = run_script(connection, sql)
                connection.exec_driver_sql("RESET ROLE")
                yield connection, skipped
        finally:
            server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def give_up_rights(connection: Connection, name: str) -> None:
    """Act as the owner of the database, unless this role has no more rights anyway."""
    is_superuser = connection.exec_driver_sql("SHOW is_superuser").scalar() == "on"
    if is_superuser:
        connection.exec_driver_sql(f"GRANT ALL ON DATABASE {name} TO {OWNER}")
        connection.exec_driver_sql(f"ALTER SCHEMA public OWNER TO {OWNER}")
        connection.exec_driver_sql(f"SET ROLE {OWNER}")
