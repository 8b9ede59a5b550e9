"""Test the connection pool: it hands out only open connections, and asks the server only if it must."""

import select
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool, PoolProxiedConnection

from plumbing import pool
from plumbing.current import db

QUERY = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    with app.app_context():
        url = db().engine.url
    engine = create_engine(url, poolclass=pool.FailFastPool, pool_size=2, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The server's answers to the pool's checks."""
    answers: list[bool] = []
    ask = pool.answers

    def remember(connection: PoolProxiedConnection) -> bool:
        answers.append(ask(connection))
        return answers[-1]

    monkeypatch.setattr(pool, "answers", remember)
    monkeypatch.setattr(pool, "IDLE", float("inf"))  # however slow the machine is
    return answers


def query(engine: Engine) -> int:
    """Return the number of the session that answers."""
    with engine.connect() as connection:
        return int(connection.scalar(QUERY) or 0)


def end(engine: Engine, *sessions: int) -> None:
    """End sessions, as an administrator or a stopping server would."""
    terminate = text("SELECT pg_terminate_backend(:pid, 60000)")
    with create_engine(engine.url, poolclass=NullPool).connect() as connection:
        for pid in sessions:
            assert connection.scalar(terminate, {"pid": pid})


def test_connection_in_use(engine: Engine, asked: list[bool]) -> None:
    assert query(engine) == query(engine) == query(engine)
    assert asked == []


def test_idle_connection(engine: Engine, asked: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    first = query(engine)
    monkeypatch.setattr(pool, "IDLE", 0)
    assert query(engine) == first
    assert asked == [True]
    raw = engine.raw_connection()  # the check has left no transaction behind
    assert isinstance(raw.dbapi_connection, psycopg.Connection)
    assert raw.dbapi_connection.info.transaction_status == TransactionStatus.IDLE
    raw.close()


def test_connections_that_the_server_has_ended(engine: Engine, asked: list[bool]) -> None:
    """All of them are replaced before a page uses one, however briefly they have been idle."""
    with engine.connect() as one, engine.connect() as other:
        sessions = [int(connection.scalar(QUERY) or 0) for connection in (one, other)]
    end(engine, *sessions)
    with engine.connect() as one, engine.connect() as other:
        assert {one.scalar(QUERY), other.scalar(QUERY)}.isdisjoint(sessions)
    assert asked == [False, False]


def test_server_that_says_something(engine: Engine, asked: list[bool]) -> None:
    """A message such as a notification makes the pool ask the server, and the connection stays."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        pid = connection.scalar(QUERY)
        connection.execute(text("LISTEN news"))
        socket = connection.connection.fileno()
    with create_engine(engine.url, poolclass=NullPool).connect() as other:
        other.execute(text("NOTIFY news"))
        other.commit()
    assert select.select([socket], [], [], 60)[0]
    raw = engine.raw_connection()
    assert not pool.has_news(raw)  # the pool has read it
    raw.close()
    assert query(engine) == pid
    assert asked == [True]
