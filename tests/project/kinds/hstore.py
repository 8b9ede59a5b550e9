# A dictionary in hstore whose changes are tracked.
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
    op.execute("CREATE EXTENSION IF NOT EXISTS hstore")


def downgrade():
    op.execute("DROP EXTENSION hstore")
# app/models/product.py
"""A model."""

from sqlalchemy.dialects.postgresql import HSTORE
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Product(BaseModel):
    """A product."""

    __tablename__ = "products"

    labels: Mapped[dict[str, str]] = mapped_column(
        MutableDict.as_mutable(HSTORE()), server_default=""
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.product import Product


def rows() -> Iterator[BaseModel]:
    yield Product(labels={"color": "red"})
    yield Product()
