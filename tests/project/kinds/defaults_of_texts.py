# Text defaults with quotes, colons, percent signs and backslashes.
# app/models/label.py
"""A model."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Label(BaseModel):
    """A label."""

    __tablename__ = "labels"

    quote: Mapped[str] = mapped_column(server_default="it's")
    quotes: Mapped[str] = mapped_column(server_default="'quoted'")
    double: Mapped[str] = mapped_column(server_default='say "no"')
    time: Mapped[str] = mapped_column(Text, server_default="12:30:00")
    cast: Mapped[str] = mapped_column(Text, server_default="a::text :name")
    percent: Mapped[str] = mapped_column(server_default="100% %s %(x)s")
    slash: Mapped[str] = mapped_column(server_default="C:\\new\\")
    empty: Mapped[str] = mapped_column(String(10), server_default="")
    blank: Mapped[str] = mapped_column(String(10), server_default=" ")
    null: Mapped[str] = mapped_column(server_default="NULL")
    braces: Mapped[str] = mapped_column(server_default="{}")
    unicode: Mapped[str] = mapped_column(server_default="Zoë — ✓")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.label import Label


def rows() -> Iterator[BaseModel]:
    yield Label()
    yield Label(quote="", time="1")
