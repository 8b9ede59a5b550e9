# A column that has a value in every row becomes NOT NULL, and another one nullable.
# app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str | None]
    unit: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(name="a", unit="m")
    yield Measure(name="b", unit="m")
# then: app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str]
    unit: Mapped[str | None]
