# The expression of a computed column changes.
# app/models/box.py
"""A model."""

from sqlalchemy import Computed
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Box(BaseModel):
    """A box."""

    __tablename__ = "boxes"

    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int] = mapped_column(Computed("width * height", persisted=True))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.box import Box


def rows() -> Iterator[BaseModel]:
    yield Box(width=2, height=3)
# then: app/models/box.py
"""A model."""

from sqlalchemy import Computed
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Box(BaseModel):
    """A box."""

    __tablename__ = "boxes"

    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int] = mapped_column(Computed("2 * (width + height)", persisted=True))
