# Types become narrower where every value fits.
# app/models/measure.py
"""A model."""

from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str]
    code: Mapped[str] = mapped_column(String(40), index=True)
    price: Mapped[Decimal] = mapped_column(Numeric)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(name="a", code="b", price=Decimal("1.50"))
# then: app/models/measure.py
"""A model."""

from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(5), index=True)
    price: Mapped[Decimal] = mapped_column(Numeric(6, 2))
