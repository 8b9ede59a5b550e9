"""PostgreSQL enums: find those of the models and those in the database, and drop one safely."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, Column, Connection, Dialect, Table, TypeDecorator, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from plumbing.errors import (
    DEPENDENT_OBJECTS_STILL_EXIST,
    INSUFFICIENT_PRIVILEGE,
    UserError,
    sqlstate,
)
from plumbing.explanations import first_line

logger = logging.getLogger("alembic.env")

EnumName = tuple[str, str]  # schema, which may be "public", and name
ColumnName = tuple[str, str, str]  # schema, table and column

# With any other paramstyle, a % in a name would be doubled.
POSTGRESQL: Dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]

# Without those of extensions, and without the columns that a table inherits from another.
ENUMS = text("""
    SELECT
        nspname,
        typname,
        ARRAY(
            SELECT enumlabel FROM pg_enum WHERE enumtypid = pg_type.oid ORDER BY enumsortorder
        ) AS labels,
        ARRAY(
            SELECT ARRAY[CAST(schemas.nspname AS text), CAST(relname AS text), CAST(attname AS text)]
            FROM pg_attribute
            JOIN pg_class ON pg_class.oid = attrelid
            JOIN pg_namespace AS schemas ON schemas.oid = relnamespace
            WHERE atttypid IN (pg_type.oid, typarray) AND attinhcount = 0 AND NOT attisdropped
        ) AS columns
    FROM pg_type
    JOIN pg_namespace ON pg_namespace.oid = typnamespace
    WHERE typtype = 'e' AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = CAST('pg_type' AS regclass) AND objid = pg_type.oid AND deptype = 'e'
    )
    ORDER BY nspname, typname
""")


@dataclass
class StoredEnum:
    """An enum in the database, and the columns that have it, or arrays of it."""

    values: list[str]
    columns: set[ColumnName]


@dataclass
class DeclaredEnum:
    """An enum of the models, and the columns that have it, or arrays of it."""

    values: list[str]
    columns: list[ColumnName] = field(default_factory=list)
    create_type: bool = False  # whether any of them says that the enum is this project's


def native_enum(type_: Any) -> postgresql.ENUM | None:
    """Return the PostgreSQL enum behind a type, also in an array or below a TypeDecorator."""
    found = implementation(type_) if type_ is not None else None
    if isinstance(found, ARRAY):
        return native_enum(found.item_type)
    return found if isinstance(found, postgresql.ENUM) else None


def implementation(type_: Any) -> Any:
    """Return the type that a type is on PostgreSQL."""
    found = type_.dialect_impl(POSTGRESQL)
    while isinstance(found, TypeDecorator):
        found = found.impl_instance
    return found


def declared_enums(tables: Iterable[Table]) -> dict[EnumName, DeclaredEnum]:
    """Return the enums of some tables of the models.

    Raises UserError if one has no name, or if two have one name and different values.
    """
    declared: dict[EnumName, DeclaredEnum] = {}
    for table in tables:
        for column in table.columns:
            enum = native_enum(column.type)
            if enum is not None:
                add_declared(declared, enum, column)
    return declared


def add_declared(
    declared: dict[EnumName, DeclaredEnum], enum: postgresql.ENUM, column: Column[Any]
) -> None:
    """Add an enum to those of the models."""
    if not enum.name:
        raise UserError(f'The enum of column {column} needs a name: Enum(..., name="...")')
    values = list(enum.enums)
    name = (enum.schema or "public", str(enum.name))
    known = declared.setdefault(name, DeclaredEnum(values))
    if known.values != values:
        other = ".".join(part for part in known.columns[0] if part != "public")
        raise UserError(
            f"Columns {other} and {column} declare enum {enum.name} with different values:"
            f" {known.values} and {values}. Rename one of the two."
        )
    known.columns.append((column.table.schema or "public", column.table.name, column.name))
    known.create_type |= enum.create_type


def stored_enums(connection: Connection) -> dict[EnumName, StoredEnum]:
    """Return the enums in the database."""
    return {
        (schema, name): StoredEnum(
            list(values), {(s, table, column) for s, table, column in columns}
        )
        for schema, name, values, columns in connection.execute(ENUMS)
    }


def enum_sql(schema: str | None, name: str) -> str:
    """Return the name of an enum for SQL, in quotes where it needs them."""
    return postgresql.ENUM(name=name, schema=schema).compile(dialect=POSTGRESQL)


def literal(value: str) -> str:
    """Return a text as a literal of SQL."""
    quoted = value.replace("'", "''")
    return f"'{quoted}'"


def drop_enum(connection: Connection, schema: str | None, name: str) -> bool:
    """Drop an enum, unless it is still in use or belongs to another role.  Returns whether it did."""
    enum = enum_sql(schema, name)
    statement = f"DROP TYPE IF EXISTS {enum}"
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement.replace("%", "%%"))
    except DBAPIError as error:
        if sqlstate(error) not in (DEPENDENT_OBJECTS_STILL_EXIST, INSUFFICIENT_PRIVILEGE):
            raise
        logger.info("Keeping: enum %s (%s)", enum, first_line(error))
        return False
    return True
