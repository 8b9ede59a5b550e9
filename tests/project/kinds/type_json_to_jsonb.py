# JSON becomes JSONB, and a text becomes an array.
# app/models/measure.py
"""A model."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    data: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    points: Mapped[str | None]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(data={"a": 1})
    yield Measure()
# then: app/models/measure.py
"""A model."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    points: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(data={"a": 1}, points=[1])
    yield Measure()
