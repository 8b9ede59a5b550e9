# Unnamed check constraints, on a column and on the table.
# app/models/offer.py
"""A model."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Offer(BaseModel):
    """An offer."""

    __tablename__ = "offers"
    __table_args__ = (CheckConstraint("price < list_price"), CheckConstraint("price <> 13"))

    price: Mapped[Decimal] = mapped_column(Numeric(10, 2), CheckConstraint("price > 0"))
    list_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.offer import Offer


def rows() -> Iterator[BaseModel]:
    yield Offer(price=Decimal("1.00"), list_price=Decimal("2.00"))
