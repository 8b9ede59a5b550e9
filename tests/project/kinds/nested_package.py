# A model in a nested package.
# app/models/shop/__init__.py
"""The shop."""
# app/models/shop/goods/__init__.py
"""The goods of the shop."""
# app/models/shop/goods/product.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Product(BaseModel):
    """A product."""

    __tablename__ = "products"

    name: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.shop.goods.product import Product


def rows() -> Iterator[BaseModel]:
    yield Product(name="Cup")
    yield Product(name="Pot")
