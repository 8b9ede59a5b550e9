# Tables without a model: one from a declarative class, one from Core without a key.
# app/models/visit.py
"""A model."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, func

from app.extensions import Base

visits = Table(
    "visits",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String(200), nullable=False, unique=True),
)

hits = Table(
    "hits",
    Base.metadata,
    Column("visit_id", ForeignKey("visits.id"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)


class Visit(Base):
    """A visit, whose table is written with Core."""

    __table__ = visits
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.visit import Visit


def rows() -> Iterator[Base]:
    yield Visit(path="/a")
    yield Visit(path="/b")
