"""What a diagram says about a column: its type, its values, and the keys that it is part of."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    Enum,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
)

from plumbing.enums import implementation

POSTGRESQL = URL.create("postgresql+psycopg").get_dialect()()

LEFT_OUT = ("created_at", "updated_at")  # of each table, unless they are part of a key

SHORTER = {
    " without time zone": "",
    "timestamp with time zone": "timestamptz",
    ", ": ",",
}


def shown_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table, without created_at and updated_at."""
    in_keys = {column for columns in unique_sets(table) for column in columns}
    return [
        column
        for column in table.columns
        if column.name not in LEFT_OUT or column in in_keys or keys(column)
    ]


def short_type(column: Column[Any]) -> str:
    """Return the type of a column as PostgreSQL writes it, with the usual abbreviations.

    A string that allows only some values is called an enum.
    """
    enum = enum_of(column)
    if enum is not None and not enum.native_enum:
        return "enum[]" if isinstance(implementation(column.type), ARRAY) else "enum"
    name = column.type.compile(POSTGRESQL).lower()
    for long, short in SHORTER.items():
        name = name.replace(long, short)
    return name


def values(column: Column[Any]) -> list[str]:
    """Return the values that a column allows, if it is an enum."""
    enum = enum_of(column)
    return list(enum.enums) if enum is not None else []


def enum_of(column: Column[Any]) -> Enum | None:
    """Return the enum of a column, also of an array."""
    found = implementation(column.type)
    if isinstance(found, ARRAY):
        found = implementation(found.item_type)
    return found if isinstance(found, Enum) else None


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
    return set(columns) in [set(others) for others in unique_sets(table)]


def is_one_to_one(foreign_key: ForeignKeyConstraint) -> bool:
    """Return whether at most one row refers to each row of the other table."""
    table = foreign_key.table
    columns = set(foreign_key.columns)
    candidates = [list(table.primary_key.columns), *unique_sets(table)]
    return any(columns >= set(candidate) for candidate in candidates if candidate)


def unique_together(column: Column[Any]) -> str:
    """Return "unique together" for a column in such a group, with numbers if there are several."""
    groups = sorted(
        [c.name for c in columns] for columns in unique_sets(column.table) if len(columns) > 1
    )
    numbers = [str(number) for number, names in enumerate(groups, 1) if column.name in names]
    if not numbers:
        return ""
    return f"unique together {', '.join(numbers)}" if len(groups) > 1 else "unique together"


def unique_sets(table: Table) -> list[list[Column[Any]]]:
    """Return the columns of each constraint, and of each index, that makes them unique in all rows."""
    constraints = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [list(i.columns) for i in table.indexes if i.unique and is_of_columns(i)]
    return [columns for columns in constraints + indexes if columns]


def is_of_columns(index: Index) -> bool:
    """Return whether an index has all rows of the table, and each of its parts is of one column."""
    conditions = [value for name, value in index.dialect_kwargs.items() if name.endswith("_where")]
    is_partial = any(condition is not None for condition in conditions)
    return not is_partial and len(index.columns) == len(index.expressions)
