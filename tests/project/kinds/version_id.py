# A version_id_col, which SQLAlchemy increments and compares.
# app/models/wiki.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Wiki(BaseModel):
    """A page that two people may edit."""

    __tablename__ = "wikis"

    version: Mapped[int] = mapped_column(nullable=False)
    title: Mapped[str] = mapped_column(unique=True)

    __mapper_args__ = {"version_id_col": version}
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.wiki import Wiki


def rows() -> Iterator[BaseModel]:
    yield Wiki(title="One")
    yield Wiki(title="Two")
