# An unnamed exclusion constraint with a condition.
# app/models/shift.py
"""A model."""

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import INT8RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Shift(BaseModel):
    """A shift."""

    __tablename__ = "shifts"

    hours: Mapped[Range[int]] = mapped_column(INT8RANGE)
    canceled: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (ExcludeConstraint(("hours", "&&"), where=text("NOT canceled")),)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import Range

from app.models.base import BaseModel
from app.models.shift import Shift


def rows() -> Iterator[BaseModel]:
    yield Shift(hours=Range(1, 3))
    yield Shift(hours=Range(2, 5), canceled=True)
