"""What migrations/env.py runs for every command about migrations."""

import warnings
from functools import cached_property
from logging import getLogger
from logging.config import fileConfig
from pathlib import Path
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import inspect, text

from plumbing import database
from plumbing.current import metadata
from plumbing.enums import drop_enum
from plumbing.explanations import explained
from plumbing.migrations import NAMED
from plumbing.migrations.autogenerate import PLUGIN, process_revision_directives, render_item
from plumbing.migrations.history import check_lengths, load, version_table_schema
from plumbing.migrations.lock import begin_run
from plumbing.migrations.ownership import created_in, owned_schemas, owned_table_names
from plumbing.migrations.progress import progress

KEYS_OF_PARTITIONS = text("""
    SELECT nspname, relname, conname
    FROM pg_constraint
    JOIN pg_class ON pg_class.oid = conrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE contype = 'f' AND conparentid <> 0
""")

VIEWS = text("""
    SELECT nspname, relname
    FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('f', 'm', 'v')
""")

# Warnings of SQLAlchemy about what plumbing.migrations.autogenerate takes care of.
ANSWERED_WARNINGS = ["Did not recognize type", "Cannot correctly sort tables"]


def run(**options: Any) -> None:
    """Run the migrations, or compare the models with the database, as the command asks.

    `options` are arguments of Alembic's context.configure(); they replace those of configuration().
    Raises UserError.
    """
    configure_logging()
    with explained(migrating=True), progress(), warnings.catch_warnings():
        for message in ANSWERED_WARNINGS:
            warnings.filterwarnings("ignore", message)
        load(context.script)
        configured = configuration() | options
        if context.is_offline_mode():
            run_offline(configured)
        else:
            run_online(configured)


def configure_logging() -> None:
    """Configure logging from alembic.ini, unless the program has done so, as pytest does."""
    if not getLogger().handlers:
        path = context.config.config_file_name
        assert path is not None
        fileConfig(path, disable_existing_loggers=False)


def run_offline(configured: dict[str, Any]) -> None:
    """Print the SQL of the migrations, without a server."""
    context.configure(
        url=database.url(),
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        **configured,
    )
    check_lengths(context.get_context(), context.script)
    with context.begin_transaction():
        context.run_migrations()


def run_online(configured: dict[str, Any]) -> None:
    """Run the migrations in the database, each in a transaction of its own."""
    with database.connect() as connection:
        context.configure(connection=connection, **configured)
        check_lengths(context.get_context(), context.script)
        options = context.get_context().opts
        if is_downgrade(options):
            database.guard("downgrade", context.config.attributes.get(NAMED))
        reads_only = options.get("dont_mutate")  # as `flask db current` does
        if not reads_only:
            begin_run(connection)
        with context.begin_transaction():
            context.run_migrations()


def is_downgrade(options: dict[str, Any]) -> bool:
    """Return whether Alembic is about to revert migrations.

    Only the name of the function with which alembic.command selects them tells.
    """
    return options["fn"].__name__ == "downgrade"  # type: ignore[no-any-return]


def configuration() -> dict[str, Any]:
    """Return the arguments of Alembic's context.configure()."""
    on_sqlite = not database.is_postgresql()
    return {
        "target_metadata": metadata(),
        "include_schemas": True,
        "include_name": OwnedNames(),
        "include_object": NoViews(),
        "compare_type": True,
        "compare_server_default": True,
        "autogenerate_plugins": ["alembic.autogenerate.*", PLUGIN],
        "render_item": render_item,
        "process_revision_directives": process_revision_directives,
        "on_version_apply": drop_implicit_enums,
        "transaction_per_migration": True,
        "render_as_batch": on_sqlite,  # SQLite can alter little in a table: it is copied
        "version_table_schema": version_table_schema(),
    }


def drop_implicit_enums(ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """Drop the enums that a reverted migration had created with its tables, unless they are in use.

    op.create_table() creates an enum for a column with sa.Enum("a", "b", name="mood"), but
    op.drop_table() does not drop it, so the next upgrade would fail.
    """
    if step.is_upgrade or step.is_stamp or ctx.as_sql or not database.is_postgresql():
        return
    assert ctx.connection is not None
    scripts: tuple[Any, ...] = step.up_revisions
    for script in scripts:
        for schema, name in sorted(created_in(Path(script.path)).implicit_enums):
            drop_enum(ctx.connection, schema, name)


class NoViews:
    """Tells Alembic to leave out the models of views.

    They say info={"is_view": True}, or the view exists.
    """

    @cached_property
    def views(self) -> set[tuple[str, str]]:
        connection = context.get_bind()
        if database.is_postgresql():
            return {(schema, name) for schema, name in connection.execute(VIEWS)}
        return {("public", name) for name in inspect(connection).get_view_names()}

    def __call__(self, item: Any, name: str | None, kind: str, reflected: bool, _: Any) -> bool:
        if kind != "table" or reflected:
            return True
        return not item.info.get("is_view") and (item.schema or "public", name) not in self.views


class OwnedNames:
    """Tells Alembic to leave alone the schemas and tables that are not this project's.

    All migrations are read for it, but only when models are compared with the database.
    """

    @cached_property
    def schemas(self) -> set[str]:
        return owned_schemas(metadata())

    @cached_property
    def tables(self) -> set[tuple[str, str]]:
        return owned_table_names(metadata())

    @cached_property
    def keys_of_partitions(self) -> set[tuple[str, str, str]]:
        """The foreign keys that PostgreSQL keeps for each partition of a table, beside the model's."""
        if not database.is_postgresql():
            return set()
        found = context.get_bind().execute(KEYS_OF_PARTITIONS)
        return {(schema, table, key) for schema, table, key in found}

    def __call__(self, name: str | None, kind: str, parents: Any) -> bool:
        if kind == "schema":
            return name is None or name in self.schemas
        if kind == "table":
            return (parents["schema_name"] or "public", name) in self.tables
        if kind == "foreign_key_constraint":
            table = parents["schema_name"] or "public", parents["table_name"]
            return (*table, name) not in self.keys_of_partitions
        return True
