# A bigint key, generated always as identity.
# app/models/event.py
"""A model."""

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Event(Base):
    """An event."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.event import Event


def rows() -> Iterator[Base]:
    yield Event(name="start")
    yield Event(name="end")
