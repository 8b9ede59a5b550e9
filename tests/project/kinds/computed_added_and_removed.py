# A plain column becomes computed, and a computed one plain.
# app/models/part.py
"""A model."""

from sqlalchemy import Computed
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    number: Mapped[int]
    double: Mapped[int] = mapped_column(Computed("number * 2", persisted=True))
    half: Mapped[int | None]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.part import Part


def rows() -> Iterator[BaseModel]:
    yield Part(number=2, half=1)
    yield Part(number=4)
# then: app/models/part.py
"""A model."""

from sqlalchemy import Computed
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Part(BaseModel):
    """A part."""

    __tablename__ = "parts"

    number: Mapped[int]
    double: Mapped[int | None]
    half: Mapped[int | None] = mapped_column(Computed("number / 2", persisted=True))
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.part import Part


def rows() -> Iterator[BaseModel]:
    yield Part(number=2, double=4)
    yield Part(number=4)
