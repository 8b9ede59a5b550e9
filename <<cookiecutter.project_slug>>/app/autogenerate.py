"""What Alembic looks at and writes when it compares the models with the database."""

import re
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.ddl.postgresql import PostgresqlImpl
<% if cookiecutter.__sqlite %>
from alembic.ddl.sqlite import SQLiteImpl
<% endif %>
from alembic.operations import MigrateOperation, Operations, ops
from sqlalchemy import JSON, Enum, MetaData, String, cast, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema, DropSchema

from app.database import create_schema, drop_schema
from app.revisions import directory, logger


@Operations.register_operation("create_schema")
@Operations.register_operation("drop_schema")
class SchemaOp(MigrateOperation):
    """op.create_schema("blog") or op.drop_schema("blog") in a revision."""

    def __init__(self, name: str, schema: str) -> None:
        self.name, self.schema = name, schema

    @classmethod
    def create_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls("create_schema", schema))

    @classmethod
    def drop_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls("drop_schema", schema))

    def to_diff_tuple(self) -> tuple[str, str]:
        return self.name, self.schema


@renderers.dispatch_for(SchemaOp)
def _render(_: AutogenContext, operation: SchemaOp) -> str:
    return f"op.{operation.name}({operation.schema!r})"


@Operations.implementation_for(SchemaOp)
def _run(operations: Operations, operation: SchemaOp) -> None:
    creates, schema = operation.name == "create_schema", operation.schema
    if operations.migration_context.as_sql:
        create = CreateSchema(schema, if_not_exists=True)
        operations.execute(create if creates else DropSchema(schema, if_exists=True))
    elif not creates:
        drop_schema(operations.get_bind(), schema)
    elif create_schema(operations.get_bind(), schema):
        logger.info("Creating: schema %s", schema)


def add_schema_operations(script: ops.MigrationScript, metadata: MetaData) -> None:
    """Let a new revision create the schemas it fills and drop those it empties.

    The models decide, never the database: a schema that a developer made by hand would hide the
    missing statement until production.
    """
    upgrade, downgrade = script.upgrade_ops, script.downgrade_ops
    assert upgrade is not None and downgrade is not None
    created = [o for o in upgrade.ops if isinstance(o, ops.CreateTableOp)]
    dropped = [o for o in upgrade.ops if isinstance(o, ops.DropTableOp)]
    # A schema is filled here if each of its tables is created and none is dropped.
    kept = {(table.schema, table.name) for table in metadata.tables.values()}
    older = kept - {(o.schema, o.table_name) for o in created}
    older |= {(o.schema, o.table_name) for o in dropped}
    filled = dict.fromkeys(o.schema for o in created if o.schema)
    for schema in reversed([s for s in filled if s not in dict(older)]):
        upgrade.ops.insert(0, SchemaOp("create_schema", schema))
        downgrade.ops.append(SchemaOp("drop_schema", schema))
    emptied = dict.fromkeys(o.schema for o in dropped if o.schema)
    for schema in [s for s in emptied if s not in dict(kept)]:
        upgrade.ops.append(SchemaOp("drop_schema", schema))
        downgrade.ops.insert(0, SchemaOp("create_schema", schema))


def next_revision_id(message: str | None) -> str:
    """Return 0002_add_phone for "Add phone!"; the column of the ids takes 32 characters."""
    ids = [revision.revision for revision in directory().walk_revisions()]
    numbers = [int(match[0]) for id_ in ids if (match := re.match(r"\d+", id_))]
    slug = re.sub(r"[^a-z0-9]+", "_", (message or "").lower()).strip("_")
    return f"{max(numbers, default=0) + 1:04}_{slug or 'migration'}"[:32].rstrip("_")


def literal_default(column: Any) -> str | None:
    """Return the default of a column as SQL, or None if it has none or a function."""
    default = getattr(column.server_default, "arg", None)
    return "'" + default.replace("'", "''") + "'" if isinstance(default, str) else None


class PostgreSQL(PostgresqlImpl):
    """Compares defaults as the server does; Alembic's own way breaks on a quote."""

    __dialect__ = "postgresql"

    def compare_server_default(self, stored: Any, column: Any, *rendered: Any) -> bool:
        literal, stored_default = literal_default(column), rendered[1]
        if literal is None and rendered[0] == stored_default:  # the same function
            return False
        compare: Any = super().compare_server_default
        assert self.connection is not None
        try:
            with self.connection.begin_nested():
                if literal is None or stored_default is None:
                    return bool(compare(stored, column, *rendered))
                sides: list[Any] = [literal_column(stored_default), literal_column(literal)]
                if isinstance(column.type, JSON):
                    sides = [cast(side, JSONB) for side in sides]
                return not self.connection.scalar(select(sides[0] == sides[1]))
        except DBAPIError:  # they are not even of one type
            return True


<% if cookiecutter.__sqlite %>
class SQLite(SQLiteImpl):
    """Compares literal defaults as text."""

    __dialect__ = "sqlite"

    def compare_server_default(self, stored: Any, column: Any, *rendered: Any) -> bool:
        literal, compare = literal_default(column), super().compare_server_default
        if literal is None:
            return bool(compare(stored, column, *rendered))
        return rendered[1] not in (literal, f"({literal})")


<% endif %>
strings = Rewriter()


@strings.rewrites(ops.AlterColumnOp)
def _alter_string(_: Any, __: Any, operation: ops.AlterColumnOp) -> ops.AlterColumnOp:
    """Change the length of an enum's column, and leave its check constraint alone."""
    for name in ("modify_type", "existing_type"):
        kind = getattr(operation, name)
        if isinstance(kind, Enum) and not kind.native_enum:
            setattr(operation, name, String(kind.length))
    return operation


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Write a literal default as it is: Alembic would cut off a quote at its ends."""
    literal = getattr(item, "arg", None) if kind == "server_default" else None
    return repr(literal) if isinstance(literal, str) else False
