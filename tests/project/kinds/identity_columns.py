# Identity columns in addition to the key: always, by default, and with options.
# app/models/receipt.py
"""A model."""

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Receipt(BaseModel):
    """A receipt."""

    __tablename__ = "receipts"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True, start=1000, increment=10))
    name: Mapped[str]


class Queue(BaseModel):
    """A place in a queue."""

    __tablename__ = "queues"

    place: Mapped[int] = mapped_column(Identity(), unique=True)
    name: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.receipt import Queue, Receipt


def rows() -> Iterator[BaseModel]:
    yield Receipt(name="One")
    yield Receipt(name="Two")
    yield Queue(name="One")
    yield Queue(name="Two", place=7)
