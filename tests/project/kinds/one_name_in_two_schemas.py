# Two classes with the same name, and two tables with the same name, in two schemas.
# app/models/shop/__init__.py
"""The shop."""
# app/models/blog/__init__.py
"""The blog."""
# app/models/shop/item.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Item(BaseModel):
    """An item for sale."""

    __tablename__ = "items"
    __table_args__ = {"schema": "shop"}

    name: Mapped[str] = mapped_column(unique=True)
# app/models/blog/item.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

import app.models.shop.item as shop
from app.models.base import BaseModel


class Item(BaseModel):
    """An item to write about."""

    __tablename__ = "items"
    __table_args__ = {"schema": "blog"}

    name: Mapped[str] = mapped_column(unique=True)
    sold_id: Mapped[int | None] = mapped_column(ForeignKey("shop.items.id"))
    sold: Mapped[shop.Item | None] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

import app.models.blog.item as blog
import app.models.shop.item as shop
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    cup = shop.Item(name="Cup")
    yield cup
    yield shop.Item(name="Pot")
    yield blog.Item(name="Cup", sold=cup)
    yield blog.Item(name="Pot")
