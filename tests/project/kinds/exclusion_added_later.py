# An exclusion constraint, which Alembic does not compare, is added to a table with rows.
# app/models/lease.py
"""A model."""

import datetime as dt

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Lease(BaseModel):
    """A lease."""

    __tablename__ = "leases"

    begins: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    ends: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.lease import Lease


def rows() -> Iterator[BaseModel]:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    yield Lease(begins=day, ends=day + dt.timedelta(days=1))
    yield Lease(begins=day + dt.timedelta(days=2), ends=day + dt.timedelta(days=3))
# then: app/models/lease.py
"""A model."""

import datetime as dt

from sqlalchemy import DateTime, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Lease(BaseModel):
    """A lease."""

    __tablename__ = "leases"

    begins: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    ends: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (ExcludeConstraint((text("tstzrange(begins, ends)"), "&&"), name="one"),)
