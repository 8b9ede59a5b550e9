"""Checks that an UPDATE sets updated_at."""

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import Column, Connection, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, object_mapper

from plumbing.testing.constraints import other_reason, rolled_back
from plumbing.testing.targets import Target, quoted, targets_of

WRONG = """\
{problem}
    Model: {model}, table {table}
See created_at and updated_at in the model, or in the class that it inherits them from.
"""


def check_times(session: Session, rows: Iterable[object]) -> None:
    """Fail the test unless an UPDATE sets updated_at, and leaves created_at as it is.

    `rows` are objects in the session; those without these two attributes are left out.
    """
    session.flush()
    connection = session.connection()
    for mapper in dict.fromkeys(object_mapper(row) for row in rows):
        created: Any = mapper.columns.get("created_at")
        updated: Any = mapper.columns.get("updated_at")
        if created is None or updated is None:
            continue
        for target in targets_of(connection, [updated.table]):
            problem = problem_of(connection, target, created, updated)
            if problem:
                names = {"model": mapper.class_.__name__, "table": updated.table.fullname}
                pytest.fail(WRONG.format(problem=problem, **names), pytrace=False)


def problem_of(
    connection: Connection, target: Target, created: Column[Any], updated: Column[Any]
) -> str:
    """Update the rows of a table, and undo it.  Returns what is wrong with their times then."""
    times = select(
        func.max(created), func.max(updated), func.max(updated) < func.current_timestamp()
    )
    # CURRENT_TIMESTAMP is when the transaction began, in which the rows may have been inserted.
    earlier = ", ".join(
        f"{name} = {name} - interval '1 day'"
        for name in (quoted(connection, column.name) for column in (created, updated))
    )
    other = unrelated_column(target, created, updated)
    with rolled_back(connection):
        try:
            connection.exec_driver_sql(f"UPDATE {target.source} SET {earlier}")
            created_before, updated_before, is_earlier = connection.execute(times).one()
            connection.execute(update(target.table).values({other: other}))
            created_after, updated_after, _ = connection.execute(times).one()
        except DBAPIError as error:
            print(f"Not tried: UPDATE of {target.table.fullname}: {other_reason(error)}.")
            return ""
    if created_after != created_before:
        return "An UPDATE changes created_at."
    if is_earlier and updated_after == updated_before:
        return "An UPDATE does not set updated_at."
    return ""


def unrelated_column(target: Target, created: Column[Any], updated: Column[Any]) -> Column[Any]:
    """Return a column to set to its own value, as an UPDATE that sets neither of the times."""
    for column in target.table.columns:
        is_set = column is created or column is updated or column.name in target.generated
        if not (is_set or column.system or column.onupdate is not None):
            return column
    return created
