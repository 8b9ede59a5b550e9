"""Models as owners write them, all of them right: a module for each kind, with its rows.

Each has a `Base`, `rows()`, the `EXTENSIONS` that it needs, `NOT_TRIED`: the constraints that no UPDATE breaks alone,
with the reason, and `ALWAYS_ENFORCED`: those that cannot be dropped, as of an identity column.
"""

from typing import Any

from sqlalchemy import event


def after_create(target: Any, *statements: str) -> None:
    """Run statements when a table, or all tables, have been created."""

    def run(_: Any, connection: Any, **__: Any) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    event.listen(target, "after_create", run)
