# A partitioned table with partitions that a hand-written migration creates; from Alembic #539.
# unchanged: Alembic does not compare partitions
# app/models/log.py
"""A model."""

import datetime as dt

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Log(Base):
    """A line of a log, partitioned by year."""

    __tablename__ = "logs"
    __table_args__ = {"postgresql_partition_by": "RANGE (day)"}

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(index=True)
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
    op.execute("CREATE TABLE logs_other PARTITION OF logs DEFAULT")


def downgrade():
    op.execute("DROP TABLE logs_2026")
    op.execute("DROP TABLE logs_other")
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.extensions import Base
from app.models.log import Log


def rows() -> Iterator[Base]:
    yield Log(day=dt.date(2026, 5, 1), text="a")
    yield Log(day=dt.date(2025, 5, 1), text="b")
