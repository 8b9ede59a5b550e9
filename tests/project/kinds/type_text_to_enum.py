# A string with a default becomes a native enum.
# app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    unit: Mapped[str] = mapped_column(server_default="m")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(unit="m")
    yield Measure(unit="kg")
# then: app/models/measure.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    unit: Mapped[str] = mapped_column(Enum("m", "kg", name="unit"), server_default="m")
