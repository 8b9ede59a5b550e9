"""Reads a database, from its source to the text."""

from sqlalchemy import Connection

from plumbing.errors import UserError
from plumbing.reflection.building import Builder
from plumbing.reflection.catalogue import read
from plumbing.reflection.relations import (
    common_key,
    in_order,
    mark_circles,
    name_other_sides,
    open_circles,
)
from plumbing.reflection.source import opened
from plumbing.reflection.text import declaration


def reflect(source: str | None = None) -> str:
    """Return the declaration of a database, as lines.

    `source` is a URL or the path of a file of SQL; without it, the project's own database is read.
    Raises UserError.
    """
    with opened(source) as (connection, skipped):
        return declaration_of(connection, skipped)


def declaration_of(connection: Connection, skipped: list[str]) -> str:
    """Return the declaration of the database of a connection."""
    tables = read(connection)
    models = in_order(Builder(tables).build())
    if not models:
        raise UserError("The database has no tables. Run: python db_manage.py help reflect")
    open_circles(models)
    mark_circles(models)
    name_other_sides(models)
    return declaration(models, tables, common_key(models), skipped)
