# A number from the owner's own sequence; from Alembic #1507.
# app/models/ticket.py
"""A model."""

from sqlalchemy import Sequence
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel

numbers = Sequence("ticket_numbers", metadata=Base.metadata, start=100)


class Ticket(BaseModel):
    """A ticket."""

    __tablename__ = "tickets"

    number: Mapped[int] = mapped_column(numbers, server_default=numbers.next_value())
    name: Mapped[str]
# migrations/versions/0002_sequence.py
"""sequence

Revision ID: 0002_sequence
Revises: 0001_initial
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_sequence"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(sa.schema.CreateSequence(sa.Sequence("ticket_numbers", start=100)))


def downgrade():
    op.execute(sa.schema.DropSequence(sa.Sequence("ticket_numbers")))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.ticket import Ticket


def rows() -> Iterator[BaseModel]:
    yield Ticket(name="One")
    yield Ticket(name="Two")
    yield Ticket(name="Three", number=7)
