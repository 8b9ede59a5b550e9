# A label path with a GiST index; SQLAlchemy has no ltree type.
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
    op.execute("CREATE EXTENSION IF NOT EXISTS ltree")


def downgrade():
    op.execute("DROP EXTENSION ltree")
# app/models/topic.py
"""A model."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.models.base import BaseModel


class Ltree(UserDefinedType[str]):
    """A path of labels."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        return "LTREE"


class Topic(BaseModel):
    """A topic."""

    __tablename__ = "topics"
    __table_args__ = (Index(None, "path", postgresql_using="gist"),)

    path: Mapped[str] = mapped_column(Ltree, unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.topic import Topic


def rows() -> Iterator[BaseModel]:
    yield Topic(path="science.physics")
    yield Topic(path="science")
