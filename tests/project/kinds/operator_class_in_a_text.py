# An operator class in the text of an index; from Alembic #1327.
# app/models/audit.py
"""A model."""

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Audit(BaseModel):
    """An event to keep."""

    __tablename__ = "audits"
    __table_args__ = (
        Index("ix_audits_name", text("(data->'name') jsonb_path_ops"), postgresql_using="gin"),
    )

    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.audit import Audit
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Audit(data={"name": "a"})
