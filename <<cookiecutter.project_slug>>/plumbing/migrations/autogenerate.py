"""What `migrate` writes: readable ids, schemas, strings for enums, defaults as they are."""

from typing import Any

from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from alembic.operations.ops import MigrationScript, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Enum, MetaData, String

from plumbing import diagram
from plumbing.current import metadata
from plumbing.migrations.history import next_revision_id
from plumbing.migrations.operations import CreateSchemaOp, DropSchemaOp
from plumbing.schemas import logger


def process_revision_directives(
    context: MigrationContext, revision: Any, directives: list[MigrationScript]
) -> None:
    """Give a new migration its id and its schemas, and redraw the diagram.

    If nothing has changed, no migration is written; `check` needs the empty one to say so.
    """
    script = directives[0]
    arguments = context.opts["revision_context"].command_args
    if not arguments["autogenerate"]:
        script.rev_id = arguments["rev_id"] or next_revision_id(script.message)
    elif not upgrade_operations(script).is_empty():
        enums_as_strings(context, revision, directives)
        add_schema_operations(script, metadata())
        script.rev_id = arguments["rev_id"] or next_revision_id(script.message)
        if writes_file(context):
            logger.info("Drawing: %s", diagram.write())
    elif writes_file(context):
        directives.clear()
        logger.info("No changes in schema detected.")


def writes_file(context: MigrationContext) -> bool:
    """Return whether the command is `migrate`, and not `check`."""
    environment = context.environment_context
    assert environment is not None
    return getattr(environment.config.cmd_opts, "autogenerate", False)


def upgrade_operations(script: MigrationScript) -> UpgradeOps:
    """Return the operations of a new migration's upgrade()."""
    operations = script.upgrade_ops
    assert operations is not None
    return operations


def add_schema_operations(script: MigrationScript, metadata: MetaData) -> None:
    """Let a new migration create the schemas that it fills and drop those that it empties.

    The models decide, never the database: a schema that a developer made by hand would hide the
    missing statement until production.
    """
    upgrade = upgrade_operations(script)
    downgrade = script.downgrade_ops
    assert downgrade is not None
    filled = filled_schemas(upgrade, metadata)
    emptied = emptied_schemas(upgrade, metadata)
    for schema in reversed(filled):
        upgrade.ops.insert(0, CreateSchemaOp(schema))
        downgrade.ops.append(DropSchemaOp(schema))
    for schema in emptied:
        upgrade.ops.append(DropSchemaOp(schema))
        downgrade.ops.insert(0, CreateSchemaOp(schema))


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


enums_as_strings = Rewriter()


@enums_as_strings.rewrites(ops.AlterColumnOp)
def alter_string(
    context: MigrationContext, revision: Any, operation: ops.AlterColumnOp
) -> ops.AlterColumnOp:
    """Change the length of an enum's column, and leave its check constraint alone."""
    operation.modify_type = string_type(operation.modify_type)
    operation.existing_type = string_type(operation.existing_type)
    return operation


def string_type(type_: Any) -> Any:
    """Return the string under an enum that is not PostgreSQL's own; other types as they are."""
    if isinstance(type_, Enum) and not type_.native_enum:
        return String(type_.length)
    return type_


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Render a literal default as it is: Alembic would cut off a quote at its ends."""
    literal = getattr(item, "arg", None)
    if kind == "server_default" and isinstance(literal, str):
        return repr(literal)
    return False
