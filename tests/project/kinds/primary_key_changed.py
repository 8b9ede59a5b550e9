# A column joins the primary key; from Alembic #993 and #1617, Flask-Migrate #218.
# app/models/seat.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Seat(Base):
    """A seat."""

    __tablename__ = "seats"

    row: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.seat import Seat


def rows() -> Iterator[Base]:
    yield Seat(row="A", number=1)
    yield Seat(row="B", number=1)
# then: app/models/seat.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Seat(Base):
    """A seat."""

    __tablename__ = "seats"

    row: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
