"""Converts the values of a column whose type changes.

PostgreSQL converts on its own only between types that are close: integer from varchar needs USING.
A default that it cannot convert has to go first.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from alembic.operations.ops import AlterColumnOp, MigrateOperation
from sqlalchemy import Connection, DefaultClause
from sqlalchemy.exc import DBAPIError

from plumbing.enums import native_enum
from plumbing.migrations.autogenerate.defaults import as_sql
from plumbing.migrations.autogenerate.printed import execute
from plumbing.migrations.autogenerate.statements import sql_name


def with_conversions(
    operations: Iterable[MigrateOperation], connection: Connection
) -> list[MigrateOperation]:
    """Return the operations of an upgrade or a downgrade, those that change a type completed."""
    completed: list[MigrateOperation] = []
    for op in operations:
        if isinstance(op, AlterColumnOp) and changes_type(op):
            completed += converted(op, connection)
        else:
            completed.append(op)
    return completed


def changes_type(op: AlterColumnOp) -> bool:
    """Return whether an operation changes a type; those of enums are completed elsewhere."""
    types = (op.existing_type, op.modify_type)
    return all(type_ is not None and native_enum(type_) is None for type_ in types)


def converted(op: AlterColumnOp, connection: Connection) -> Iterator[MigrateOperation]:
    """Yield an operation with USING, between two others if its default cannot be converted."""
    column = sql_name(op.column_name)
    compiler = connection.dialect.type_compiler_instance
    types: list[Any] = [op.existing_type, op.modify_type]
    old, new = (compiler.process(type_) for type_ in types)
    default = default_of(op, connection)
    casts = ["", f"{column}::{new}", f"{column}::text::{new}"]
    for kept_default, using in product(dict.fromkeys([default, ""]), casts):
        if can_convert(connection, f"{column} {old} {kept_default}", f"{column} TYPE {new}", using):
            break
    else:  # there is no such conversion: PostgreSQL will say so
        yield op
        return
    op.kw.pop("postgresql_using", None)  # that of the upgrade, in its reverse
    if using:
        op.kw["postgresql_using"] = using
    if kept_default == default:
        yield op
        return
    new_default = op.modify_server_default
    if new_default is False:
        new_default = op.existing_server_default
    op.modify_server_default = False
    yield default_change(op, op.existing_type, None)
    yield op
    if new_default is not None:
        yield default_change(op, op.modify_type, new_default)


def default_of(op: AlterColumnOp, connection: Connection) -> str:
    """Return the default of a column before its change, as SQL."""
    default = op.existing_server_default
    if not isinstance(default, DefaultClause):
        return ""
    return f"DEFAULT {as_sql(default, connection.dialect)}"


def can_convert(connection: Connection, column: str, change: str, using: str) -> bool:
    """Let the server try a change, in a temporary table without rows."""
    clause = f"USING {using}" if using else ""
    try:
        with connection.begin_nested() as savepoint:
            execute(
                connection,
                f"CREATE TEMPORARY TABLE plumbing_trial ({column});"
                f"ALTER TABLE pg_temp.plumbing_trial ALTER COLUMN {change} {clause}",
            )
            savepoint.rollback()
    except DBAPIError:
        return False
    return True


def default_change(op: AlterColumnOp, type_: Any, default: Any) -> AlterColumnOp:
    """Return the operation that changes only the default."""
    return AlterColumnOp(
        op.table_name,
        op.column_name,
        schema=op.schema,
        existing_type=type_,
        existing_nullable=op.existing_nullable,
        modify_server_default=default,
    )
