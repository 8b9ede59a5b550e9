"""Finds the models of the application, and checks that their tables can exist in the database."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from flask import Flask
from sqlalchemy import ARRAY, URL, Column, Interval, MetaData
from sqlalchemy.dialects.postgresql import JSONB

from plumbing.errors import ConfigError

SCHEMA_NAME = re.compile(r"(?!pg_|information_schema$|public$)[^\W\d][\w -]*")
MAX_NAME_BYTES = 63  # NAMEDATALEN - 1 of PostgreSQL


def import_modules(package: ModuleType) -> None:
    """Import every module of a package, so that no model is forgotten."""
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")


def check_tables(app: Flask) -> None:
    """Raise ConfigError if the database of the application cannot hold its tables."""
    metadata: MetaData = app.extensions["sqlalchemy"].metadata
    url: URL = app.config["SQLALCHEMY_DATABASE_URI"]
    for schema in schema_names(metadata):
        check_schema_name(schema)
    if url.get_backend_name() == "sqlite":
        for obstacle in obstacles_for_sqlite(metadata):
            raise ConfigError(f"SQLite does not know {obstacle}: set a postgresql:// URL.")


def schema_names(metadata: MetaData) -> list[str]:
    """Return the names of the models' schemas, sorted."""
    schemas = {table.schema for table in metadata.tables.values() if table.schema}
    return sorted(schemas)


def check_schema_name(name: str) -> None:
    """Raise ConfigError if PostgreSQL, or Alembic, cannot use the name for a schema."""
    if SCHEMA_NAME.fullmatch(name) and len(name.encode()) <= MAX_NAME_BYTES:
        return
    raise ConfigError(
        f"schema {name!r} of a model: a name consists of letters, digits, blanks, _ and -, has at"
        " most 63 bytes and is not one of PostgreSQL's own; for public, leave the schema out."
    )


def obstacles_for_sqlite(metadata: MetaData) -> Iterator[str]:
    """Yield what only PostgreSQL has."""
    for name in schema_names(metadata):
        yield f"schema {name}"
    columns = [column for table in metadata.tables.values() for column in table.columns]
    for column in columns:
        if isinstance(column.type, ARRAY | JSONB):
            yield f"the type of {column}"
    for column in columns:
        if has_postgresql_default(column):
            yield f"the default of {column}"


def has_postgresql_default(column: Column[object]) -> bool:
    """Return whether a default is a function of PostgreSQL's or an interval."""
    default = str(getattr(column.server_default, "arg", ""))
    if "gen_random_uuid" in default:
        return True
    return bool(default) and isinstance(column.type, Interval)
