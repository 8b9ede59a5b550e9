# A native enum that two tables share.
# app/models/ticket.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel

Priority = Enum("low", "high", name="priority", metadata=Base.metadata)


class Bug(BaseModel):
    """A bug."""

    __tablename__ = "bugs"

    priority: Mapped[str] = mapped_column(Priority)


class Wish(BaseModel):
    """A wish."""

    __tablename__ = "wishes"

    priority: Mapped[str] = mapped_column(Priority, server_default="low")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.ticket import Bug, Wish


def rows() -> Iterator[BaseModel]:
    yield Bug(priority="high")
    yield Wish()
# then: app/models/ticket.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel

Priority = Enum("low", "high", name="priority", metadata=Base.metadata)


class Wish(BaseModel):
    """A wish."""

    __tablename__ = "wishes"

    priority: Mapped[str] = mapped_column(Priority, server_default="low")
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.ticket import Wish


def rows() -> Iterator[BaseModel]:
    yield Wish()
    yield Wish(priority="high")
