# A validator that refuses a value.
# app/models/account.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column, validates

from app.models.base import BaseModel


class Account(BaseModel):
    """An account."""

    __tablename__ = "accounts"

    email: Mapped[str] = mapped_column(unique=True)
    age: Mapped[int]

    @validates("email")
    def check_email(self, key: str, value: str) -> str:
        if "@" not in value:
            raise ValueError(f"{key}: no @ in {value!r}")
        return value.lower()

    @validates("age")
    def check_age(self, key: str, value: int) -> int:
        if value < 0:
            raise ValueError(f"{key}: {value} is negative")
        return value
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.account import Account
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Account(email="a@example.com", age=30)
    yield Account(email="b@example.com", age=31)
