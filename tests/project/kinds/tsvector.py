# A computed tsvector with a GIN index, and a GIN index on an expression; from Alembic #1390.
# app/models/article.py
"""A model."""

from sqlalchemy import Computed, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Article(BaseModel):
    """An article."""

    __tablename__ = "articles"
    __table_args__ = (
        Index(
            "ix_articles_body_words", text("to_tsvector('english', body)"), postgresql_using="gin"
        ),
        Index("ix_articles_words", "words", postgresql_using="gin"),
    )

    title: Mapped[str]
    body: Mapped[str]
    words: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('english', coalesce(title, '')), 'A')"
            " || setweight(to_tsvector('english', coalesce(body, '')), 'B')",
            persisted=True,
        ),
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.article import Article
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Article(title="Cats", body="They sleep.")
    yield Article(title="Dogs", body="It's a bark.")
