# A check constraint changes, one is added and one is removed.
# app/models/rating.py
"""A model."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Rating(BaseModel):
    """A rating."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("text <> ''", name="text"),
    )

    stars: Mapped[int]
    text: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.rating import Rating


def rows() -> Iterator[BaseModel]:
    yield Rating(stars=3, text="Good")
    yield Rating(stars=5, text="Best")
# then: app/models/rating.py
"""A model."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Rating(BaseModel):
    """A rating."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 0 AND 10", name="stars"),
        CheckConstraint("length(text) < 1000", name="length"),
    )

    stars: Mapped[int]
    text: Mapped[str]
