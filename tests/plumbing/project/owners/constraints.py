"""Define constraints that are deferred, partial, on expressions, about NULL, and between ranges."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Track(Base):
    """Positions can be swapped within a transaction."""

    __tablename__ = "tracks"
    __table_args__ = (
        UniqueConstraint("position", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("title", deferrable=True, initially="IMMEDIATE"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[str]
    next_id: Mapped[int] = mapped_column(ForeignKey("tracks.id", deferrable=True, initially="DEFERRED"))


class Chicken(Base):
    """Neither a chicken nor an egg can come first."""

    __tablename__ = "chickens"

    id: Mapped[int] = mapped_column(primary_key=True)
    egg_id: Mapped[int] = mapped_column(
        ForeignKey("eggs.id", name="fk_chickens_egg", deferrable=True, initially="DEFERRED", use_alter=True)
    )


class Egg(Base):
    __tablename__ = "eggs"

    id: Mapped[int] = mapped_column(primary_key=True)
    chicken_id: Mapped[int] = mapped_column(
        ForeignKey("chickens.id", name="fk_eggs_chicken", deferrable=True, initially="DEFERRED")
    )


class Slug(Base):
    """Has unique indexes, which are not constraints."""

    __tablename__ = "slugs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    site: Mapped[int | None] = mapped_column()
    path: Mapped[str | None] = mapped_column()
    title: Mapped[str]
    deleted: Mapped[bool]

    __table_args__ = (
        Index("uq_slugs_lower", func.lower(name), unique=True),
        Index("uq_slugs_site", site.desc(), path, unique=True),
        Index("uq_slugs_present", "title", unique=True, postgresql_where=text("NOT deleted")),
        Index("uq_slugs_hash", "title", "path", unique=True, postgresql_nulls_not_distinct=True),
        Index("ix_slugs_deleted", "deleted"),
    )


class Seat(Base):
    """NULL equals NULL in one constraint, and not in another."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("room", "number", postgresql_nulls_not_distinct=True),
        UniqueConstraint("room", "guest"),
        UniqueConstraint("never", "guest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[int]
    number: Mapped[int | None]
    guest: Mapped[str | None]
    never: Mapped[str | None]


class Booking(Base):
    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[int]
    nights: Mapped[Range[int]] = mapped_column(INT4RANGE)
    cancelled: Mapped[bool]

    __table_args__ = (
        ExcludeConstraint(
            ("room", "="), ("nights", "&&"), name="no_overlap", where=text("NOT cancelled"), using="gist"
        ),
        CheckConstraint("NOT isempty(nights) OR cancelled", name="nights"),
        CheckConstraint("lower(nights) >= 0", name="positive"),
    )


class Alone(Base):
    """Has a single row, so there are no values to copy."""

    __tablename__ = "alone"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(unique=True)


class Nobody(Base):
    """A model without rows."""

    __tablename__ = "nobody"

    id: Mapped[int] = mapped_column(primary_key=True)


EXTENSIONS = ["btree_gist"]
NOT_TRIED = {
    "UNIQUE (never, guest) of seats": "no change that was tried breaks it alone",
    "PRIMARY KEY (id) of alone": "there is only one row",
    "UNIQUE (name) of alone": "there is only one row",
    "nobody has no rows in app/seeds.py": "",
}

ALWAYS_ENFORCED: list[str] = []


def rows() -> Iterator[Base]:
    yield Track(id=1, position=1, title="One", next_id=2)
    yield Track(id=2, position=2, title="Two", next_id=1)
    yield from (
        Chicken(id=1, egg_id=1),
        Egg(id=1, chicken_id=2),
        Chicken(id=2, egg_id=2),
        Egg(id=2, chicken_id=1),
    )
    yield Slug(name="A", site=1, path="a", title="same", deleted=True)
    yield Slug(name="B", site=1, path="b", title="same", deleted=True)
    yield Slug(name="C", title="same", deleted=False)
    yield Slug(name="D", title="D", deleted=False)
    yield from (
        Seat(room=1),
        Seat(room=2),
        Seat(room=1, number=1, guest="a"),
        Seat(room=1, number=2, guest="b"),
    )
    yield Booking(room=1, nights=Range(1, 3), cancelled=True)
    yield Booking(room=1, nights=Range(3, 5), cancelled=False)
    yield Booking(room=2, nights=Range(1, 3), cancelled=False)
    yield Alone()
