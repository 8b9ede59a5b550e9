# A serial key in a schema, referred to by another table; from Alembic #1479 and #1565.
# app/models/owner.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Account(BaseModel):
    """An account."""

    __tablename__ = "accounts"
    __table_args__ = {"schema": "bank"}

    name: Mapped[str]


class Transfer(BaseModel):
    """A transfer between two accounts."""

    __tablename__ = "transfers"
    __table_args__ = {"schema": "bank"}

    source_id: Mapped[int] = mapped_column(ForeignKey("bank.accounts.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    source: Mapped[Account] = relationship(foreign_keys=[source_id])
    target: Mapped[Account] = relationship(foreign_keys=[target_id])
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.owner import Account, Transfer


def rows() -> Iterator[BaseModel]:
    one, two = Account(name="One"), Account(name="Two")
    yield one
    yield two
    yield Transfer(source=one, target=two)
