# A model that is a dataclass, with Python defaults.
# app/models/point.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column, relationship

from app.extensions import Base


class Drawing(MappedAsDataclass, Base, kw_only=True):
    """A drawing."""

    __tablename__ = "drawings"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    points: Mapped[list["Point"]] = relationship(default_factory=list, back_populates="drawing")


class Point(MappedAsDataclass, Base):
    """A point of a drawing."""

    __tablename__ = "points"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    x: Mapped[int]
    y: Mapped[int] = mapped_column(default=0)
    drawing_id: Mapped[int | None] = mapped_column(ForeignKey("drawings.id"), default=None)
    drawing: Mapped[Drawing | None] = relationship(default=None, back_populates="points")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.point import Drawing, Point


def rows() -> Iterator[Base]:
    drawing = Drawing(name="a")
    yield drawing
    yield Drawing(name="b")
    yield Point(1, drawing=drawing)
    yield Point(2, 3)
