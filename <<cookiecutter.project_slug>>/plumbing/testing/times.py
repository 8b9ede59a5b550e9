"""Updates rows, to see that updated_at follows."""

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

    `rows` are objects in the session whose models have these two attributes.
    """
    session.flush()
    connection = session.connection()
    for mapper in dict.fromkeys(object_mapper(row) for row in rows):
        created: Any = mapper.columns["created_at"]
        updated: Any = mapper.columns["updated_at"]
        for target in targets_of(connection, [updated.table]):
            problem = problem_of(connection, target, created, updated)
            if problem:
                names = {"model": mapper.class_.__name__, "table": updated.table.fullname}
                pytest.fail(WRONG.format(problem=problem, **names), pytrace=False)


def problem_of(
    connection: Connection, target: Target, created: Column[Any], updated: Column[Any]
) -> str:
    """Update the rows of a table, and undo it.  Returns what is wrong with their times then."""
    times = select(func.max(created), func.max(updated), func.current_timestamp())
    # CURRENT_TIMESTAMP is when the transaction began, in which the rows may have been inserted.
    earlier = ", ".join(
        f"{name} = {name} - interval '1 day'"
        for name in (quoted(connection, column.name) for column in (created, updated))
    )
    with rolled_back(connection):
        try:
            connection.exec_driver_sql(f"UPDATE {target.source} SET {earlier}")
            before = connection.execute(times).one()
            connection.execute(update(target.table).values({created: created}))
            after = connection.execute(times).one()
        except DBAPIError as error:
            print(f"Not tried: UPDATE of {target.table.fullname}: {other_reason(error)}.")
            return ""
    if after[0] != before[0]:
        return "An UPDATE changes created_at."
    if after[1] <= before[1] < after[2]:
        return "An UPDATE does not set updated_at."
    return ""
