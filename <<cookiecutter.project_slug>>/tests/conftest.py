"""The tests run on a real PostgreSQL, in databases of their own, made by the migrations.

TEST_DATABASE_URL names the server, else it is the local one.  A test may commit: all it
does lies in one transaction that is rolled back.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import local_postgres
from app import config, create_app
from app.extensions import db, migrate


@contextmanager
def new_database() -> Iterator[str]:
    """Yield the URL of an empty database, which is dropped afterwards."""
    url = make_url(os.environ["TEST_DATABASE_URL"])
    name = f"{url.database}_{uuid.uuid4().hex[:8]}"
    server = create_engine(
        url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@contextmanager
def application() -> Iterator[Flask]:
    app = create_app("testing")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def database_url() -> Iterator[str]:
    """The database of this test process."""
    if config.load("testing")["LOCAL_POSTGRES"]:
        local_postgres.start()
    with pytest.MonkeyPatch.context() as environment:
        server = config.load("testing")["SQLALCHEMY_DATABASE_URI"]
        server_url = server.render_as_string(hide_password=False)
        environment.setenv("TEST_DATABASE_URL", server_url)
        with new_database() as url:
            environment.setenv("TEST_DATABASE_URL", url)
            yield url


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The application, its database at the newest revision."""
    with application() as app:
        with app.app_context():
            command.upgrade(migrate.get_config(), "head")
        yield app


@pytest.fixture
def empty_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on an empty database of its own, in its context."""
    with new_database() as url:
        monkeypatch.setenv("TEST_DATABASE_URL", url)
        with application() as app, app.app_context():
            yield app


@pytest.fixture
def connection(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The connection of all sessions, in the transaction that is rolled back."""
    with app.app_context():
        engine = db.engine
    sessions = db.session.session_factory
    sessions.configure(join_transaction_mode="create_savepoint")
    with engine.connect() as connection:
        transaction = connection.begin()
        monkeypatch.setattr(sessions.class_, "get_bind", lambda *_, **__: connection)
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session beside those of the views, which sees what they commit."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def client(app: Flask, connection: Connection) -> FlaskClient:
    return app.test_client()
