# An exclusion constraint with btree_gist: no two bookings of a room may overlap.
# migrations/versions/0002_extension.py
"""extension

Revision ID: 0002_extension
Revises: 0001_initial
"""

from alembic import op

revision = "0002_extension"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def downgrade():
    op.execute("DROP EXTENSION btree_gist")
# app/models/booking.py
"""A model."""

from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Booking(BaseModel):
    """A booking of a room."""

    __tablename__ = "bookings"

    room: Mapped[int]
    days: Mapped[Range[int]] = mapped_column(INT4RANGE)

    __table_args__ = (
        ExcludeConstraint(("room", "="), ("days", "&&"), name="no_overlap", using="gist"),
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import Range

from app.models.base import BaseModel
from app.models.booking import Booking


def rows() -> Iterator[BaseModel]:
    yield Booking(room=1, days=Range(1, 3))
    yield Booking(room=1, days=Range(3, 5))
    yield Booking(room=2, days=Range(1, 5))
