"""Operations that Alembic lacks, or that it cannot revert."""

from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp, ExecuteSQLOp, RenameTableOp
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from plumbing.current import db
from plumbing.migrations.autogenerate.rendering import escaped


class Statement(ExecuteSQLOp):
    """op.execute() with a statement, and the one that reverts it."""

    def __init__(self, sql: str, undo: str) -> None:
        super().__init__(escaped(sql))
        self.sql = sql
        self.undo = undo

    def reverse(self) -> "Statement":
        return Statement(self.undo, self.sql)


class RenameColumn(AlterColumnOp):
    """op.alter_column() with another name, which can be reverted."""

    def __init__(self, table: str, old: str, new: str, schema: str | None) -> None:
        super().__init__(table, old, modify_name=new, schema=schema)
        self.new = new

    def reverse(self) -> "RenameColumn":
        return RenameColumn(self.table_name, self.new, self.column_name, self.schema)


class RenameTable(RenameTableOp):
    """op.rename_table(), which can be reverted."""

    def reverse(self) -> "RenameTable":
        return RenameTable(self.new_table_name, self.table_name, schema=self.schema)

    def to_diff_tuple(self) -> tuple[str, str, str]:
        return "rename_table", self.table_name, self.new_table_name


@renderers.dispatch_for(RenameTable)
def render_rename_table(context: AutogenContext, operation: RenameTable) -> str:
    schema = f", schema={operation.schema!r}" if operation.schema else ""
    return f"op.rename_table({operation.table_name!r}, {operation.new_table_name!r}{schema})"


class MoveTable(Statement):
    """op.execute() with ALTER TABLE ... SET SCHEMA."""

    def __init__(self, table: str, old: str | None, new: str | None) -> None:
        self.table, self.old, self.new = table, old, new
        super().__init__(move(table, old, new), move(table, new, old))

    def reverse(self) -> "MoveTable":
        return MoveTable(self.table, self.new, self.old)


def move(table: str, old: str | None, new: str | None) -> str:
    """Return the statement that moves a table; None is public."""
    return f"ALTER TABLE {sql_name(old, table)} SET SCHEMA {sql_name(new or 'public')}"


def add_exclusion(constraint: ExcludeConstraint) -> Statement:
    """Return the statement that adds an exclusion constraint; Alembic cannot write its expressions."""
    dialect = db().engine.dialect
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    definition = compiler.process(constraint).replace("%%", "%")
    table = sql_name(constraint.table.schema, constraint.table.name)
    return Statement(
        f"ALTER TABLE {table} ADD {definition}",
        f"ALTER TABLE {table} DROP CONSTRAINT {sql_name(str(constraint.name))}",
    )


def drop_exclusion(table: Table, name: str, definition: str) -> Statement:
    """Return the statement that drops an exclusion constraint of the database."""
    full_name = sql_name(table.schema, table.name)
    return Statement(
        f"ALTER TABLE {full_name} DROP CONSTRAINT {sql_name(name)}",
        f"ALTER TABLE {full_name} ADD CONSTRAINT {sql_name(name)} {definition}",
    )


def sql_name(*names: str | None) -> str:
    """Return a name, or a schema's and a table's, with quotes only where SQL needs them."""
    quote = db().engine.dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in names if name).replace("%%", "%")
