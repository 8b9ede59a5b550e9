"""Lets a new migration create the schemas that it fills, and drop those that it empties."""

from alembic.operations import ops
from alembic.operations.ops import UpgradeOps
from sqlalchemy import MetaData

from plumbing.migrations.autogenerate.renames import MoveTable, RenameTable
from plumbing.migrations.operations.schemas import CreateSchemaOp, DropSchemaOp

TableName = tuple[str | None, str]  # schema and table


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
    created = tables_that_come(upgrade)
    older = {(table.schema, table.name) for table in metadata.tables.values()}
    older -= set(created)
    older |= set(tables_that_go(upgrade))
    in_use = {schema for schema, _ in older}
    schemas = dict.fromkeys(schema for schema, _ in created)
    return [schema for schema in schemas if schema and schema not in in_use]


def emptied_schemas(upgrade: UpgradeOps, metadata: MetaData) -> list[str]:
    """Return the schemas of which a table is dropped here and no model is left."""
    in_use = {table.schema for table in metadata.tables.values()}
    schemas = dict.fromkeys(schema for schema, _ in tables_that_go(upgrade))
    return [schema for schema in schemas if schema and schema not in in_use]


def tables_that_come(upgrade: UpgradeOps) -> list[TableName]:
    """Return the tables that are created, or come from another schema, by their new names."""
    created = [(o.schema, o.table_name) for o in upgrade.ops if isinstance(o, ops.CreateTableOp)]
    moved = [(o.new, o.table) for o in upgrade.ops if isinstance(o, MoveTable)]
    names = {
        (o.schema, o.table_name): o.new_table_name
        for o in upgrade.ops
        if isinstance(o, RenameTable)
    }
    return created + [(schema, names.get((schema, name), name)) for schema, name in moved]


def tables_that_go(upgrade: UpgradeOps) -> list[TableName]:
    """Return the tables that are dropped, or moved to another schema."""
    dropped = [(o.schema, o.table_name) for o in upgrade.ops if isinstance(o, ops.DropTableOp)]
    return dropped + [(o.old, o.table) for o in upgrade.ops if isinstance(o, MoveTable)]
