# An email address in citext.
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
    op.execute("CREATE EXTENSION IF NOT EXISTS citext")


def downgrade():
    op.execute("DROP EXTENSION citext")
# app/models/contact.py
"""A model."""

from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Contact(BaseModel):
    """A contact."""

    __tablename__ = "contacts"

    email: Mapped[str] = mapped_column(CITEXT, unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.contact import Contact


def rows() -> Iterator[BaseModel]:
    yield Contact(email="Ann@example.com")
    yield Contact(email="bob@example.com")
