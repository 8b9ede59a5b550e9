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

from plumbing.current import metadata

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
    """Let the inspector that Alembic is about to use read the tables of a schema where it is asked for one."""
    inspector = context.inspector
    names: dict[str | None, set[str]] = {}
    for table in metadata().tables.values():
        schema = None if table.schema == inspector.default_schema_name else table.schema
        names.setdefault(schema, set()).add(table.name)
    for what in READ:
        setattr(inspector, f"get_{what}", OfTable(inspector, what, names))
    return PriorityDispatchResult.CONTINUE


class OfTable:
    """Returns what there is of a table, such as its columns.

    `names` are the tables of the models in each schema.  Others, which may be another application's,
    are not read with them.
    """

    def __init__(self, inspector: Inspector, what: str, names: dict[str | None, set[str]]) -> None:
        self.read_schema: Callable[..., Any] = getattr(inspector, f"get_multi_{what}")
        self.read_table: Callable[..., Any] = getattr(inspector, f"get_{what}")
        self.names = names
        self.schemas: dict[str | None, Any] = {}

    def __call__(self, table_name: str, schema: str | None = None, **options: Any) -> Any:
        """Return it; what is not a table of a model is asked for by itself."""
        if table_name not in self.names.get(schema, set()):
            return self.read_table(table_name, schema, **options)
        if schema not in self.schemas:
            self.schemas[schema] = self.read_schema(schema=schema, filter_names=self.names[schema])
        found = self.schemas[schema].get((schema, table_name))
        return self.read_table(table_name, schema, **options) if found is None else found
