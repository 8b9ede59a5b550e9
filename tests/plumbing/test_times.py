"""Test the check of updated_at that a project's tests run."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, func
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from plumbing.inserting import insert
from plumbing.testing import check_times


class Base(DeclarativeBase):
    pass


class Times(Base):
    __abstract__ = True

    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Right(Times):
    __tablename__ = "rights"
    __table_args__ = (CheckConstraint("updated_at >= created_at"),)

    code: Mapped[str] = mapped_column(primary_key=True)


class Renamed(Base):
    """Its columns have other names, and a trigger sets one of them."""

    __tablename__ = "renamed"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column("born: 100%", server_default=func.now())
    updated_at: Mapped[dt.datetime] = mapped_column("changed", server_default=func.now())


class Fixed(Times):
    """None of its rows can be changed."""

    __tablename__ = "fixed"

    id: Mapped[int] = mapped_column(primary_key=True)


class Forgotten(Times):
    __tablename__ = "forgotten"

    id: Mapped[int] = mapped_column(primary_key=True)
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Restarted(Times):
    __tablename__ = "restarted"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=func.now(), onupdate=func.clock_timestamp()
    )


FUNCTIONS = """
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.changed = now(); RETURN NEW;
    END $$;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'no row is changed';
    END $$;
    CREATE TRIGGER touch BEFORE UPDATE ON renamed FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER refuse BEFORE UPDATE ON fixed FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def session(connection: Connection) -> Session:
    """A session on the tables of these models."""
    Base.metadata.create_all(connection)
    connection.exec_driver_sql(FUNCTIONS)
    return Session(connection, join_transaction_mode="create_savepoint")


def test_times_that_move(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    check_times(session, insert(session, [Right(code="a"), Right(code="b"), Renamed(), Fixed()]))
    assert capsys.readouterr().out == "Not tried: UPDATE of fixed: no row is changed.\n"
    check_times(session, [])


@pytest.mark.parametrize(
    "row, message",
    [
        (Forgotten(), "An UPDATE does not set updated_at.\n    Model: Forgotten, table forgotten\n"),
        (Restarted(), "An UPDATE changes created_at.\n    Model: Restarted, table restarted\n"),
    ],
)
def test_times_that_do_not(session: Session, row: Any, message: str) -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        check_times(session, insert(session, [row]))
    assert str(failure.value).startswith(message)
