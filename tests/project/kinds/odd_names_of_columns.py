# Columns with reserved words, capitals, spaces, percent signs, colons and brackets.
# app/models/odd.py
"""A model."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Odd(BaseModel):
    """A row with odd names."""

    __tablename__ = "odds"
    __table_args__ = (CheckConstraint('"order" > 0', name="order"), Index(None, "select", "Mixed"))

    order: Mapped[int]
    select: Mapped[int] = mapped_column("select", unique=True)
    mixed: Mapped[str] = mapped_column("Mixed", index=True)
    percent: Mapped[int] = mapped_column("a %", server_default="1")
    blank: Mapped[str] = mapped_column("a blank", unique=True)
    colon: Mapped[str | None] = mapped_column("a:b")
    bracket: Mapped[str | None] = mapped_column("a(b)")
    quote: Mapped[str | None] = mapped_column('a"b')
    unicode: Mapped[str | None] = mapped_column("größe")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.odd import Odd


def rows() -> Iterator[BaseModel]:
    yield Odd(order=1, select=1, mixed="a", blank="b")
    yield Odd(order=2, select=2, mixed="b", blank="c", colon="d")
