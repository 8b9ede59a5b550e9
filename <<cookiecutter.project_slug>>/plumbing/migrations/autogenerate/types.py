"""Compares the types of columns as PostgreSQL prints them.

Alembic takes text and text[] for the same type, and does not compare what it does not know.
"""

import logging
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp
from alembic.util import PriorityDispatchResult
from sqlalchemy import Column

from plumbing.migrations.autogenerate.printed import TYPE, printed

logger = logging.getLogger("alembic.autogenerate.plumbing")


def compare_types(
    context: AutogenContext,
    operation: AlterColumnOp,
    schema: str | None,
    table: str,
    name: str,
    stored: Column[Any],
    column: Column[Any],
) -> PriorityDispatchResult:
    """Compare the type of a column, unless the project has switched that off."""
    tables = printed(context)
    if tables is None:
        return PriorityDispatchResult.CONTINUE
    operation.existing_type = stored.type
    old = tables.stored(column.table).get((TYPE, column.name))
    new = tables.type_of(column)
    if old != new:
        operation.modify_type = column.type
        logger.info("Detected type change on column '%s.%s'", column.table.key, name)
    return PriorityDispatchResult.STOP
