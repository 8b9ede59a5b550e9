# The collation of a column changes.
# app/models/part.py
"""A model."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.part import Part


def rows() -> Iterator[BaseModel]:
    yield Part(name="a", number=1)
    yield Part(name="b", number=2)
# then: app/models/part.py
"""A model."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    name: Mapped[str] = mapped_column(String(40, collation="C"))
    number: Mapped[int]
