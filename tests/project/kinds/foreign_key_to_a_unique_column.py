# Foreign keys to unique columns: named, MATCH FULL, and composite.
# app/models/stock.py
"""A model."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Article(BaseModel):
    """An article."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("maker", "number"),)

    code: Mapped[str] = mapped_column(unique=True)
    maker: Mapped[str]
    number: Mapped[int]


class Stock(BaseModel):
    """The stock of an article."""

    __tablename__ = "stocks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["maker", "number"],
            ["articles.maker", "articles.number"],
            name="stock_of_article",
            match="FULL",
            onupdate="CASCADE",
        ),
    )

    code: Mapped[str] = mapped_column(ForeignKey("articles.code", onupdate="CASCADE"))
    maker: Mapped[str | None] = mapped_column()
    number: Mapped[int | None] = mapped_column()
    article: Mapped[Article] = relationship(foreign_keys=[code])
    other: Mapped[Article | None] = relationship(foreign_keys=[maker, number])
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.stock import Article, Stock


def rows() -> Iterator[BaseModel]:
    one = Article(code="a", maker="A", number=1)
    two = Article(code="b", maker="A", number=2)
    yield one
    yield two
    yield Stock(article=one, other=two)
    yield Stock(article=two)
