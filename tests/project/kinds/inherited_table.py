# A table that inherits from another one in PostgreSQL.
# app/models/city.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class City(Base):
    """A city."""

    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Capital(Base):
    """A capital, whose table inherits from the cities'."""

    __tablename__ = "capitals"
    __table_args__ = {"postgresql_inherits": "cities"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]


Capital.__table__.add_is_dependent_on(City.__table__)  # type: ignore[attr-defined]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.city import Capital, City


def rows() -> Iterator[Base]:
    yield City(name="Nice")
    yield Capital(name="Paris", country="France")
