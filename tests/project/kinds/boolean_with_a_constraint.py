# Types that add their own check constraint; from Alembic #1859.
# app/models/flag.py
"""A model."""

from sqlalchemy import Boolean, Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Flag(BaseModel):
    """A flag."""

    __tablename__ = "flags"

    on: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="on"))
    color: Mapped[str] = mapped_column(
        Enum("red", "blue", name="color", native_enum=False, create_constraint=True)
    )
    shape: Mapped[str] = mapped_column(Enum("round", "square", native_enum=False, length=20))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.flag import Flag


def rows() -> Iterator[BaseModel]:
    yield Flag(on=True, color="red", shape="round")
    yield Flag(on=False, color="blue", shape="square")
