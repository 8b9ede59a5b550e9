# A unique constraint starts to treat NULLs as equal, and becomes deferrable.
# app/models/alias.py
"""A model."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Alias(BaseModel):
    """A name in a domain."""

    __tablename__ = "aliases"
    __table_args__ = (
        UniqueConstraint(
            "name",
            "domain",
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
    yield Alias(name="a", domain="x")
    yield Alias(name="b", domain="x")
# then: app/models/alias.py
"""A model."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Alias(BaseModel):
    """A name in a domain."""

    __tablename__ = "aliases"
    __table_args__ = (
        UniqueConstraint("name", "domain", postgresql_nulls_not_distinct=True, deferrable=True),
    )

    name: Mapped[str]
    domain: Mapped[str | None]
