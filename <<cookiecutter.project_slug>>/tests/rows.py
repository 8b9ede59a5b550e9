"""Makes rows of any model, so that the tests go on when the models change."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.orm import Session

from app.models.base import BaseModel, by_name

numbers = itertools.count(1)


def new_row(session: Session, model: type[BaseModel], *also: str) -> BaseModel:
    """Return a row with a value in every column that needs one, and in others if named."""
    wanted = {name for name, _ in needed(model)} | set(also)
    return model(**{name: value(session, c) for name, c in columns(model) if name in wanted})


def add_row(session: Session, model: type[BaseModel], *also: str) -> BaseModel:
    """Insert such a row and return it."""
    row = new_row(session, model, *also)
    session.add(row)
    session.flush()
    return row


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


def value(session: Session, column: Column[Any]) -> Any:
    """Return a valid value, another one at each call."""
    for key in column.foreign_keys:
        models = by_name().values()
        target = next(m for m in models if m.__table__ is key.column.table)
        return getattr(add_row(session, target), key.column.key)
    return sample(column.type, next(numbers))


def sample(kind: Any, number: int) -> Any:
    """Return the value of a type that belongs to a number."""
    if choices := getattr(kind, "enums", None):
        return choices[number % len(choices)]
    precision, scale = getattr(kind, "precision", None), getattr(kind, "scale", None)
    seconds = dt.timedelta(seconds=number)
    start = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    samples: dict[type, Any] = {
        bool: True,
        bytes: str(number).encode(),
        Decimal: Decimal(number % 10 ** (precision or 9)).scaleb(-(scale or 0)),
        dict: {"number": number},
        dt.date: start.date() + number * dt.timedelta(days=1),
        dt.datetime: start + seconds,
        dt.time: (start + seconds).time(),
        dt.timedelta: seconds,
        float: number / 2,
        int: number,
        list: [],
        str: str(number)[-(getattr(kind, "length", None) or 20) :],
        UUID: UUID(int=number),
    }
    return samples[kind.python_type]
