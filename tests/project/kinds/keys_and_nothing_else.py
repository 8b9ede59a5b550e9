# A model with only a key, and one whose key is its foreign key.
# app/models/thing.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Thing(Base):
    """A thing."""

    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    shape: Mapped["Shape | None"] = relationship(back_populates="thing")


class Shape(Base):
    """The shape of a thing."""

    __tablename__ = "shapes"

    thing_id: Mapped[int] = mapped_column(
        ForeignKey("things.id", ondelete="CASCADE"), primary_key=True
    )
    corners: Mapped[int]
    thing: Mapped[Thing] = relationship(back_populates="shape")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.thing import Shape, Thing


def rows() -> Iterator[Base]:
    thing = Thing()
    yield thing
    yield Thing()
    yield Shape(thing=thing, corners=3)
