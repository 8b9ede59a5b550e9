"""Every model, on the constraints that PostgreSQL enforces."""

from typing import Any

import pytest
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import RelationshipProperty, Session

from app.models.base import BaseModel, by_name
from tests.rows import add_row, columns, needed, new_row

MODELS = list(by_name().values())
NEEDED = [(model, name) for model in MODELS for name, _ in needed(model)]
REFERENCES = [(model, name) for model in MODELS for name, c in columns(model) if c.foreign_keys]
UNIQUE = [
    (model, [column.key for column in constraint.columns])
    for model in MODELS
    for constraint in model.__table__.constraints  # type: ignore[attr-defined]
    if isinstance(constraint, UniqueConstraint)
]
SIDES = [s for model in MODELS for s in model.__mapper__.relationships if s.back_populates]


@pytest.mark.parametrize("model", MODELS)
def test_insert_and_read_back(session: Session, model: type[BaseModel]) -> None:
    row = add_row(session, model)
    given = {name: getattr(row, name) for name, _ in needed(model)}
    session.expire(row)
    assert {name: getattr(row, name) for name in given} == given
    assert row.created_at == row.updated_at
    assert repr(row) == f"<{model.__name__} {row.id}>"
    assert repr(model()) == f"<{model.__name__} new>"


@pytest.mark.parametrize(("model", "name"), NEEDED)
def test_not_null(session: Session, model: type[BaseModel], name: str) -> None:
    row = add_row(session, model)
    setattr(row, name, None)
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


@pytest.mark.parametrize("relationship", SIDES, ids=str)
def test_both_sides(session: Session, relationship: RelationshipProperty[Any]) -> None:
    here = add_row(session, relationship.parent.class_)
    there = add_row(session, relationship.mapper.class_)
    setattr(here, relationship.key, [there] if relationship.uselist else there)
    session.flush()
    session.expire_all()
    other_side = getattr(there, str(relationship.back_populates))
    assert here in other_side if isinstance(other_side, list) else here is other_side
