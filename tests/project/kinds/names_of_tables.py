# Tables with capitals, a space, a reserved word, and a default schema name.
# app/models/names.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Capital(BaseModel):
    """A table with a capital."""

    __tablename__ = "Capitals"

    name: Mapped[str] = mapped_column(unique=True)


class Order(BaseModel):
    """A table with a reserved word."""

    __tablename__ = "order"

    capital_id: Mapped[int] = mapped_column(ForeignKey("Capitals.id"), index=True)
    capital: Mapped[Capital] = relationship()


class Blank(BaseModel):
    """A table with a space."""

    __tablename__ = "a blank"

    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    order: Mapped[Order] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.names import Blank, Capital, Order


def rows() -> Iterator[BaseModel]:
    order = Order(capital=Capital(name="One"))
    yield order
    yield Capital(name="Two")
    yield Blank(order=order)
