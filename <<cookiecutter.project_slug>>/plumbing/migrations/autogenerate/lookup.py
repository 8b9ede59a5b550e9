"""Lets Alembic read the tables of each schema at once.

It reads those of its first schema at once, and then each other table with eight queries: what it has
read of a schema it keeps without the schema's name (_InspectorConv._pre_cache of Alembic 1.20).
"""

from collections.abc import Callable
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.util import PriorityDispatchResult
from sqlalchemy import Inspector

READ = (
    "check_constraints",
    "columns",
    "foreign_keys",
    "indexes",
    "pk_constraint",
    "table_comment",
    "table_options",
    "unique_constraints",
)


def read_schemas_at_once(
    context: AutogenContext, _: UpgradeOps, __: set[str | None]
) -> PriorityDispatchResult:
    """Let the inspector that Alembic is about to use look up a whole schema where it is asked for one table."""
    for what in READ:
        setattr(context.inspector, f"get_{what}", OfTable(context.inspector, what))
    return PriorityDispatchResult.CONTINUE


class OfTable:
    """Returns what there is of a table, such as its columns."""

    def __init__(self, inspector: Inspector, what: str) -> None:
        self.read_schema: Callable[..., Any] = getattr(inspector, f"get_multi_{what}")
        self.read_table: Callable[..., Any] = getattr(inspector, f"get_{what}")
        self.schemas: dict[str | None, Any] = {}

    def __call__(self, table_name: str, schema: str | None = None, **options: Any) -> Any:
        """Return it; what is no table, such as a view, is asked for by itself."""
        if schema not in self.schemas:
            self.schemas[schema] = self.read_schema(schema=schema)
        found = self.schemas[schema].get((schema, table_name))
        return self.read_table(table_name, schema, **options) if found is None else found
