"""Compares the defaults of the models with those in the database.

Alembic's own comparison breaks on a quote in a default and on two defaults of different types, and
finds two calls of clock_timestamp() different.
"""

import logging
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp
from alembic.util import PriorityDispatchResult
from sqlalchemy import Column, DefaultClause, Dialect, Identity

from plumbing.migrations.autogenerate.printed import DEFAULT, Printed, printed

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
    """Compare the defaults of a column.  Those of identity columns are left to Alembic."""
    tables = printed(context)
    assert context.dialect is not None
    if tables is None and context.dialect.name == "postgresql":
        return PriorityDispatchResult.CONTINUE
    new = column.server_default
    old = stored.server_default
    if isinstance(new, Identity) or isinstance(old, Identity) or (new is None and old is None):
        return PriorityDispatchResult.CONTINUE
    is_generated = stored.computed is not None or column.computed is not None
    if is_generated and tables is not None:
        return PriorityDispatchResult.STOP  # see compare_elements()
    if not isinstance(new, DefaultClause | None) or is_generated:
        return PriorityDispatchResult.CONTINUE
    operation.existing_server_default = old
    if differs(tables, stored, column, context.dialect):
        operation.modify_server_default = new
        logger.info("Detected server default on column '%s.%s'", column.table.key, name)
    return PriorityDispatchResult.STOP


def differs(
    tables: Printed | None, stored: Column[Any], column: Column[Any], dialect: Dialect
) -> bool:
    """Return whether the default in the database is another one than that of the models."""
    if stored.server_default is None or column.server_default is None:
        return True
    old_default: Any = stored.server_default
    new_default: Any = column.server_default
    old = old_default.arg.text
    new = as_sql(new_default, dialect)
    if old == new:
        return False
    if tables is None:  # on SQLite
        return bool(old != f"({new})")
    key = DEFAULT, column.name
    stored_definition = tables.stored(column.table).get(key)
    return tables.differs(
        column.table, key, stored_definition, tables.columns(column.table).get(key)
    )


def as_sql(default: DefaultClause, dialect: Dialect) -> str:
    """Return a default as SQL: a string is a literal, anything else an expression."""
    argument = default.arg
    if isinstance(argument, str):
        escaped = argument.replace("'", "''")
        return f"'{escaped}'"
    compiled = argument.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)
