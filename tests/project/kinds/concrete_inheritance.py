# Two classes with unrelated tables.
# app/models/vehicle.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Vehicle(BaseModel):
    """A vehicle."""

    __tablename__ = "vehicles"

    name: Mapped[str] = mapped_column(unique=True)


class Boat(Vehicle):
    """A boat, with all columns in its own table."""

    __tablename__ = "boats"
    __mapper_args__ = {"concrete": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    length: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.vehicle import Boat, Vehicle


def rows() -> Iterator[BaseModel]:
    yield Vehicle(name="Car")
    yield Boat(name="Raft", length=3)
    yield Boat(name="Yacht", length=20)
