"""Define models with primary keys and foreign keys of all kinds."""

import uuid

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from gallery.extensions import Base, db


class Author(Base):
    __tablename__ = "authors"
    __table_args__ = {"schema": "library"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(unique=True)


class Own(Base):
    """A base class written by the owner."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())


tags = Table(
    "books_tags",
    Base.metadata,
    Column("book_id", ForeignKey("library.books.id"), primary_key=True),
    Column("tag", ForeignKey("library.tags.code"), primary_key=True),
    schema="library",
)


class Tag(Base):
    __tablename__ = "tags"
    __table_args__ = {"schema": "library"}

    code: Mapped[str] = mapped_column(Text, primary_key=True)


class Book(Own):
    """Refers to an author twice: by the primary key and by a unique column."""

    __tablename__ = "books"
    __table_args__ = {"schema": "library"}

    title: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("library.authors.id"))
    contact: Mapped[str | None] = mapped_column(ForeignKey("library.authors.email"))

    author: Mapped[Author | None] = relationship(foreign_keys=[author_id])
    tags: Mapped[list[Tag]] = relationship(secondary=tags)


class Chapter(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "chapters"
    __table_args__ = {"schema": "library"}

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("library.books.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    heading: Mapped[str]


class Figure(Base):
    """Refers to a chapter by both columns of its key."""

    __tablename__ = "figures"
    __table_args__ = (
        ForeignKeyConstraint(["book_id", "chapter"], ["library.chapters.book_id", "library.chapters.number"]),
        {"schema": "library"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    book_id: Mapped[uuid.UUID | None]
    chapter: Mapped[int | None]
    next_id: Mapped[int | None] = mapped_column(ForeignKey("library.figures.id"))


class Digest(Base):
    __tablename__ = "digests"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary, ForeignKey("digests.digest"))


class Setting(Base):
    """Its columns have the names of Flask's own arguments."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    _external: Mapped[str | None]
    column: Mapped[str | None]


log = Table("log", Base.metadata, Column("line", Text), Column("level", Integer))


class Apart(DeclarativeBase):
    """A base class with its own metadata, whose tables are next to those of the others."""

    metadata = Base.metadata


class Island(Apart):
    __tablename__ = "islands"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
