# A type with a variant for SQLite, and JSON that becomes JSONB on PostgreSQL.
# app/models/reading.py
"""A model."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Reading(BaseModel):
    """A reading of a meter."""

    __tablename__ = "readings"

    ticks: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.reading import Reading


def rows() -> Iterator[BaseModel]:
    yield Reading(ticks=2**40, details={"unit": "s"})
