# A model with BaseModel's timestamps and its own key.
# app/models/voucher.py
"""A model."""

import uuid

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Timestamped


class Voucher(Timestamped):
    """A voucher."""

    __tablename__ = "vouchers"

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=func.gen_random_uuid(), sort_order=-1
    )
    name: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.voucher import Voucher


def rows() -> Iterator[Base]:
    yield Voucher(name="a")
    yield Voucher(name="b")
