# A model is removed, with its index and its unique column.
# app/models/product.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Product(BaseModel):
    """A product."""

    __tablename__ = "products"

    name: Mapped[str] = mapped_column(unique=True)
# app/models/note.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Note(BaseModel):
    """A note."""

    __tablename__ = "notes"

    text: Mapped[str] = mapped_column(index=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.note import Note
from app.models.product import Product


def rows() -> Iterator[BaseModel]:
    yield Product(name="Cup")
    yield Product(name="Pot")
    yield Note(text="x")
# then: app/models/product.py
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.note import Note


def rows() -> Iterator[BaseModel]:
    yield Note(text="x")
