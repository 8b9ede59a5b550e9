# Types become wider: a longer string, a larger number, text, a time with a zone.
# app/models/measure.py
"""A model."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import DateTime, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    time: Mapped[dt.datetime] = mapped_column(DateTime)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(name="a", text="b", number=1, price=Decimal("1.50"), time=dt.datetime(2026, 1, 1))
# then: app/models/measure.py
"""A model."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, DateTime, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(BigInteger)
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    time: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(
        name="a",
        text="b",
        number=1,
        price=Decimal("1.50"),
        time=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
