# A unique constraint that is checked when the transaction ends.
# app/models/track.py
"""A model."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Track(BaseModel):
    """A track of an album; positions are exchanged in one transaction."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("album", "position", deferrable=True, initially="DEFERRED"),)

    album: Mapped[str]
    position: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.track import Track


def rows() -> Iterator[BaseModel]:
    yield Track(album="One", position=1)
    yield Track(album="One", position=2)
