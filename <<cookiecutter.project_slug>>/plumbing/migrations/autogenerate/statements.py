"""Statements in a migration for what Alembic has no operation."""

from alembic.operations.ops import ExecuteSQLOp


class Statement(ExecuteSQLOp):
    """op.execute() with a statement, and the one that reverts it."""

    def __init__(self, sql: str, undo: str) -> None:
        super().__init__(sql)
        self.sql = sql
        self.undo = undo

    def reverse(self) -> "Statement":
        return Statement(self.undo, self.sql)
