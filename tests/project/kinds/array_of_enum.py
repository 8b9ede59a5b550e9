# An array of a native enum.
# app/models/shirt.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Shirt(BaseModel):
    """A shirt."""

    __tablename__ = "shirts"

    colors: Mapped[list[str]] = mapped_column(
        ARRAY(Enum("red", "blue", name="shirt_color")), server_default="{}"
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.shirt import Shirt


def rows() -> Iterator[BaseModel]:
    yield Shirt(colors=["red", "blue"])
    yield Shirt()
