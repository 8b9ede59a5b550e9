# Python defaults and listeners, which change or refuse values.
# app/models/coupon.py
"""A model."""

import secrets
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Coupon(BaseModel):
    """A coupon."""

    __tablename__ = "coupons"

    code: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(8), unique=True)
    uses: Mapped[int] = mapped_column(default=0, onupdate=1)
    title: Mapped[str]

    def __init__(self, title: str) -> None:
        super().__init__(title=title)


@event.listens_for(Coupon, "before_insert")
def strip_title(mapper: Any, connection: Any, coupon: Coupon) -> None:
    coupon.title = coupon.title.strip()


@event.listens_for(Coupon, "before_update")
def refuse(mapper: Any, connection: Any, coupon: Coupon) -> None:
    raise PermissionError("a coupon does not change")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.coupon import Coupon


def rows() -> Iterator[BaseModel]:
    yield Coupon(" a ")
    yield Coupon("b")
