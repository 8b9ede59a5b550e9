# Columns with a collation.
# app/models/term.py
"""A model."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Term(BaseModel):
    """A term."""

    __tablename__ = "terms"

    name: Mapped[str] = mapped_column(String(40, collation="C"), unique=True)
    text: Mapped[str] = mapped_column(Text(collation="POSIX"))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.term import Term


def rows() -> Iterator[BaseModel]:
    yield Term(name="a", text="A")
    yield Term(name="b", text="B")
