# The condition of a partial index changes; from Alembic #750.
# app/models/job.py
"""A model."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Job(BaseModel):
    """A job."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_open", "name", postgresql_where=text("NOT done")),)

    name: Mapped[str]
    done: Mapped[bool] = mapped_column(server_default="false")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.job import Job


def rows() -> Iterator[BaseModel]:
    yield Job(name="a")
    yield Job(name="b", done=True)
# then: app/models/job.py
"""A model."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Job(BaseModel):
    """A job."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_open", "name", postgresql_where=text("done")),)

    name: Mapped[str]
    done: Mapped[bool] = mapped_column(server_default="false")
