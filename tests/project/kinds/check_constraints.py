# Named check constraints: IN, BETWEEN, a pattern, quotes, percent signs, lengths, JSON.
# app/models/person.py
"""A model."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Person(BaseModel):
    """A person."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("status IN ('new', 'it''s old')", name="status"),
        CheckConstraint("age BETWEEN 0 AND 150", name="age"),
        CheckConstraint("email ~ '^[^@]+@[^@]+$'", name="email"),
        CheckConstraint("discount LIKE '%\\%%' AND discount NOT LIKE '%:x'", name="discount"),
        CheckConstraint("LENGTH(name) >= 2", name="name"),
        CheckConstraint("born < died", name="life"),
        CheckConstraint("jsonb_typeof(data) = 'object'", name="data"),
        CheckConstraint("born IS NOT NULL OR died IS NULL", name="born"),
        CheckConstraint("(age IS NULL) = (born IS NULL)", name="both"),
    )

    status: Mapped[str]
    age: Mapped[int | None]
    email: Mapped[str]
    discount: Mapped[str]
    name: Mapped[str]
    born: Mapped[dt.date | None]
    died: Mapped[dt.date | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


Person.__table__.append_constraint(  # type: ignore[attr-defined]
    CheckConstraint(func.lower(Person.email) == Person.email, name="lower")
)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.person import Person


def rows() -> Iterator[BaseModel]:
    yield Person(
        status="it's old", age=9, email="a@b.c", discount="5%", name="Ann", born=dt.date(2017, 1, 1)
    )
    yield Person(status="new", email="b@b.c", discount="6%", name="Bob")
