# A string becomes an integer, which needs USING; all rows are numbers.
# app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    amount: Mapped[str]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(amount="1")
    yield Measure(amount="22")
# then: app/models/measure.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Measure(BaseModel):
    """A measure."""

    __tablename__ = "measures"

    amount: Mapped[int]
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.measure import Measure


def rows() -> Iterator[BaseModel]:
    yield Measure(amount=1)
    yield Measure(amount=22)
