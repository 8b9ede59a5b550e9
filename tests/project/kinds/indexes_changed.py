# Indexes are renamed, reordered, made unique and removed; from Alembic #1166 and #1212.
# app/models/stop.py
"""A model."""

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Stop(BaseModel):
    """A stop of a bus."""

    __tablename__ = "stops"

    line: Mapped[str]
    place: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column()

    __table_args__ = (
        Index("ix_stops_old", "line", "place"),
        Index("ix_stops_order", "line", "name"),
        Index("ix_stops_lower", func.lower(name)),
        Index("ix_stops_kept", "name", "place"),
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.stop import Stop


def rows() -> Iterator[BaseModel]:
    yield Stop(line="A", place=1, name="Hall")
    yield Stop(line="A", place=2, name="Park")
# then: app/models/stop.py
"""A model."""

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Stop(BaseModel):
    """A stop of a bus."""

    __tablename__ = "stops"

    line: Mapped[str]
    place: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column()

    __table_args__ = (
        Index("ix_stops_new", "line", "place"),
        Index("ix_stops_order", "name", "line"),
        Index("ix_stops_kept", "name", "place", unique=True),
        Index("ix_stops_upper", func.upper(name)),
    )
