# A table that is UNLOGGED, one that inherits, and storage parameters.
# app/models/cache.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel


class Entry(BaseModel):
    """An entry of a cache."""

    __tablename__ = "entries"
    __table_args__ = {
        "prefixes": ["UNLOGGED"],
        "postgresql_with": {"fillfactor": 70},
    }

    key: Mapped[str] = mapped_column(unique=True)


class City(Base):
    """A city."""

    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Capital(Base):
    """A capital: its table inherits from that of the cities."""

    __tablename__ = "capitals"
    __table_args__ = {"postgresql_inherits": "cities"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.cache import Capital, City, Entry


def rows() -> Iterator[Base]:
    yield Entry(key="a")
    yield Entry(key="b")
    yield City(name="Nice")
    yield Capital(name="Paris", country="France")
