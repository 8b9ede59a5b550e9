# An identity column changes its options, from BY DEFAULT to ALWAYS.
# app/models/part.py
"""A model."""

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    name: Mapped[str]
    number: Mapped[int] = mapped_column(Identity())
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.part import Part


def rows() -> Iterator[BaseModel]:
    yield Part(name="a")
    yield Part(name="b")
# then: app/models/part.py
"""A model."""

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    name: Mapped[str]
    number: Mapped[int] = mapped_column(Identity(always=True, increment=5))
