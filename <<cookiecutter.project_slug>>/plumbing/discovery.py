"""Finds the models of the application, and checks them before they are used."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import ARRAY, URL, Column, Enum, Interval, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import configure_mappers

from plumbing.errors import ConfigError, UserError
from plumbing.mistakes.places import shown

SCHEMA_NAME = re.compile(r"(?!pg_|information_schema$|public$)[^\W\d][\w -]*")
MAX_NAME_BYTES = 63  # NAMEDATALEN - 1 of PostgreSQL


# Find the models


def import_modules(package: ModuleType) -> None:
    """Import every module of a package, and of the packages in it, so that no model is forgotten.

    The package can also be a single module.  Raises UserError if Python would leave out a file.
    """
    for folder in folders_of(package):
        check_folders(folder)
    if hasattr(package, "__path__"):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)  # before walk_packages does, which would hide an ImportError


def folders_of(package: ModuleType) -> list[Path]:
    """Return the folders of a package; for a single module, the one that would have its name."""
    if hasattr(package, "__path__"):
        return [Path(folder) for folder in package.__path__]
    return [Path(package.__file__).with_suffix("")] if package.__file__ else []


def check_folders(folder: Path) -> None:
    """Raise UserError if Python would leave out files in a folder, or in one below it."""
    if not folder.is_dir():
        return
    check_folder(folder)
    for path in sorted(folder.iterdir()):
        if path.is_symlink():  # it may lead back here
            check_folder(path)
        elif is_visible(path.name):
            check_folders(path)


def check_folder(folder: Path) -> None:
    """Raise UserError if Python would leave out files in a folder."""
    files = [file.relative_to(folder) for file in folder.rglob("*.py")]
    files = [file for file in files if is_visible(*file.parts)]
    if not files:
        return
    module = folder.with_name(f"{folder.name}.py")
    if module.exists():
        raise UserError(
            f"{shown(module)} and {shown(folder)}/ have the same name, so Python reads only one of"
            " them. Move the models of the file into the folder, or rename one of the two."
        )
    for path in [folder, *(folder / file for file in files)]:
        if "." in path.name.removesuffix(".py"):
            raise UserError(f"Python cannot import {shown(path)}: rename it, without the dot.")
    if not (folder / "__init__.py").exists():
        raise UserError(
            f"{shown(folder)}/ has no __init__.py, so its models are not found."
            f" Create an empty file: {shown(folder)}/__init__.py"
        )


def is_visible(*names: str) -> bool:
    """Return whether a path has no part that belongs to an editor or to Python's caches."""
    return not any(name.startswith(".") or name == "__pycache__" for name in names)


# Check them


def check_models(app: Flask) -> None:
    """Raise SQLAlchemy's error now if the models do not fit together, not at their first use."""
    for metadata in app.extensions["sqlalchemy"].metadatas.values():
        for table in metadata.tables.values():
            for key in table.foreign_keys:
                key.column  # noqa: B018 # it is looked up
            for column in table.columns:
                check_values(column)
    configure_mappers()


def check_values(column: Column[Any]) -> None:
    """Raise the error that SQLAlchemy would raise later for values of an enum that are not strings."""
    if isinstance(column.type, Enum) and not all(isinstance(v, str) for v in column.type.enums):
        raise ArgumentError(f"Enum of '{column}' has values that are not strings")


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
    from sqlalchemy.dialects import sqlite  # a dialect that no other project loads

    for name in schema_names(metadata):
        yield f"schema {name}"
    columns = [column for table in metadata.tables.values() for column in table.columns]
    for column in columns:
        if isinstance(column.type, ARRAY | JSONB):
            yield f"the type of {column}"
    for column in columns:
        if has_postgresql_default(column):
            yield f"the default of {column}"
    for table in metadata.tables.values():
        key = table.autoincrement_column
        if key is not None and key.type.compile(sqlite.dialect()) != "INTEGER":
            yield f"how to number {key}, which is not an INTEGER"


def has_postgresql_default(column: Column[object]) -> bool:
    """Return whether a default is a function of PostgreSQL's or an interval."""
    default = str(getattr(column.server_default, "arg", ""))
    if "gen_random_uuid" in default:
        return True
    return bool(default) and isinstance(column.type, Interval)
