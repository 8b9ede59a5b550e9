"""The rows of app/seeds.py, on the constraints that PostgreSQL enforces.

A new model is tested here as soon as it has rows there.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import Column, Enum, UniqueConstraint, null
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app import create_app, seeds
from app.models import BaseModel
from plumbing import diagram


def columns(row: BaseModel) -> dict[str, Column[Any]]:
    """Return the columns of a row, by the names of its attributes."""
    attributes = row.__mapper__.column_attrs
    return {a.key: c for a in attributes for c in a.columns if isinstance(c, Column)}


def test_read_back(session: Session) -> None:
    rows = list(seeds.rows())
    given = [{name: vars(row)[name] for name in columns(row) if name in vars(row)} for row in rows]
    session.add_all(rows)
    session.commit()
    for row, values in zip(rows, given, strict=True):
        assert {name: getattr(row, name) for name in values} == values


def test_constraints(session: Session, rows: list[BaseModel]) -> None:
    for row in rows:
        others = [other for other in rows if type(other) is type(row) and other is not row]
        for message, values in violations(row, others):
            with pytest.raises(IntegrityError, match=message), session.begin_nested():
                for name, value in values.items():
                    setattr(row, name, value)


def violations(row: BaseModel, others: list[BaseModel]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield values that a row must not have, each with what the database says of them."""
    for name, column in columns(row).items():
        if not (column.nullable or column.primary_key or column.server_default):
            yield "null value in column", {name: null()}
        if column.foreign_keys:
            yield "violates foreign key constraint", {name: -1}
    names = {column: name for name, column in columns(row).items()}
    constraints: set[Any] = row.__mapper__.local_table.constraints  # type: ignore[attr-defined]
    for unique in [c for c in constraints if isinstance(c, UniqueConstraint)]:
        for other in others:
            values = {names[column]: getattr(other, names[column]) for column in unique.columns}
            if None not in values.values():
                yield "violates unique constraint", values


def test_enums(session: Session, rows: list[BaseModel]) -> None:
    """Alembic does not see that an enum has gained a value; this does."""
    for row in rows:
        for name, column in columns(row).items():
            if isinstance(kind := column.type, Enum):
                if not all(takes(session, row, name, v) for v in kind.enum_class or kind.enums):
                    pytest.fail(missing_migration(column, kind), pytrace=False)
                assert not takes(session, row, name, "not one of them")


def takes(session: Session, row: BaseModel, name: str, value: Any) -> bool:
    """Return whether the database takes a value, if only no other row had it."""
    try:
        with session.begin_nested():
            setattr(row, name, value)
    except DBAPIError as error:
        return isinstance(error.orig, UniqueViolation)
    return True


def missing_migration(column: Column[Any], kind: Enum) -> str:
    """Return which migration lets the database take every value."""
    texts = [value.replace("'", "''").replace(":", r"\:") for value in kind.enums]
    values = ", ".join(f"'{text}'" for text in texts)
    check = f'"{column.name}" IN ({values})'
    schema = f", schema={column.table.schema!r}" if column.table.schema else ""
    constraint = f"op.f('ck_{column.table.name}_{kind.name}'), {column.table.name!r}"
    return f"""{column} has a value in the models that the database refuses.
Run `python db_manage.py revision 'values of {column.name}'`, and write in its upgrade():

    op.drop_constraint({constraint}{schema})
    op.create_check_constraint({constraint}, {check!r}{schema})
"""


def test_diagram() -> None:
    with create_app("testing").app_context():
        differences = diagram.differences()
    for line in differences:
        pytest.fail(line, pytrace=False)
