# A key of two columns, and a foreign key of two columns.
# app/models/seat.py
"""A model."""

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Seat(Base):
    """A seat in a hall."""

    __tablename__ = "seats"

    row: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class Ticket(Base):
    """A ticket for a seat."""

    __tablename__ = "tickets"
    __table_args__ = (ForeignKeyConstraint(["row", "number"], ["seats.row", "seats.number"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[str]
    number: Mapped[int]
    seat: Mapped[Seat] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.seat import Seat, Ticket


def rows() -> Iterator[Base]:
    seat = Seat(row="A", number=1)
    yield seat
    yield Seat(row="A", number=2)
    yield Ticket(seat=seat)
    yield Ticket(row="A", number=2)
