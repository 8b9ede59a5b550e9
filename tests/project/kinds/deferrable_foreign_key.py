# A foreign key that is checked when the transaction ends.
# app/models/entry.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Ledger(BaseModel):
    """A ledger."""

    __tablename__ = "ledgers"

    name: Mapped[str]


class Entry(BaseModel):
    """An entry of a ledger."""

    __tablename__ = "entries"

    ledger_id: Mapped[int] = mapped_column(
        ForeignKey("ledgers.id", deferrable=True, initially="DEFERRED"), index=True
    )
    ledger: Mapped[Ledger] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.entry import Entry, Ledger


def rows() -> Iterator[BaseModel]:
    ledger = Ledger(name="Main")
    yield ledger
    yield Entry(ledger=ledger)
