"""Compares the defaults of the models with those in the database, as the server does."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Column, Computed, Connection, Identity, cast, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError


class CompareDefaults:
    """What context.configure(compare_server_default=...) calls for each column.

    Alembic's own comparison breaks on a quote in a default, and takes JSON for text.
    """

    def __repr__(self) -> str:
        return "plumbing"  # Alembic's log says which function has detected a change

    def __call__(
        self,
        context: MigrationContext,
        stored: Column[Any],
        column: Column[Any],
        stored_default: str | None,
        default: Any,
        rendered_default: str | None,
    ) -> bool | None:
        """Return whether the defaults differ; None leaves the answer to Alembic."""
        if isinstance(default, Computed | Identity):
            return None
        literal = literal_default(column)
        if context.dialect.name == "sqlite":
            return differs_on_sqlite(stored_default, literal)
        if literal is None and stored_default == rendered_default:  # the same function
            return False
        if literal is None or stored_default is None:
            return None
        connection = context.connection
        assert connection is not None
        return differs_on_postgresql(connection, column, stored_default, literal)


compare_defaults = CompareDefaults()


def literal_default(column: Column[Any]) -> str | None:
    """Return the default of a column as SQL, or None if it has none or a function."""
    default = getattr(column.server_default, "arg", None)
    if not isinstance(default, str):
        return None
    escaped = default.replace("'", "''")
    return f"'{escaped}'"


def differs_on_postgresql(
    connection: Connection, column: Column[Any], stored: str, literal: str
) -> bool:
    """Let the server compare two defaults; they differ if they are not even of one type."""
    left: Any = literal_column(stored)
    right: Any = literal_column(literal)
    if isinstance(column.type, JSON):
        left = cast(left, JSONB)
        right = cast(right, JSONB)
    try:
        with connection.begin_nested():
            return not connection.scalar(select(left == right))
    except DBAPIError:
        return True


def differs_on_sqlite(stored: str | None, literal: str | None) -> bool | None:
    """Compare literal defaults as text."""
    if literal is None:
        return None
    return stored not in (literal, f"({literal})")
