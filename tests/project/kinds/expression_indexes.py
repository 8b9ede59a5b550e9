# Indexes on expressions; from Alembic #1321, #1216 and #1106.
# app/models/visitor.py
"""A model."""

from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Visitor(BaseModel):
    """A visitor."""

    __tablename__ = "visitors"

    email: Mapped[str] = mapped_column()
    name: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (
        Index("uq_visitors_email", func.lower(email), unique=True),
        Index("ix_visitors_number", text("CAST(data ->> 'number' AS INTEGER)")),
        Index("ix_visitors_color", text("(data ->> 'color')")),
        Index("ix_visitors_cast", text("((data ->> 'size')::int)")),
        Index(
            "ix_visitors_name",
            text("COALESCE(name, 'a long text with words in it, as long as a line')"),
        ),
        Index("ix_visitors_both", text("lower(name)"), "email"),
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.visitor import Visitor


def rows() -> Iterator[BaseModel]:
    yield Visitor(email="A@example.com", data={"number": 1, "color": "red", "size": "3"})
    yield Visitor(email="b@example.com", name="Bob")
