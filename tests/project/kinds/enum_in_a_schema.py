# A native enum in the schema of its table, and in another one.
# app/models/car.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel


class Car(BaseModel):
    """A car."""

    __tablename__ = "cars"
    __table_args__ = {"schema": "garage"}

    fuel: Mapped[str] = mapped_column(Enum("gas", "power", name="fuel", schema="garage"))
    color: Mapped[str] = mapped_column(
        Enum("red", "blue", name="color", metadata=Base.metadata), server_default="red"
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.car import Car


def rows() -> Iterator[BaseModel]:
    yield Car(fuel="gas")
    yield Car(fuel="power", color="blue")
