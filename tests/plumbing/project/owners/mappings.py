"""Define attributes that differ from columns: hybrids, composites, views, partitions, dataclasses."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    column_property,
    composite,
    deferred,
    mapped_column,
    registry,
    relationship,
    synonym,
    validates,
)

from owners import after_create


class Base(DeclarativeBase):
    pass


@dataclasses.dataclass
class Point:
    x: int
    y: int


class Place(Base):
    """Its attributes are not named like its columns, and refuse unexpected values."""

    __tablename__ = "Places of interest: 100%"
    __table_args__ = (UniqueConstraint("X", 'the "y" of it'), {"schema": "Über & unter"})

    key: Mapped[int] = mapped_column("id", primary_key=True)
    start: Mapped[Point] = composite(mapped_column("X"), mapped_column('the "y" of it'))
    _email: Mapped[str] = mapped_column("e:mail", unique=True)
    email = synonym("_email")
    notes: Mapped[str] = deferred(mapped_column("notes?", Text))
    length = column_property(func.length(notes), deferred=True)
    parent_key: Mapped[int | None] = mapped_column(
        "parent id", ForeignKey("Über & unter.Places of interest: 100%.id")
    )

    parent: Mapped["Place | None"] = relationship(remote_side=[key], lazy="raise_on_sql")

    @validates("_email", "notes")
    def has_text(self, key: str, value: str) -> str:
        assert value and "@" in value, key
        return value.lower()

    @hybrid_property
    def shout(self) -> str:
        return self.notes.upper()

    @shout.inplace.setter
    def _set_shout(self, value: str) -> None:
        raise AttributeError("it cannot be set")


class Membership(Base):
    """An association object, which people reach through a proxy."""

    __tablename__ = "memberships"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(9), primary_key=True)
    role: Mapped[str]


class Group(Base):
    __tablename__ = "groups"
    __mapper_args__ = {"primary_key": ["code"], "batch": False, "confirm_deleted_rows": False}

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)

    memberships: Mapped[list[Membership]] = relationship()
    names: AssociationProxy[list[str]] = association_proxy("memberships", "name")


class Reading(Base):
    """Each row is in a partition that this model does not know about."""

    __tablename__ = "readings"
    __table_args__ = {"postgresql_partition_by": "LIST (region)"}

    region: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))


for letter in "ab":
    after_create(
        Reading.__table__, f"CREATE TABLE readings_{letter} PARTITION OF readings FOR VALUES IN ('{letter}')"
    )


class Old(Base):
    __tablename__ = "olds"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]


class New(Base):
    """PostgreSQL's own inheritance puts its rows among those of the parent table."""

    __tablename__ = "news"
    __table_args__ = {"postgresql_inherits": "olds"}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]


class Total(Base):
    """A model on a view."""

    __table__ = Table(
        "totals",
        Base.metadata,
        Column("region", Text, primary_key=True),
        Column("sum", Integer, nullable=False),
    )


after_create(
    Base.metadata,
    "DROP TABLE totals",
    "CREATE VIEW totals AS SELECT region, sum(value) FROM readings GROUP BY region",
)


class Largest(Base):
    """A model on a query."""

    __table__ = select(Reading.__table__).where(Reading.value > 1).subquery("largest")
    __mapper_args__ = {"primary_key": [__table__.c.region, __table__.c.id]}


class Card(MappedAsDataclass, Base, kw_only=True):
    __tablename__ = "cards"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    back: Mapped[str] = mapped_column(default="blue")


class Plain:
    """A class that knows nothing about SQLAlchemy."""

    def __init__(self, name: str) -> None:
        self.title = name


plains = Table(
    "plains", Base.metadata, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False)
)
registry(metadata=Base.metadata).map_imperatively(Plain, plains, properties={"title": plains.c.name})

EXTENSIONS: list[str] = []
NOT_TRIED = {"NOT NULL on region of readings": 'no partition of relation "readings" found for row'}

ALWAYS_ENFORCED = ["NOT NULL on id of news", "NOT NULL on name of news"]


def rows() -> Iterator[Any]:
    first = Place(start=Point(1, 2), email="A@b", notes="@")
    yield from (first, Place(start=Point(2, 2), _email="c@d", notes="x@y", parent=first))
    yield Group(code="a", memberships=[Membership(name="ann", role="head")])
    yield Group(code="b", memberships=[Membership(name="ann", role="")])
    yield from (
        Reading(region="a", id=1, value=1, group_id=1),
        Reading(region="b", id=2, value=2, group_id=2),
    )
    yield from (Old(id=1, name="a"), Old(id=2, name="b"), New(id=1, name="a"), New(id=2, name="b"))
    yield from (Card(name="a"), Card(name="b"), Plain(name="a"), Plain(name="b"))
