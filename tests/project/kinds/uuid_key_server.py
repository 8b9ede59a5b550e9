# A UUID key that PostgreSQL generates, and a model that refers to it.
# app/models/token.py
"""A model."""

import uuid

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Token(Base):
    """A token."""

    __tablename__ = "tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    name: Mapped[str] = mapped_column(unique=True)
    uses: Mapped[list["Use"]] = relationship(back_populates="token")


class Use(Base):
    """One use of a token."""

    __tablename__ = "uses"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    token_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tokens.id"), index=True)
    token: Mapped[Token] = relationship(back_populates="uses")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.token import Token, Use


def rows() -> Iterator[Base]:
    token = Token(name="first")
    yield token
    yield Token(name="second")
    yield Use(token=token)
    yield Use(token=token)
