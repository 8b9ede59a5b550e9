# A TypeDecorator that changes the stored value.
# app/models/types.py
"""A model."""

from typing import Any

from sqlalchemy import Dialect, String, TypeDecorator


class LowerCase(TypeDecorator[str]):
    """A string that is stored in lower case."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return value.lower() if value is not None else None
# app/models/subscriber.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel
from app.models.types import LowerCase


class Subscriber(BaseModel):
    """A subscriber."""

    __tablename__ = "subscribers"

    email: Mapped[str] = mapped_column(LowerCase(120), unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.subscriber import Subscriber


def rows() -> Iterator[BaseModel]:
    yield Subscriber(email="Ann@Example.com")
    yield Subscriber(email="bob@example.com")
