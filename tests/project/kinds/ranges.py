# Ranges of numbers, dates and times, and a multirange.
# app/models/booking.py
"""A model."""

import datetime as dt
from decimal import Decimal

from sqlalchemy.dialects.postgresql import (
    DATERANGE,
    INT4MULTIRANGE,
    INT8RANGE,
    NUMRANGE,
    TSTZRANGE,
    Range,
)
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Booking(BaseModel):
    """A booking."""

    __tablename__ = "bookings"

    days: Mapped[Range[dt.date]] = mapped_column(DATERANGE)
    times: Mapped[Range[dt.datetime] | None] = mapped_column(TSTZRANGE)
    prices: Mapped[Range[Decimal]] = mapped_column(NUMRANGE, server_default="[1,2)")
    numbers: Mapped[Range[int]] = mapped_column(INT8RANGE, server_default="empty")
    seats: Mapped[MultiRange[int]] = mapped_column(INT4MULTIRANGE, server_default="{[1,3)}")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange

from app.models.base import BaseModel
from app.models.booking import Booking


def rows() -> Iterator[BaseModel]:
    yield Booking(
        days=Range(dt.date(2026, 1, 1), dt.date(2026, 2, 1)),
        seats=MultiRange([Range(1, 3), Range(5, 8)]),
    )
    yield Booking(days=Range(dt.date(2026, 3, 1), None), numbers=Range(1, 2))
