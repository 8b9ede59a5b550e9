# The owner's own sequence, without a migration that creates it.
# app/models/ticket.py
"""A model."""

from sqlalchemy import Sequence
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel

numbers = Sequence("ticket_numbers", start=100)


class Ticket(BaseModel):
    """A ticket."""

    __tablename__ = "tickets"

    number: Mapped[int] = mapped_column(numbers, server_default=numbers.next_value())
    name: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.ticket import Ticket


def rows() -> Iterator[BaseModel]:
    yield Ticket(name="One")
    yield Ticket(name="Two")
