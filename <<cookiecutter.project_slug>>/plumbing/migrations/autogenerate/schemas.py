"""Lets a new migration create the schemas that it fills, and drop those that it empties."""

from alembic.operations import ops
from alembic.operations.ops import UpgradeOps
from sqlalchemy import MetaData

from plumbing.migrations.operations.schemas import CreateSchemaOp, DropSchemaOp


def add_schema_operations(upgrade: UpgradeOps, metadata: MetaData) -> None:
    """Create the schemas that a migration fills first, and drop those that it empties last.

    The models decide, never the database: a schema that a developer made by hand would hide the
    missing statement until production.
    """
    filled = [CreateSchemaOp(schema) for schema in filled_schemas(upgrade, metadata)]
    emptied = [DropSchemaOp(schema) for schema in emptied_schemas(upgrade, metadata)]
    upgrade.ops = [*filled, *upgrade.ops, *emptied]


def filled_schemas(upgrade: UpgradeOps, metadata: MetaData) -> list[str]:
    """Return the schemas of which all tables are created here and none is dropped."""
    created = [o for o in upgrade.ops if isinstance(o, ops.CreateTableOp)]
    dropped = [o for o in upgrade.ops if isinstance(o, ops.DropTableOp)]
    older = {(table.schema, table.name) for table in metadata.tables.values()}
    older -= {(operation.schema, operation.table_name) for operation in created}
    older |= {(operation.schema, operation.table_name) for operation in dropped}
    in_use = {schema for schema, _ in older}
    schemas = dict.fromkeys(operation.schema for operation in created)
    return [schema for schema in schemas if schema and schema not in in_use]


def emptied_schemas(upgrade: UpgradeOps, metadata: MetaData) -> list[str]:
    """Return the schemas of which a table is dropped here and no model is left."""
    dropped = [o for o in upgrade.ops if isinstance(o, ops.DropTableOp)]
    in_use = {table.schema for table in metadata.tables.values()}
    schemas = dict.fromkeys(operation.schema for operation in dropped)
    return [schema for schema in schemas if schema and schema not in in_use]
