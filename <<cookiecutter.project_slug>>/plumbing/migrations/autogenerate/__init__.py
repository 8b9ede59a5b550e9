"""What `migrate` writes, and what `check` compares.

Alembic compares the models with the database.  The modules of this package add to it:

    lookup       reads the tables of each schema at once
    printed      lets the server print defaults, constraints and indexes
    types        compares the types of columns
    defaults     compares defaults
    elements     compares constraints, indexes and generated columns
    enums        creates, changes and drops PostgreSQL enums
    schemas      creates and drops schemas
    sequences    creates the sequences of the models
    strings      keeps enums that are strings apart from PostgreSQL's own
    renames      notices what may have been renamed or moved
    order        puts operations in the order that foreign keys need
    conversions  converts the values of a column whose type changes
    rendering    writes what Alembic would write wrongly
"""

from typing import Any

from alembic.operations.ops import MigrateOperation, MigrationScript, UpgradeOps
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority

from plumbing import diagram
from plumbing.current import metadata
from plumbing.database import is_postgresql
from plumbing.migrations import ASK
from plumbing.migrations.autogenerate.conversions import with_conversions
from plumbing.migrations.autogenerate.defaults import compare_defaults
from plumbing.migrations.autogenerate.elements import compare_elements
from plumbing.migrations.autogenerate.enums import arrange_enum_operations, compare_enums
from plumbing.migrations.autogenerate.lookup import read_schemas_at_once
from plumbing.migrations.autogenerate.order import ordered
from plumbing.migrations.autogenerate.renames import Ask, with_renames
from plumbing.migrations.autogenerate.rendering import render_item as render_item
from plumbing.migrations.autogenerate.schemas import add_schema_operations
from plumbing.migrations.autogenerate.sequences import compare_sequences
from plumbing.migrations.autogenerate.strings import enums_as_strings
from plumbing.migrations.autogenerate.types import compare_types
from plumbing.migrations.history import next_revision_id
from plumbing.schemas import logger

# https://alembic.sqlalchemy.org/en/latest/api/plugins.html
PLUGIN = "plumbing"

plugin = Plugin(PLUGIN)
plugin.add_autogenerate_comparator(read_schemas_at_once, "schema", priority=DispatchPriority.FIRST)
plugin.add_autogenerate_comparator(
    compare_defaults, "column", "server_default", priority=DispatchPriority.FIRST
)
plugin.add_autogenerate_comparator(compare_types, "column", "types")
plugin.add_autogenerate_comparator(
    compare_elements, "table", "indexes", priority=DispatchPriority.FIRST
)
plugin.add_autogenerate_comparator(
    compare_enums, "schema", qualifier="postgresql", priority=DispatchPriority.LAST
)
plugin.add_autogenerate_comparator(
    compare_sequences, "schema", qualifier="postgresql", priority=DispatchPriority.LAST
)


def process_revision_directives(
    context: MigrationContext, revision: Any, directives: list[MigrationScript]
) -> None:
    """Complete a new migration: give it its id, and write the diagram.

    If nothing has changed, no migration is written, but an outdated diagram is; `check` needs the
    empty one to say so.
    """
    script = directives[0]
    arguments = context.opts["revision_context"].command_args
    if not arguments["autogenerate"]:
        script.rev_id = arguments["rev_id"] or next_revision_id(script.message)
    elif not upgrade_operations(script).is_empty():
        enums_as_strings(context, revision, directives)
        complete(script, context)
        script.rev_id = arguments["rev_id"] or next_revision_id(script.message)
        if writes_file(context):
            logger.info("Drawing: %s", diagram.write())
    elif writes_file(context):
        directives.clear()
        logger.info("No changes in schema detected.")
        if diagram.differences():  # an update has brought another form of it
            logger.info("Drawing: %s", diagram.write())


def question_of(context: MigrationContext) -> Ask | None:
    """Return the function with which `python db_manage.py migrate` asks at a terminal."""
    environment = context.environment_context
    assert environment is not None
    ask: Ask | None = environment.config.attributes.get(ASK)
    return ask


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


def complete(script: MigrationScript, context: MigrationContext) -> None:
    """Add what Alembic leaves out of a new migration; its downgrade() reverts its upgrade()."""
    upgrade = upgrade_operations(script)
    downgrade = script.downgrade_ops
    assert downgrade is not None
    renaming: list[MigrateOperation] = []
    if is_postgresql() and writes_file(context):
        renaming, upgrade.ops = with_renames(upgrade.ops, context, question_of(context))
    upgrade.ops = [*renaming, *upgrade.ops]
    add_schema_operations(upgrade, metadata())
    arrange_enum_operations(upgrade)
    upgrade.ops = ordered(upgrade.ops, by_table=not is_postgresql())
    upgrade.reverse_into(downgrade)
    if is_postgresql():
        assert context.connection is not None
        upgrade.ops = with_conversions(upgrade.ops, context.connection)
        downgrade.ops = with_conversions(downgrade.ops, context.connection)
