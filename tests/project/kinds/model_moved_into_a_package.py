# A model moves into a package: nothing changes in the database.
# unchanged: the table is the same
# app/models/product.py
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
from app.models.product import Product


def rows() -> Iterator[BaseModel]:
    yield Product(name="Cup")
    yield Product(name="Pot")
# then: app/models/product.py
# then: app/models/shop/__init__.py
"""The shop."""
# then: app/models/shop/product.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Product(BaseModel):
    """A product."""

    __tablename__ = "products"

    name: Mapped[str] = mapped_column(unique=True)
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.shop.product import Product


def rows() -> Iterator[BaseModel]:
    yield Product(name="Cup")
    yield Product(name="Pot")
