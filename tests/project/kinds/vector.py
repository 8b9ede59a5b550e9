# A column for embeddings as in the pgvector package, with an index for nearest neighbors.
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
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")


def downgrade():
    op.execute("DROP EXTENSION vector")
# app/models/vector.py
"""A model."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType


class Vector(UserDefinedType[list[float]]):
    """A vector, as in the extension with this name."""

    cache_ok = True

    def __init__(self, dimensions: int | None = None) -> None:
        self.dimensions = dimensions

    def get_col_spec(self, **options: Any) -> str:
        return "VECTOR" if self.dimensions is None else f"VECTOR({self.dimensions})"

    def bind_processor(self, dialect: Dialect) -> Callable[[list[float] | None], Any]:
        return lambda value: None if value is None else str([float(number) for number in value])

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return lambda value: None if value is None else [float(n) for n in value[1:-1].split(",")]
# app/models/document.py
"""A model."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel
from app.models.vector import Vector


class Document(BaseModel):
    """A document with its embedding."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "ix_documents_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_with={"m": 16, "ef_construction": 64},
            postgresql_ops={"embedding": "vector_l2_ops"},
        ),
    )

    embedding: Mapped[list[float]] = mapped_column(Vector(3))
    title: Mapped[list[float] | None] = mapped_column(Vector)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.document import Document


def rows() -> Iterator[BaseModel]:
    yield Document(embedding=[1.0, 2.0, 3.0])
    yield Document(embedding=[0.5, 0.25, 0.0], title=[1.0])
