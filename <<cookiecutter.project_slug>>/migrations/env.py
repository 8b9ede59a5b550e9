"""What Alembic runs for `flask db ...` and db_manage.py."""

from functools import cache
from logging import getLogger
from logging.config import fileConfig
from typing import Any

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app import autogenerate, database, faults, revisions
from app.extensions import db

owned = cache(revisions.owned)


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave the schemas and tables of others alone."""
    schemas, tables = owned(db.metadata)
    if kind == "schema":
        return name is None or name in schemas
    return kind != "table" or (parents["schema_name"] or "public", name) in tables


def process_revision_directives(
    migration_context: MigrationContext, revision: Any, directives: list[MigrationScript]
) -> None:
    """Give a new revision its id and its schemas; write none if there is no change."""
    script = directives[0]
    arguments = migration_context.opts["revision_context"].command_args
    if arguments["autogenerate"]:
        assert script.upgrade_ops is not None
        if script.upgrade_ops.is_empty():
            if getattr(context.config.cmd_opts, "autogenerate", False):  # not in check
                directives.clear()
                revisions.logger.info("No changes in schema detected.")
            return
        autogenerate.strings(migration_context, revision, directives)
        autogenerate.add_schema_operations(script, db.metadata)
    script.rev_id = arguments["rev_id"] or autogenerate.next_revision_id(script.message)


options: dict[str, Any] = {
    "target_metadata": db.metadata,
    "include_schemas": True,
    "include_name": include_name,
    "compare_server_default": True,
    "render_item": autogenerate.render_item,
    "process_revision_directives": process_revision_directives,
    "transaction_per_migration": True,
    **current_app.extensions["migrate"].configure_args,
}

if not getLogger().handlers:  # a program that logs already, like pytest, goes on so
    assert context.config.config_file_name is not None
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)
try:
    if context.is_offline_mode():
        named = {"paramstyle": "named"}
        context.configure(url=database.url(), literal_binds=True, dialect_opts=named, **options)
        with context.begin_transaction():
            context.run_migrations()
    else:
        with database.connect() as connection:
            context.configure(connection=connection, **options)
            steps = revisions.log_steps(context.get_context().opts["fn"])
            context.configure(connection=connection, fn=steps, **options)
            if not context.get_context().opts.get("dont_mutate"):  # flask db current
                revisions.begin_run(connection)
            with context.begin_transaction():
                context.run_migrations()
except (SQLAlchemyError, CommandError) as error:
    raise faults.Explained(faults.explain(error, migrating=True)) from error
