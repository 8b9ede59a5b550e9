# Hybrid properties, column_property, synonym, deferred columns and a composite.
# app/models/actor.py
"""A model."""

import dataclasses
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, column_property, composite, mapped_column, synonym

from app.models.base import BaseModel


@dataclasses.dataclass
class Span:
    """A start and an end."""

    start: int
    end: int


class Actor(BaseModel):
    """An actor."""

    __tablename__ = "actors"

    first: Mapped[str] = mapped_column()
    last: Mapped[str] = mapped_column()
    name: Mapped[str] = column_property(first + " " + last)
    biography: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    span: Mapped[Span] = composite(mapped_column("started"), mapped_column("ended"))
    surname: Mapped[str] = synonym("last")
    notes: Mapped[str | None] = mapped_column(deferred=True, deferred_group="texts")

    @hybrid_property
    def initials(self) -> str:
        return self.first[:1] + self.last[:1]

    @initials.inplace.expression
    @classmethod
    def initials_expression(cls) -> ColumnElement[str]:
        return cls.first + cls.last

    @hybrid_property
    def age(self) -> Any:
        return self.span.end - self.span.start
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.actor import Actor, Span
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Actor(first="Ann", last="Ash", span=Span(1, 2))
    yield Actor(first="Bob", last="Bee", span=Span(3, 4), biography="Born.")
