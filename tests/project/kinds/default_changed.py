# Defaults that change: a text, an expression, one added and one removed.
# app/models/task.py
"""A model."""

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Task(BaseModel):
    """A task."""

    __tablename__ = "tasks"

    status: Mapped[str] = mapped_column(server_default="new")
    token: Mapped[str] = mapped_column(server_default=text("md5('a')"))
    effort: Mapped[int]
    owner: Mapped[str] = mapped_column(server_default="nobody")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.task import Task


def rows() -> Iterator[BaseModel]:
    yield Task(effort=1, owner="Ann")
    yield Task(effort=2, owner="Bob")
# then: app/models/task.py
"""A model."""

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Task(BaseModel):
    """A task."""

    __tablename__ = "tasks"

    status: Mapped[str] = mapped_column(server_default="it's new")
    token: Mapped[str] = mapped_column(server_default=text("md5('b')"))
    effort: Mapped[int] = mapped_column(server_default="0")
    owner: Mapped[str]
