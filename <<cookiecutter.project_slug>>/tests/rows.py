"""Makes rows of any model, so that the tests go on when the models change."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, JSON, Column, Enum, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.base import BaseModel, by_name


def new_row(session: Session, model: type[BaseModel], *also: str) -> BaseModel:
    """Return a row with a value in every column that needs one, and in others if named."""
    wanted = {name for name, _ in needed(model)} | set(also)
    # A default that has to be unique serves one row only.
    defaults = {name for name, column in columns(model) if column.server_default}
    wanted |= defaults & {name for names in unique(model) for name in names}
    chosen = {name: column for name, column in columns(model) if name in wanted}
    references = [(name, column) for name, column in chosen.items() if column.foreign_keys]
    # Those to its own model come first: they may add a row, and others are chosen by the count.
    references.sort(key=lambda item: target(item[1]) is not model)
    keys = {name: reference(session, model, column) for name, column in references}
    number = count(session, model)
    return model(**{name: sample(c.type, number) for name, c in chosen.items()} | keys)


def add_row(session: Session, model: type[BaseModel], *also: str) -> BaseModel:
    """Insert such a row and return it, or the last one where a unique column admits no more."""
    row = new_row(session, model, *also)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        last = session.scalar(select(model).order_by(model.id.desc()).limit(1))
        if last is None:
            raise
        return last
    return row


def count(session: Session, model: type[BaseModel]) -> int:
    """Return how many rows a model has."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def columns(model: type[BaseModel]) -> list[tuple[str, Column[Any]]]:
    """Return the attributes of a model that are columns, and these."""
    attributes = model.__mapper__.column_attrs
    return [(a.key, c) for a in attributes for c in a.columns if isinstance(c, Column)]


def needed(model: type[BaseModel]) -> list[tuple[str, Column[Any]]]:
    """Return those columns that every row must be given."""
    return [
        (name, column)
        for name, column in columns(model)
        if not (column.nullable or column.primary_key or column.default or column.server_default)
    ]


def unique(model: type[BaseModel]) -> list[list[str]]:
    """Return the attributes of each unique constraint."""
    names = {column: name for name, column in columns(model)}
    constraints = model.__table__.constraints  # type: ignore[attr-defined]
    return [[names[c] for c in u.columns] for u in constraints if isinstance(u, UniqueConstraint)]


def reference(session: Session, model: type[BaseModel], column: Column[Any]) -> Any:
    """Return the key of another row for each row of the model."""
    other, key = target(column), next(iter(column.foreign_keys)).column
    rows = session.scalars(select(other).order_by(other.id).offset(count(session, model)))
    return getattr(rows.first() or add_row(session, other), key.key)


def target(column: Column[Any]) -> type[BaseModel]:
    """Return the model that a column refers to."""
    key = next(iter(column.foreign_keys)).column
    return next(model for model in by_name().values() if model.__table__ is key.table)


def sample(kind: Any, number: int) -> Any:
    """Return the value of a type that belongs to a number."""
    if isinstance(kind, ARRAY):
        return [sample(kind.item_type, number)]
    if isinstance(kind, Enum):
        return enum_values(kind)[number % len(kind.enums)]
    if isinstance(kind, JSON):
        return {"number": number}
    precision, scale = getattr(kind, "precision", None), getattr(kind, "scale", None)
    seconds = dt.timedelta(seconds=number)
    start = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    samples: dict[type, Any] = {
        bool: number % 2 == 0,
        bytes: str(number).encode(),
        Decimal: Decimal(number % 10 ** (precision or 9)).scaleb(-(scale or 0)),
        dt.date: start.date() + number * dt.timedelta(days=1),
        dt.datetime: start + seconds,
        dt.time: (start + seconds).time(),
        dt.timedelta: seconds,
        float: number / 2,
        int: number,
        str: str(number)[-(getattr(kind, "length", None) or 20) :],
        UUID: UUID(int=number),
    }
    return samples[kind.python_type]


def enum_values(kind: Any) -> list[Any]:
    """Return what a column of this type may be set to."""
    return list(kind.enum_class or kind.enums)
