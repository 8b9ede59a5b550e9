# A check constraint is added to a model that had none.
# app/models/rating.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Rating(BaseModel):
    """A rating."""

    __tablename__ = "ratings"

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
    __table_args__ = (CheckConstraint("stars > 0", name="stars"),)

    stars: Mapped[int]
    text: Mapped[str]
