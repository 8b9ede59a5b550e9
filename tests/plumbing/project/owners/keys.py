"""Define keys of every type, composite keys, foreign keys within keys, and one to a unique column."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import CITEXT, INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Account(Base):
    """The database generates its UUID."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())


class Profile(Base):
    """Its primary key is also a foreign key."""

    __tablename__ = "profiles"

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    account: Mapped[Account] = relationship()


class Country(Base):
    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)


class Initial(Base):
    """Its key has room for one character only."""

    __tablename__ = "initials"

    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    next: Mapped[str | None] = mapped_column(String(1), ForeignKey("initials.letter"))


class City(Base):
    """One column of its composite key is a foreign key; another row refers to both columns."""

    __tablename__ = "cities"

    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class Street(Base):
    __tablename__ = "streets"
    __table_args__ = (
        ForeignKeyConstraint(["country", "city"], ["cities.country", "cities.name"]),
        UniqueConstraint("country", "city", "name"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    country: Mapped[str]
    city: Mapped[str | None]
    name: Mapped[str]


class Person(Base):
    """Others refer to a column that is unique, but not the key, and that is compared case-insensitively."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    email: Mapped[str] = mapped_column(CITEXT, unique=True)


class Message(Base):
    """The name that it refers to may change."""

    __tablename__ = "messages"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sender: Mapped[str] = mapped_column(ForeignKey("people.email", onupdate="CASCADE"))
    answer_to: Mapped[bytes | None] = mapped_column(ForeignKey("messages.digest"))


class Day(Base):
    __tablename__ = "days"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)


class Rate(Base):
    """Has foreign keys of rarer types, one with its own rule."""

    __tablename__ = "rates"

    percent: Mapped[Decimal] = mapped_column(Numeric(4, 2), primary_key=True)
    day: Mapped[dt.date] = mapped_column(ForeignKey("days.day"))
    host: Mapped[str] = mapped_column(INET, unique=True)
    positive: Mapped[int] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (CheckConstraint("positive > 0", name="positive"),)


class Forward(Base):
    __tablename__ = "forwards"

    host: Mapped[str] = mapped_column(ForeignKey("rates.host"), primary_key=True)


friends = Table(
    "friends",
    Base.metadata,
    Column("left", ForeignKey("people.id"), primary_key=True),
    Column("right", ForeignKey("people.id"), primary_key=True),
)


class Friendly(Base):
    """Maps the same people, with their friends."""

    __table__ = Person.__table__

    friends: Mapped[list[Person]] = relationship(
        secondary=friends,
        primaryjoin=Person.id == friends.c.left,
        secondaryjoin=Person.id == friends.c.right,
    )


EXTENSIONS = ["citext"]
NOT_TRIED: dict[str, str] = {}

ALWAYS_ENFORCED: list[str] = []


def rows() -> Iterator[Base]:
    for _ in range(2):
        yield Profile(account=Account())
    yield from (Initial(letter="b"), Initial(letter="a", next="b"))
    yield from (Country(code="CH"), Country(code="AT"))
    yield from (City(country="CH", name="Bern"), City(country="AT", name="Graz"))
    yield from (
        Street(country="CH", name="without a city"),
        Street(country="CH", city="Bern", name="Gasse"),
        Street(country="AT", city="Graz", name="Gasse"),
        Street(country="AT", city="Graz", name="Weg"),
    )
    anna, bob = Person(id=1, email="Anna"), Person(id=2, email="bob")
    yield from (anna, bob)
    yield Message(digest=b"\x00\xff", sender="anna")
    yield Message(digest=b"", sender="bob", answer_to=b"\x00\xff")
    today = dt.date(2026, 1, 31)
    yield from (Day(day=today), Day(day=dt.date.max))
    yield Rate(percent=Decimal("0.1"), day=today, host="::1", positive=1)
    yield Rate(percent=Decimal("NaN"), day=dt.date.max, host="10.0.0.1", positive=1)
    yield from (Forward(host="::1"), Forward(host="10.0.0.1"))
    yield Friendly(id=3, email="kim", friends=[anna, bob])
