# Unique constraints that treat NULLs as equal; from Alembic #1291.
# app/models/alias.py
"""A model."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Alias(BaseModel):
    """A name in a domain, or everywhere."""

    __tablename__ = "aliases"
    __table_args__ = (
        UniqueConstraint("name", "domain", postgresql_nulls_not_distinct=True),
        Index(
            "ix_aliases_domain", "domain", "name", unique=True, postgresql_nulls_not_distinct=True
        ),
    )

    name: Mapped[str]
    domain: Mapped[str | None]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.alias import Alias
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Alias(name="a")
    yield Alias(name="a", domain="x")
    yield Alias(name="b", domain="x")
