# Columns are added to a table with rows: with a default, nullable, computed, identity, unique.
# app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(name="a")
    yield Measure(name="b")
# then: app/models/measure.py
"""A model."""

from sqlalchemy import Computed, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    name: Mapped[str]
    unit: Mapped[str] = mapped_column(server_default="m", index=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    upper: Mapped[str] = mapped_column(Computed("upper(name)", persisted=True))
    number: Mapped[int] = mapped_column(Identity(always=True), unique=True)
