# A foreign key to a partitioned table; from Alembic #1787.
# unchanged: Alembic does not compare partitions
# app/models/log.py
"""A model."""

import datetime as dt

from sqlalchemy import ForeignKeyConstraint, Identity
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Log(Base):
    """A line of a log, partitioned by year."""

    __tablename__ = "logs"
    __table_args__ = {"postgresql_partition_by": "RANGE (day)"}

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    text: Mapped[str]


class Remark(Base):
    """A remark on a line of a log."""

    __tablename__ = "remarks"
    __table_args__ = (ForeignKeyConstraint(["log_id", "log_day"], ["logs.id", "logs.day"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int]
    log_day: Mapped[dt.date]
    log: Mapped[Log] = relationship()
# then: migrations/versions/0003_partitions.py
"""partitions

Revision ID: 0003_partitions
Revises: 0002_kind
"""

from alembic import op

revision = "0003_partitions"
down_revision = "0002_kind"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
    )
    op.execute(
        "CREATE TABLE logs_2027 PARTITION OF logs FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')"
    )


def downgrade():
    op.execute("ALTER TABLE logs DETACH PARTITION logs_2027")
    op.execute("DROP TABLE logs_2027")
    op.execute("ALTER TABLE logs DETACH PARTITION logs_2026")
    op.execute("DROP TABLE logs_2026")
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.extensions import Base
from app.models.log import Log, Remark


def rows() -> Iterator[Base]:
    log = Log(day=dt.date(2026, 5, 1), text="a")
    yield log
    yield Log(day=dt.date(2027, 5, 1), text="b")
    yield Remark(log=log)
