# An index whose sort order is given as an operator class; from Alembic #1285.
# app/models/host.py
"""A model."""

import datetime as dt

from sqlalchemy import DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Host(BaseModel):
    """A host."""

    __tablename__ = "hosts"
    __table_args__ = (
        Index("ix_hosts_name_seen_at", "name", "seen_at", postgresql_ops={"seen_at": "DESC"}),
    )

    name: Mapped[str]
    seen_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.host import Host


def rows() -> Iterator[BaseModel]:
    yield Host(name="one")
    yield Host(name="two")
