"""Statements in a migration for what Alembic has no operation."""

from alembic.operations.ops import ExecuteSQLOp

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


def sql_name(*names: str | None) -> str:
    """Return a name, or a schema's and a table's, with quotes only where SQL needs them."""
    quote = db().engine.dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in names if name).replace("%%", "%")
