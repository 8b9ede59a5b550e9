# A model on db.Model, as in Flask-SQLAlchemy's documentation.
# app/models/page.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class Page(db.Model):  # type: ignore[name-defined,misc]
    """A page."""

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.page import Page


def rows() -> Iterator[Base]:
    yield Page(title="One")
    yield Page(title="Two")
