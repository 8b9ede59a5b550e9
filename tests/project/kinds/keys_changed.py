# A foreign key changes its ON DELETE, a unique constraint its columns.
# app/models/item.py
"""A model."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Basket(BaseModel):
    """A basket."""

    __tablename__ = "baskets"

    name: Mapped[str]


class Item(BaseModel):
    """An item."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("basket_id", "name"),)

    name: Mapped[str]
    place: Mapped[int]
    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"))
    basket: Mapped[Basket] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.item import Basket, Item


def rows() -> Iterator[BaseModel]:
    basket = Basket(name="a")
    yield basket
    yield Item(name="a", place=1, basket=basket)
    yield Item(name="b", place=2, basket=basket)
# then: app/models/item.py
"""A model."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Basket(BaseModel):
    """A basket."""

    __tablename__ = "baskets"

    name: Mapped[str] = mapped_column(unique=True)


class Item(BaseModel):
    """An item."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("basket_id", "place"),)

    name: Mapped[str]
    place: Mapped[int]
    basket_id: Mapped[int] = mapped_column(
        ForeignKey("baskets.id", ondelete="CASCADE", onupdate="CASCADE"), index=True
    )
    basket: Mapped[Basket] = relationship()
