# A TypeDecorator that takes a class; from Flask-Migrate #282 and #309.
# app/models/grade.py
"""A model."""

from enum import IntEnum
from typing import Any

from sqlalchemy import Dialect, SmallInteger, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Mark(IntEnum):
    """A mark, stored as its number."""

    PASSED = 1
    FAILED = 2


class IntegerEnum(TypeDecorator[IntEnum]):
    """A member of an IntEnum, stored as a number."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, enum: type[IntEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: IntEnum | None, dialect: Dialect) -> Any:
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> IntEnum | None:
        return None if value is None else self.enum(value)


class Grade(BaseModel):
    """A grade."""

    __tablename__ = "grades"

    mark: Mapped[Mark] = mapped_column(IntegerEnum(Mark))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.grade import Grade, Mark


def rows() -> Iterator[BaseModel]:
    yield Grade(mark=Mark.PASSED)
    yield Grade(mark=Mark.FAILED)
