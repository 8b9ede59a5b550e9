"""Lets a new migration create the schemas that it fills, and drop those that it empties."""

from alembic.operations import MigrateOperation, ops
from alembic.operations.ops import UpgradeOps
from sqlalchemy import MetaData

from plumbing.database import is_postgresql
from plumbing.enums import declared_enums
from plumbing.migrations.autogenerate.statements import MoveTable, RenameTable
from plumbing.migrations.operations.enums import CreateEnumOp, DropEnumOp
from plumbing.migrations.operations.schemas import CreateSchemaOp, DropSchemaOp

Member = tuple[str | None, str]  # the schema and the name of a table, or of an enum


def add_schema_operations(upgrade: UpgradeOps, metadata: MetaData) -> None:
    """Create the schemas that a migration fills first, and drop those that it empties last.

    The models decide, never the database: a schema that a developer made by hand would hide the
    missing statement until production.
    """
    filled = [CreateSchemaOp(schema) for schema in filled_schemas(upgrade, metadata)]
    emptied = [DropSchemaOp(schema) for schema in emptied_schemas(upgrade, metadata)]
    upgrade.ops = [*filled, *upgrade.ops, *emptied]


def filled_schemas(upgrade: UpgradeOps, metadata: MetaData) -> list[str]:
    """Return the schemas of which everything is created here and nothing is dropped."""
    created = new_members(upgrade)
    older = members(metadata) - set(created) | set(dropped_members(upgrade))
    in_use = {schema for schema, _ in older}
    schemas = dict.fromkeys(schema for schema, _ in created)
    return [schema for schema in schemas if schema and schema not in in_use]


def emptied_schemas(upgrade: UpgradeOps, metadata: MetaData) -> list[str]:
    """Return the schemas of which something is dropped here, and of which no model is left."""
    in_use = {schema for schema, _ in members(metadata)}
    schemas = dict.fromkeys(schema for schema, _ in dropped_members(upgrade))
    return [schema for schema in schemas if schema and schema not in in_use]


def new_members(upgrade: UpgradeOps) -> list[Member]:
    """Return what is created, or comes from another schema, by its new name."""
    created = [
        member_of(o) for o in upgrade.ops if isinstance(o, (ops.CreateTableOp, CreateEnumOp))
    ]
    moved = [(o.new, o.table) for o in upgrade.ops if isinstance(o, MoveTable)]
    names = {
        (o.schema, o.table_name): o.new_table_name
        for o in upgrade.ops
        if isinstance(o, RenameTable)
    }
    return created + [(schema, names.get((schema, name), name)) for schema, name in moved]


def dropped_members(upgrade: UpgradeOps) -> list[Member]:
    """Return what is dropped, or moved to another schema."""
    dropped = [member_of(o) for o in upgrade.ops if isinstance(o, (ops.DropTableOp, DropEnumOp))]
    return dropped + [(o.old, o.table) for o in upgrade.ops if isinstance(o, MoveTable)]


def members(metadata: MetaData) -> set[Member]:
    """Return the tables of the models, and the PostgreSQL enums in them."""
    found: set[Member] = {(table.schema, table.name) for table in metadata.tables.values()}
    if is_postgresql():
        enums = declared_enums(metadata.tables.values())
        found |= {(None if schema == "public" else schema, name) for schema, name in enums}
    return found


def member_of(operation: MigrateOperation) -> Member:
    """Return what an operation creates or drops."""
    if isinstance(operation, (ops.CreateTableOp, ops.DropTableOp)):
        return operation.schema, operation.table_name
    assert isinstance(operation, (CreateEnumOp, DropEnumOp))
    return operation.schema, operation.name
