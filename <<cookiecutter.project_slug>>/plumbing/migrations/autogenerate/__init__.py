"""What `migrate` writes, and what `check` compares.

Alembic compares the models with the database.  The modules of this package add to it:

    defaults   compares defaults as the server does
    enums      creates, changes and drops PostgreSQL enums
    schemas    creates and drops schemas
    strings    leaves the check constraints of enums alone
    rendering  writes what Alembic would write wrongly
"""

from typing import Any

from alembic.operations.ops import MigrationScript, UpgradeOps
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority

from plumbing import diagram
from plumbing.current import metadata
from plumbing.migrations.autogenerate.defaults import compare_defaults
from plumbing.migrations.autogenerate.enums import arrange_enum_operations, compare_enums
from plumbing.migrations.autogenerate.rendering import render_item as render_item
from plumbing.migrations.autogenerate.schemas import add_schema_operations
from plumbing.migrations.autogenerate.strings import enums_as_strings
from plumbing.migrations.history import next_revision_id
from plumbing.schemas import logger

# https://alembic.sqlalchemy.org/en/latest/api/plugins.html
PLUGIN = "plumbing"

plugin = Plugin(PLUGIN)
plugin.add_autogenerate_comparator(
    compare_defaults, "column", "server_default", priority=DispatchPriority.FIRST
)
plugin.add_autogenerate_comparator(
    compare_enums, "schema", qualifier="postgresql", priority=DispatchPriority.LAST
)


def process_revision_directives(
    context: MigrationContext, revision: Any, directives: list[MigrationScript]
) -> None:
    """Complete a new migration: give it its id, and write the diagram.

    If nothing has changed, no migration is written; `check` needs the empty one to say so.
    """
    script = directives[0]
    arguments = context.opts["revision_context"].command_args
    if not arguments["autogenerate"]:
        script.rev_id = arguments["rev_id"] or next_revision_id(script.message)
    elif not upgrade_operations(script).is_empty():
        enums_as_strings(context, revision, directives)
        complete(script)
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


def complete(script: MigrationScript) -> None:
    """Add what Alembic leaves out of a new migration; its downgrade() reverts its upgrade()."""
    upgrade = upgrade_operations(script)
    downgrade = script.downgrade_ops
    assert downgrade is not None
    add_schema_operations(upgrade, metadata())
    arrange_enum_operations(upgrade)
    upgrade.reverse_into(downgrade)
