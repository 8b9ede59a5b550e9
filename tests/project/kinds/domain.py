# A domain that a hand-written migration creates.
# migrations/versions/0002_domain.py
"""domain

Revision ID: 0002_domain
Revises: 0001_initial
"""

from alembic import op

revision = "0002_domain"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE DOMAIN email AS varchar(120) CHECK (VALUE LIKE '%@%')")


def downgrade():
    op.execute("DROP DOMAIN email")
# app/models/reader.py
"""A model."""

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Reader(BaseModel):
    """A reader."""

    __tablename__ = "readers"

    email: Mapped[str] = mapped_column(DOMAIN("email", String(120), create_type=False), unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.reader import Reader


def rows() -> Iterator[BaseModel]:
    yield Reader(email="a@b.c")
    yield Reader(email="b@b.c")
