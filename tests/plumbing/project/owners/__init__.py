"""Valid models as owners write them: a module for each kind, with its rows.

Each has a `Base`, `rows()` and the `EXTENSIONS` that it needs.  `NOT_TRIED` lists the constraints that no
UPDATE can break on its own, with the reason; `ALWAYS_ENFORCED` lists those that cannot be dropped, such
as an identity column's.
"""

from typing import Any

from sqlalchemy import event


def after_create(target: Any, *statements: str) -> None:
    """Run statements after a table, or all tables, have been created."""

    def run(_: Any, connection: Any, **__: Any) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    event.listen(target, "after_create", run)
