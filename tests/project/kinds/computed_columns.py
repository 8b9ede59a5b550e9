# Computed columns, with expressions that PostgreSQL prints differently.
# app/models/line.py
"""A model."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import Computed, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Line(BaseModel):
    """A line of an order."""

    __tablename__ = "lines"

    first: Mapped[str] = mapped_column(String(40))
    last: Mapped[str | None]
    number: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    day: Mapped[dt.date]
    data: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2), Computed("price * number"))
    net: Mapped[Decimal] = mapped_column(Numeric, Computed("price*number / 1.19", persisted=True))
    name: Mapped[str] = mapped_column(
        Computed("first || ' ' || coalesce(last, '')", persisted=True)
    )
    lower: Mapped[str] = mapped_column(String(40), Computed("lower(first)", persisted=True))
    size: Mapped[str] = mapped_column(
        Computed("CASE WHEN number > 10 THEN 'large' ELSE 'small' END", persisted=True)
    )
    many: Mapped[bool] = mapped_column(Computed("number >= 2 AND number <> 13", persisted=True))
    year: Mapped[int] = mapped_column(Computed("extract(year from day)::int", persisted=True))
    color: Mapped[str | None] = mapped_column(Computed("data ->> 'color'", persisted=True))
    weekend: Mapped[bool] = mapped_column(
        Computed("extract(isodow from day) IN (6, 7)", persisted=True)
    )
    share: Mapped[str] = mapped_column(Computed("number::text || '%'", persisted=True))
    initial: Mapped[str] = mapped_column(Computed("substring(first from 1 for 1)", persisted=True))
    quoted: Mapped[str] = mapped_column(Computed("'it''s ' || first", persisted=True))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.line import Line


def rows() -> Iterator[BaseModel]:
    yield Line(first="Ann", last="Ash", number=3, price=Decimal("1.50"), day=dt.date(2026, 1, 3))
    yield Line(
        first="Bob",
        number=12,
        price=Decimal("2.00"),
        day=dt.date(2026, 1, 5),
        data={"color": "red"},
    )
