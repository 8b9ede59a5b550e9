"""What a diagram says about a column: its type, and the keys that it is part of."""

from typing import Any

from sqlalchemy import URL, Column, Table, UniqueConstraint

POSTGRESQL = URL.create("postgresql+psycopg").get_dialect()()

SHORTER = {
    " without time zone": "",
    "timestamp with time zone": "timestamptz",
    ", ": ",",
}


def short_type(column: Column[Any]) -> str:
    """Return the type of a column as PostgreSQL writes it, with the usual abbreviations."""
    name = column.type.compile(POSTGRESQL).lower()
    for long, short in SHORTER.items():
        name = name.replace(long, short)
    return name


def keys(column: Column[Any]) -> list[str]:
    """Return the kinds of key that a column is: PK, FK, UK."""
    marks = []
    if column.primary_key:
        marks.append("PK")
    if column.foreign_keys:
        marks.append("FK")
    if is_unique(column):
        marks.append("UK")
    return marks


def is_unique(*columns: Column[Any]) -> bool:
    """Return whether these columns of a table are unique together."""
    table: Any = columns[0].table
    if not isinstance(table, Table):  # a query, to which a model may be mapped
        return False
    constraints = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    unique_sets = [set(item.columns) for item in constraints + indexes]
    return set(columns) in unique_sets
