# An index on part of a JSON column, written in Python; from Alembic #1321.
# app/models/event.py
"""A model."""

from typing import Any

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel

arguments: Column[dict[str, Any]] = Column("arguments", JSONB, server_default="{}", nullable=False)


class Event(BaseModel):
    """An event."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_number", arguments["number"].as_integer()),
        Index("ix_events_color", arguments["color"].as_string()),
        Index("ix_events_deep", arguments[("a", "b")].astext),
    )

    name: Mapped[str] = mapped_column(index=True)
    arguments = arguments
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.event import Event


def rows() -> Iterator[BaseModel]:
    yield Event(name="a", arguments={"number": 1, "color": "red"})
    yield Event(name="b")
