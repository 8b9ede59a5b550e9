"""Every model, on the constraints that PostgreSQL enforces."""

from typing import Any

import pytest
from sqlalchemy import Column, Enum, null
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import RelationshipProperty, Session

from app import diagram
from app.models.base import BaseModel, by_name
from tests.rows import add_row, columns, enum_values, needed, new_row, unique

MODELS = list(by_name().values())
NEEDED = [(model, name) for model in MODELS for name, _ in needed(model)]
REFERENCES = [(model, name) for model in MODELS for name, c in columns(model) if c.foreign_keys]
ENUMS = [(m, name) for m in MODELS for name, c in columns(m) if isinstance(c.type, Enum)]
UNIQUE = [(model, names) for model in MODELS for names in unique(model)]
SIDES = [s for model in MODELS for s in model.__mapper__.relationships if s.back_populates]


@pytest.mark.parametrize("model", MODELS)
def test_insert_and_read_back(session: Session, model: type[BaseModel]) -> None:
    row = add_row(session, model)
    given = {name: getattr(row, name) for name, _ in needed(model)}
    session.expire(row)
    assert {name: getattr(row, name) for name in given} == given
    filled = [name for name, c in columns(model) if c.server_default and not c.nullable]
    assert all(getattr(row, name) is not None for name in filled)


@pytest.mark.parametrize(("model", "name"), NEEDED)
def test_not_null(session: Session, model: type[BaseModel], name: str) -> None:
    row = add_row(session, model)
    setattr(row, name, null())
    with pytest.raises(IntegrityError, match="null value in column"):
        session.flush()


@pytest.mark.parametrize(("model", "name"), REFERENCES)
def test_foreign_key(session: Session, model: type[BaseModel], name: str) -> None:
    row = add_row(session, model)
    setattr(row, name, -1)
    with pytest.raises(IntegrityError, match="violates foreign key constraint"):
        session.flush()


@pytest.mark.parametrize(("model", "names"), UNIQUE)
def test_unique(session: Session, model: type[BaseModel], names: list[str]) -> None:
    first, second = add_row(session, model, *names), new_row(session, model)
    for name in names:
        setattr(second, name, getattr(first, name))
    session.add(second)
    with pytest.raises(IntegrityError, match="violates unique constraint"):
        session.flush()


def test_enums(session: Session) -> None:
    """Alembic does not see that an enum has gained a value; this does."""
    for model, name in ENUMS:
        row, column = add_row(session, model), dict(columns(model))[name]
        if not all(takes(session, row, name, value) for value in enum_values(column.type)):
            pytest.fail(missing_migration(column), pytrace=False)
        assert not takes(session, row, name, "not one of them")
        session.rollback()


def takes(session: Session, row: BaseModel, name: str, value: Any) -> bool:
    """Return whether the database takes a value."""
    try:
        with session.begin_nested():
            setattr(row, name, value)
    except DBAPIError:
        return False
    return True


def missing_migration(column: Column[Any]) -> str:
    """Return which migration lets the database take every value."""
    table, kind = column.table, column.type
    assert isinstance(kind, Enum)
    texts = [value.replace("'", "''").replace(":", r"\:") for value in kind.enums]
    values = ", ".join(f"'{text}'" for text in texts)
    schema = f", schema={table.schema!r}" if table.schema else ""
    constraint = f"op.f('ck_{table.name}_{kind.name}'), {table.name!r}"
    check = f'"{column.name}" IN ({values})'
    return (
        f"{column} has a value in the models that the database refuses.\n"
        f"Run `flask db revision -m 'values of {column.name}'`, and write in its upgrade():\n\n"
        f"    op.drop_constraint({constraint}{schema})\n"
        f"    op.create_check_constraint({constraint}, {check!r}{schema})\n"
    )


def test_diagram() -> None:
    for line in diagram.differences():
        pytest.fail(line, pytrace=False)


@pytest.mark.parametrize("relationship", SIDES, ids=str)
def test_both_sides(session: Session, relationship: RelationshipProperty[Any]) -> None:
    here = add_row(session, relationship.parent.class_)
    there = add_row(session, relationship.mapper.class_)
    if here is there:
        pytest.skip("its unique columns admit one row only")
    setattr(here, relationship.key, [there] if relationship.uselist else there)
    session.flush()
    session.expire_all()
    other_side = getattr(there, str(relationship.back_populates))
    assert here in other_side if isinstance(other_side, list) else here is other_side
