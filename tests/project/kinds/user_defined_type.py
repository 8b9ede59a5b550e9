# A UserDefinedType for a PostgreSQL type that SQLAlchemy does not know.
# app/models/place.py
"""A model."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.models.base import BaseModel


class Point(UserDefinedType[str]):
    """A point, as PostgreSQL writes it: (1,2)."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        return "point"


class Place(BaseModel):
    """A place."""

    __tablename__ = "places"

    position: Mapped[str] = mapped_column(Point)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.place import Place


def rows() -> Iterator[BaseModel]:
    yield Place(position="(1,2)")
    yield Place(position="(3,4)")
