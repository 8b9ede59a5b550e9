# A column filled by a trigger and marked as FetchedValue; from Alembic #1633.
# unchanged: Alembic does not compare triggers
# app/models/memo.py
"""A model."""

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Memo(BaseModel):
    """A memo."""

    __tablename__ = "memos"

    text: Mapped[str]
    size: Mapped[int | None] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.memo import Memo


def rows() -> Iterator[BaseModel]:
    yield Memo(text="a")
    yield Memo(text="bb")
# then: migrations/versions/0003_trigger.py
"""trigger

Revision ID: 0003_trigger
Revises: 0002_kind
"""

from alembic import op

revision = "0003_trigger"
down_revision = "0002_kind"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE OR REPLACE FUNCTION measure() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN NEW.size := length(NEW.text); RETURN NEW; END $$
    """)
    op.execute(
        "CREATE TRIGGER measure BEFORE INSERT OR UPDATE ON memos FOR EACH ROW EXECUTE FUNCTION measure()"
    )


def downgrade():
    op.execute("DROP TRIGGER measure ON memos")
    op.execute("DROP FUNCTION measure()")
