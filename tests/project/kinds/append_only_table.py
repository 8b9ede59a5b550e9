# A table with a trigger that refuses any change to its rows.
# unchanged: Alembic does not compare triggers
# app/models/record.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Record(BaseModel):
    """A record."""

    __tablename__ = "records"

    text: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.record import Record


def rows() -> Iterator[BaseModel]:
    yield Record(text="a")
    yield Record(text="b")
# then: migrations/versions/0003_protection.py
"""protection

Revision ID: 0003_protection
Revises: 0002_kind
"""

from alembic import op

revision = "0003_protection"
down_revision = "0002_kind"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE OR REPLACE FUNCTION protect() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'records stay as they are'; END $$
    """)
    op.execute(
        "CREATE TRIGGER protect BEFORE UPDATE OR DELETE ON records FOR EACH ROW EXECUTE FUNCTION protect()"
    )


def downgrade():
    op.execute("DROP TRIGGER protect ON records")
    op.execute("DROP FUNCTION protect()")
