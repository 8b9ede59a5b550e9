"""Tries to break the constraints of the models, to check that the database enforces them."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

import pytest
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, Session, object_mapper

from plumbing.errors import (
    FEATURE_NOT_SUPPORTED,
    FOREIGN_KEY_VIOLATION,
    INSUFFICIENT_PRIVILEGE,
    sqlstate,
)
from plumbing.explanations import first_line
from plumbing.testing.rules import Change, Rule, rules_of
from plumbing.testing.targets import Row, Target, quoted, targets_of

# What else may refuse a change: the type of a column (22), another constraint (23), a policy for
# rows, a partition that the row would have to leave, a type of an extension (XX000).
OTHER_REFUSALS = ("22", "23", INSUFFICIENT_PRIVILEGE, FEATURE_NOT_SUPPORTED, "XX000")

NOT_ENFORCED = """\
The database does not enforce a constraint of the models.
    Model:      {model}
    Constraint: {rule} of {table}
    Tried:      {change}, for the row with {key}
    PostgreSQL: accepted it
A migration must create the constraint. Run: python db_manage.py migrate "MESSAGE"
If that detects nothing, write it in the file that this creates: python db_manage.py revision "MESSAGE"
"""
BROKEN_BY_SEEDS = """\
The rows of app/seeds.py break a constraint that is checked when a transaction commits.
    PostgreSQL: {message}
"""
NOTHING_BREAKS = "no change that was tried breaks it alone"


class Outcome(Enum):
    """The outcome of a change that breaks a constraint."""

    REFUSED = auto()
    ACCEPTED = auto()
    UNKNOWN = auto()  # something else has refused it, or has prevented the violation


def check_constraints(session: Session, rows: Collection[object]) -> None:
    """Fail the test unless the database enforces every constraint of the models.

    `rows` are objects in the session.  Each table of their models, and of the models beside them,
    that has rows is updated so that a row breaks one constraint after the other.  That happens in
    SQL, without the types and validators of the models, and is rolled back.  A constraint that
    cannot be tried is printed with the reason: `pytest -rP` shows it.
    """
    session.flush()
    connection = session.connection()
    tables = tables_beside(rows)
    mappers = mappers_beside(rows)
    failures = []
    with rolled_back(connection):
        check_deferred_constraints(connection)
        for target in targets_of(connection, tables):
            if not target.rows:
                print(f"Not tried: {target.table.fullname} has no rows in app/seeds.py.")
                continue
            for rule in rules_of(connection, target):
                change = accepted_change(connection, target, rule)
                if change:
                    model = model_of(target.table, mappers)
                    failures.append(described(connection, target, rule, change, model))
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


# Models and tables


def mappers_beside(rows: Iterable[object]) -> list[Mapper[Any]]:
    """Return the mappers of all models that share a base with one of these objects."""
    registries = {object_mapper(row).registry for row in rows}
    found = [mapper for registry in registries for mapper in registry.mappers]
    return sorted(found, key=lambda mapper: str(mapper.class_.__name__))


def tables_beside(rows: Iterable[object]) -> list[Table]:
    """Return the tables of these objects, and the others in the same database."""
    tables = {table for row in rows for table in object_mapper(row).tables}
    found = {table.metadata for table in tables if isinstance(table, Table)}
    return [table for metadata in found for table in metadata.tables.values()]


def model_of(table: Table, mappers: Iterable[Mapper[Any]]) -> str:
    """Return the names of the models of a table."""
    names = [mapper.class_.__name__ for mapper in mappers if mapper.local_table is table]
    return ", ".join(names) or "none: it is a table between models"


# Attempts


@contextmanager
def rolled_back(connection: Connection) -> Iterator[None]:
    """Undo what the block does, whether or not it succeeds."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def check_deferred_constraints(connection: Connection) -> None:
    """Check at each statement what would be checked at the end; what is there must pass."""
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except DBAPIError as error:
        pytest.fail(BROKEN_BY_SEEDS.format(message=error.orig), pytrace=False)


def accepted_change(connection: Connection, target: Target, rule: Rule) -> Change | None:
    """Return a change that breaks the constraint, if the database accepts one."""
    reasons = {rule.obstacle} if rule.obstacle else set()
    for change in rule.changes if not reasons else []:
        outcome, reason = attempt(connection, target, rule, change)
        if outcome is Outcome.ACCEPTED:
            return change
        if outcome is Outcome.REFUSED:
            return None
        reasons.add(reason)
    reason = reasons.pop() if len(reasons) == 1 else NOTHING_BREAKS
    print(f"Not tried: {rule.description} of {target.table.fullname}: {reason}.")
    return None


def attempt(
    connection: Connection, target: Target, rule: Rule, change: Change
) -> tuple[Outcome, str]:
    """Try a change, and undo it.  Returns the outcome, and the reason if that is unknown."""
    with rolled_back(connection):
        try:
            connection.exec_driver_sql(change.statement(target))
        except DBAPIError as error:
            if is_expected(error, target, rule):
                return Outcome.REFUSED, ""
            return Outcome.UNKNOWN, other_reason(error)
        if connection.exec_driver_sql(rule.broken).first():
            return Outcome.ACCEPTED, ""
    return Outcome.UNKNOWN, NOTHING_BREAKS


def is_expected(error: DBAPIError, target: Target, rule: Rule) -> bool:
    """Return whether an error is the constraint's own refusal."""
    if sqlstate(error) != rule.sqlstate:
        return False
    diagnosis: Any = getattr(error.orig, "diag", None)
    if target.is_partitioned or diagnosis is None:  # a partition has names of its own
        return True
    if rule.sqlstate == FOREIGN_KEY_VIOLATION:
        # A row of another table that refers to this one can refuse the change, too.
        return bool(diagnosis.table_name == target.table.name)
    if rule.unique:
        return target.unique.get(diagnosis.constraint_name) == rule.unique
    return not rule.name or bool(diagnosis.constraint_name == rule.name)


def other_reason(error: DBAPIError) -> str:
    """Return what has refused a change, if not the constraint; raise the error if it is a bug."""
    in_function = getattr(getattr(error.orig, "diag", None), "context", None)  # as in a trigger
    if in_function or sqlstate(error).startswith(OTHER_REFUSALS):
        return first_line(error)
    raise error


def described(
    connection: Connection, target: Target, rule: Rule, change: Change, model: str
) -> str:
    """Return the failure for a change that the database has accepted."""
    return NOT_ENFORCED.format(
        model=model,
        rule=rule.description,
        table=target.table.fullname,
        change=change.description(target),
        key=key_of(connection, target, change.row),
    )


def key_of(connection: Connection, target: Target, row: Row) -> str:
    """Return the primary key of a row, as text."""
    names = [column.name for column in target.table.primary_key]
    if not names:
        return f"ctid {row.place}"
    columns = ", ".join(f"CAST({quoted(connection, name)} AS text)" for name in names)
    query = f"SELECT {columns} FROM {target.source} AS this WHERE {row.condition('this')}"
    values = connection.exec_driver_sql(query).one()
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
