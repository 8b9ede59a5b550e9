# Comments on a table and its columns, with quotes and percent signs; from Alembic #529.
# app/models/artist.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Artist(BaseModel):
    """An artist."""

    __tablename__ = "artists"
    __table_args__ = {"comment": 'Who\'s who: 100% "complete"'}

    name: Mapped[str] = mapped_column(comment="The artist's name")
    band: Mapped[str | None] = mapped_column(comment="Two\nlines, and a backslash \\")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.artist import Artist
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Artist(name="Ann")
    yield Artist(name="Bob", band="Bees")
# then: app/models/artist.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Artist(BaseModel):
    """An artist."""

    __tablename__ = "artists"

    name: Mapped[str] = mapped_column(comment="The artist's stage name")
    band: Mapped[str | None]
