# The GUID recipe in SQLAlchemy's documentation, as a key and as a column.
# app/models/guid.py
"""A model."""

import uuid
from typing import Any

from sqlalchemy import CHAR, Dialect, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine


class GUID(TypeDecorator[uuid.UUID]):
    """A uuid on PostgreSQL, and a CHAR(32) elsewhere."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(32))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.hex

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(value)
# app/models/device.py
"""A model."""

import uuid

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.guid import GUID


class Device(Base):
    """A device."""

    __tablename__ = "devices"

    id: Mapped[uuid.UUID] = mapped_column(GUID, primary_key=True, default=uuid.uuid4)
    serial: Mapped[uuid.UUID] = mapped_column(GUID(), unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import uuid
from collections.abc import Iterator

from app.extensions import Base
from app.models.device import Device


def rows() -> Iterator[Base]:
    yield Device(serial=uuid.UUID(int=1))
    yield Device(serial=uuid.UUID(int=2))
