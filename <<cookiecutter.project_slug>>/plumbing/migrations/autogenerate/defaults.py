"""Compares the defaults of the models with those in the database, as the server does.

A plugin of Alembic's: https://alembic.sqlalchemy.org/en/latest/api/plugins.html.  Alembic's own
comparison breaks on a quote in a default and on two defaults of different types.  A function given
as compare_server_default= would not do: Alembic 1.20 then fails on generated columns.
"""

import logging
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp
from alembic.util import PriorityDispatchResult
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DefaultClause,
    Dialect,
    cast,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

logger = logging.getLogger("alembic.autogenerate.plumbing")


def compare_defaults(
    context: AutogenContext,
    operation: AlterColumnOp,
    schema: str | None,
    table: str,
    name: str,
    stored: Column[Any],
    column: Column[Any],
) -> PriorityDispatchResult:
    """Decide about a column that has a default in the database and in the models.

    Every other column, such as a generated one, is left to Alembic.
    """
    default = column.server_default
    stored_default = stored.server_default
    if not isinstance(default, DefaultClause) or not isinstance(stored_default, DefaultClause):
        return PriorityDispatchResult.CONTINUE
    connection = context.connection
    assert connection is not None
    operation.existing_server_default = stored_default
    reflected: Any = stored_default.arg
    stored_sql = reflected.text
    sql = as_sql(default, connection.dialect)
    if differs(connection, column, stored_sql, sql):
        operation.modify_server_default = default
        logger.info("Detected server default on column '%s.%s'", table, name)
    return PriorityDispatchResult.STOP


def as_sql(default: DefaultClause, dialect: Dialect) -> str:
    """Return a default as SQL: a string is a literal, anything else an expression."""
    argument = default.arg
    if isinstance(argument, str):
        escaped = argument.replace("'", "''")
        return f"'{escaped}'"
    compiled = argument.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)


def differs(connection: Connection, column: Column[Any], stored: str, new: str) -> bool:
    """Let the server compare two defaults; they differ if they are not even of one type."""
    if stored == new:
        return False
    if connection.dialect.name == "sqlite":
        return stored != f"({new})"
    left: Any = literal_column(stored)
    right: Any = literal_column(new)
    if isinstance(column.type, JSON):
        left = cast(left, JSONB)
        right = cast(right, JSONB)
    try:
        with connection.begin_nested():
            return not connection.scalar(select(left == right))
    except DBAPIError:
        return True
