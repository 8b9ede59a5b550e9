# A model on a view that a hand-written migration creates.
# unchanged: a view needs no generated migration
# app/models/sale.py
"""A model."""

from sqlalchemy.orm import Mapped

from app.models.base import BaseModel


class Sale(BaseModel):
    """A sale."""

    __tablename__ = "sales"

    shop: Mapped[str]
    amount: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.sale import Sale


def rows() -> Iterator[BaseModel]:
    yield Sale(shop="North", amount=3)
    yield Sale(shop="North", amount=4)
    yield Sale(shop="South", amount=5)
# then: app/models/turnover.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Turnover(Base):
    """The sales of a shop, from a view."""

    __tablename__ = "turnovers"
    __table_args__ = {"info": {"is_view": True}}

    shop: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
# then: migrations/env.py
"""Alembic runs this file for each command that has to do with migrations."""

from typing import Any

from plumbing.migrations.environment import run


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave out views, as in Alembic's documentation."""
    return not item.info.get("is_view", False)


run(include_object=include_object)
# then: migrations/versions/0003_view.py
"""view

Revision ID: 0003_view
Revises: 0002_kind
"""

from alembic import op

revision = "0003_view"
down_revision = "0002_kind"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "CREATE VIEW turnovers AS SELECT shop, sum(amount) AS amount FROM sales GROUP BY shop"
    )


def downgrade():
    op.execute("DROP VIEW turnovers")
