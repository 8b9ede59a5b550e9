# An UNLOGGED table, and storage parameters.
# app/models/cache.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Entry(BaseModel):
    """An entry of a cache."""

    __tablename__ = "entries"
    __table_args__ = {
        "prefixes": ["UNLOGGED"],
        "postgresql_with": {"fillfactor": 70},
    }

    key: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.cache import Entry


def rows() -> Iterator[BaseModel]:
    yield Entry(key="a")
    yield Entry(key="b")
