"""Compares the defaults of the models with those in the database.

Alembic's own comparison breaks on a quote in a default and on two defaults of different types, and
finds two calls of clock_timestamp() different.

A database that was not created by migrations may number a key in another way, call now() what the
models call CURRENT_TIMESTAMP, or have 0 for '0'.  What means the same is no difference.
"""

import logging
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp
from alembic.util import PriorityDispatchResult
from sqlalchemy import Column, DefaultClause, Dialect, Identity

from plumbing.migrations.autogenerate.printed import DEFAULT, Printed, printed
from plumbing.reflection.expressions import constant

# now() is PostgreSQL's name for it: https://www.postgresql.org/docs/current/functions-datetime.html
CURRENT_TIMES = ("CURRENT_TIMESTAMP", "now()", "transaction_timestamp()")
SEQUENCE = "nextval("  # in the default of a column that is SERIAL
IDENTITY_OPTIONS = {"start": 1, "increment": 1, "cache": 1, "cycle": False}

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
    """Compare the defaults of a column.  Most of identity columns are left to Alembic."""
    tables = printed(context)
    assert context.dialect is not None
    if tables is None and context.dialect.name == "postgresql":
        return PriorityDispatchResult.CONTINUE
    new = column.server_default
    old = stored.server_default
    if is_numbered_alike(tables, stored, column):
        return PriorityDispatchResult.STOP
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


def is_numbered_alike(tables: Printed | None, stored: Column[Any], column: Column[Any]) -> bool:
    """Return whether PostgreSQL numbers a key in another way than the models say, to the same effect.

    A sequence and an identity both do.  If the models do not say `always=True`, either is right.
    """
    new = column.server_default
    old = stored.server_default
    if tables is None or not (column.primary_key and stored.primary_key):
        return False
    if isinstance(new, Identity) and isinstance(old, Identity):
        return bool(old.always) and not new.always and has_same_options(old, new)
    if isinstance(new, Identity):  # Alembic leaves the default of SERIAL out of what it reflects
        return tables.stored(column.table).get((DEFAULT, column.name), "").startswith(SEQUENCE)
    return isinstance(old, Identity) and is_serial(column)


def has_same_options(old: Identity, new: Identity) -> bool:
    """Return whether two identities count alike."""

    def option(identity: Identity, name: str) -> Any:
        value = getattr(identity, name)
        return IDENTITY_OPTIONS[name] if value is None else value

    return all(option(old, name) == option(new, name) for name in IDENTITY_OPTIONS)


def is_serial(column: Column[Any]) -> bool:
    """Return whether SQLAlchemy creates a column of the models as SERIAL."""
    return column.server_default is None and column is column.table.autoincrement_column


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
    if old == new or {old, new} <= {*CURRENT_TIMES}:
        return False
    if tables is None:  # on SQLite
        return bool(old != f"({new})")
    key = DEFAULT, column.name
    stored_definition = tables.stored(column.table).get(key)
    definition = tables.columns(column.table).get(key)
    if stored_definition and definition:
        value = constant(stored_definition)
        if value is not None and value == constant(definition):  # 0 and '0'::numeric
            return False
    return tables.differs(column.table, key, stored_definition, definition)


def as_sql(default: DefaultClause, dialect: Dialect) -> str:
    """Return a default as SQL: a string is a literal, anything else an expression."""
    argument = default.arg
    if isinstance(argument, str):
        escaped = argument.replace("'", "''")
        return f"'{escaped}'"
    compiled = argument.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)
