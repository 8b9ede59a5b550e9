# A unique constraint on several columns, with INCLUDE and the owner's own name.
# app/models/slot.py
"""A model."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Slot(BaseModel):
    """A slot."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("shelf", "place", name="one_item_a_slot", postgresql_include=["item"]),
    )

    shelf: Mapped[int]
    place: Mapped[int]
    item: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.slot import Slot


def rows() -> Iterator[BaseModel]:
    yield Slot(shelf=1, place=1, item="Cup")
    yield Slot(shelf=1, place=2, item="Cup")
