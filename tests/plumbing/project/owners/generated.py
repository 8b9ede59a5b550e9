"""Define columns that the database, an UPDATE or Python fills: computed, identity, triggers, defaults."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    FetchedValue,
    Identity,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from owners import after_create


class Base(DeclarativeBase):
    pass


def no_request() -> str:
    raise RuntimeError("Working outside of request context.")


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (UniqueConstraint("year", "number"), CheckConstraint("gross > 0", name="gross"))
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[int] = mapped_column(Identity(start=100))
    net: Mapped[int]
    gross: Mapped[int] = mapped_column(Computed("net * 2", persisted=True), unique=True)
    year: Mapped[int] = mapped_column(default=2026)


class Document(Base):
    """Each UPDATE through the ORM must find the version that was read."""

    __tablename__ = "documents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    version: Mapped[int] = mapped_column(nullable=False)
    body: Mapped[str]
    editor: Mapped[str | None] = mapped_column(onupdate=no_request)
    changed: Mapped[dt.datetime | None] = mapped_column(onupdate=lambda: dt.datetime(2026, 1, 1))

    __mapper_args__ = {"version_id_col": version, "version_id_generator": lambda version: (version or 0) + 1}


class Stamped(Base):
    """The version is one of PostgreSQL's system columns."""

    __tablename__ = "stamped"

    id: Mapped[int] = mapped_column(primary_key=True)
    xmin: Mapped[Any] = mapped_column("xmin", String, system=True, server_default=FetchedValue())

    __mapper_args__ = {"version_id_col": xmin, "version_id_generator": False}


class Slugged(Base):
    """A trigger fills one column and refuses changes to another."""

    __tablename__ = "slugged"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(server_default=FetchedValue())
    fixed: Mapped[str] = mapped_column(unique=True)


TRIGGER = """
    CREATE FUNCTION fill_slug() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'UPDATE' AND NEW.fixed IS DISTINCT FROM OLD.fixed THEN
            RAISE EXCEPTION 'fixed is never changed' USING ERRCODE = 'ZZ123';
        END IF;
        NEW.slug = lower(NEW.title);
        IF NEW.slug IS NULL THEN NEW.slug = 'none'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER fill_slug BEFORE INSERT OR UPDATE ON slugged FOR EACH ROW EXECUTE FUNCTION fill_slug();
"""
after_create(Slugged.__table__, TRIGGER)


class Entry(Base):
    """A log to which rows are only added."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Silent(Base):
    """A rule makes every UPDATE do nothing."""

    __tablename__ = "silent"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String)


ONLY_INSERT = """
    CREATE FUNCTION only_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'rows are only added';
    END $$;
    CREATE TRIGGER only_insert BEFORE UPDATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION only_insert();
"""
after_create(Entry.__table__, ONLY_INSERT)
after_create(Silent.__table__, "CREATE RULE nothing AS ON UPDATE TO silent DO INSTEAD NOTHING")

EXTENSIONS: list[str] = []
ADDED, SAME = "rows are only added", "no change that was tried breaks it alone"
NOT_TRIED = {
    "NOT NULL on id of invoices": "the database generates the column",
    "NOT NULL on gross of invoices": "the database generates the column",
    "PRIMARY KEY (id) of invoices": "the database generates a column of it",
    "UNIQUE (gross) of invoices": "the database generates a column of it",
    "NOT NULL on slug of slugged": SAME,
    "NOT NULL on fixed of slugged": "fixed is never changed",
    "UNIQUE (fixed) of slugged": "fixed is never changed",
    **dict.fromkeys(
        (
            f"{rule} of entries"
            for rule in (
                "PRIMARY KEY (id)",
                *(f"NOT NULL on {c}" for c in ("id", "text", "created_at", "updated_at")),
            )
        ),
        ADDED,
    ),
    **dict.fromkeys(
        (f"{rule} of silent" for rule in ("PRIMARY KEY (id)", "NOT NULL on id", "NOT NULL on text")), SAME
    ),
}

ALWAYS_ENFORCED = ["NOT NULL on number of invoices"]


def rows() -> Iterator[Base]:
    yield from (Invoice(net=1), Invoice(net=2))
    yield from (Document(body="a"), Document(body="b"))
    yield from (Stamped(), Stamped())
    yield from (Slugged(title="A", fixed="a"), Slugged(title="B", fixed="b"))
    yield from (Entry(text="a"), Entry(text="b"))
    yield from (Silent(text="a"), Silent(text="b"))
