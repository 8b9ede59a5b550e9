# Attributes with names other than their columns', and columns with a key.
# app/models/login.py
"""A model."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Login(Base):
    """An account."""

    __tablename__ = "logins"

    pk: Mapped[int] = mapped_column("login_id", primary_key=True)
    name: Mapped[str] = mapped_column("login_name", unique=True)
    level: Mapped[int] = mapped_column("login_level", key="rank")
    boss_key: Mapped[int | None] = mapped_column("boss_id", ForeignKey("logins.login_id"))
    boss: Mapped["Login | None"] = relationship(remote_side=[pk])

    __table_args__ = (UniqueConstraint("login_name", "rank"),)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.login import Login


def rows() -> Iterator[Base]:
    ann = Login(name="Ann", level=1)
    yield ann
    yield Login(name="Bob", level=2, boss=ann)
