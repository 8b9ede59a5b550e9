# A unique index on the rows that are not deleted.
# app/models/user.py
"""A model."""

import datetime as dt

from sqlalchemy import DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class User(BaseModel):
    """A user, perhaps a deleted one."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email", "email", unique=True, postgresql_where=text("deleted_at IS NULL")),
    )

    email: Mapped[str]
    deleted_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.user import User


def rows() -> Iterator[BaseModel]:
    yield User(email="a@example.com")
    yield User(email="a@example.com", deleted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
