# Foreign keys without a relationship; the seed rows set the keys.
# app/models/post.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Writer(Base):
    """A writer."""

    __tablename__ = "writers"

    name: Mapped[str] = mapped_column(primary_key=True)


class Post(Base):
    """A post."""

    __tablename__ = "posts"

    title: Mapped[str] = mapped_column(primary_key=True)
    writer: Mapped[str] = mapped_column(ForeignKey("writers.name"))


class Answer(Base):
    """An answer to a post."""

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    post: Mapped[str] = mapped_column(ForeignKey("posts.title"))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.post import Answer, Post, Writer


def rows() -> Iterator[Base]:
    yield Writer(name="Ann")
    yield Post(title="One", writer="Ann")
    yield Answer(post="One")
