# Indexes with a method, operator classes, INCLUDE, DESC and NULLS LAST; from Alembic #1098.
# migrations/versions/0002_extension.py
"""extension

Revision ID: 0002_extension
Revises: 0001_initial
"""

from alembic import op

revision = "0002_extension"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def downgrade():
    op.execute("DROP EXTENSION pg_trgm")
# app/models/host.py
"""A model."""

import datetime as dt
from ipaddress import IPv4Address
from typing import Any

from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Host(BaseModel):
    """A host."""

    __tablename__ = "hosts"

    name: Mapped[str]
    address: Mapped[IPv4Address] = mapped_column(INET)
    seen_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (
        Index(
            "ix_hosts_name_trigrams",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index("ix_hosts_name_pattern", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index(
            "ix_hosts_address",
            "address",
            postgresql_using="gist",
            postgresql_ops={"address": "inet_ops"},
        ),
        Index(
            "ix_hosts_data",
            "data",
            postgresql_using="gin",
            postgresql_ops={"data": "jsonb_path_ops"},
        ),
        Index("ix_hosts_seen_at", seen_at.desc().nulls_last(), "name"),
        Index("ix_hosts_covering", "name", postgresql_include=["address"], unique=True),
        Index(
            "ix_hosts_brin",
            "created_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32},
        ),
        Index("ix_hosts_hash", "name", postgresql_using="hash"),
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from app.models.base import BaseModel
from app.models.host import Host


def rows() -> Iterator[BaseModel]:
    yield Host(name="one", address=IPv4Address("10.0.0.1"))
    yield Host(name="two", address=IPv4Address("10.0.0.2"))
