# A UUID key that Python generates.
# app/models/token.py
"""A model."""

import uuid

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Token(Base):
    """A token."""

    __tablename__ = "tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.token import Token


def rows() -> Iterator[Base]:
    yield Token(name="first")
    yield Token(name="second")
