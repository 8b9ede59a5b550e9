"""The tests run on a real PostgreSQL, in databases of their own, made by the migrations.

TEST_DATABASE_URL names the server, else it is the local one.  What a test commits is rolled back.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import local_postgres
from app import config, create_app, database, faults
from app.extensions import db, migrate


@contextmanager
def application() -> Iterator[Flask]:
    """Yield an application on an empty database of its own, which is dropped afterwards."""
    if config.load("testing")["LOCAL_POSTGRES"]:
        local_postgres.start()
    server = config.load("testing")["SQLALCHEMY_DATABASE_URI"]
    url = server.set(database=f"{server.database}_{uuid.uuid4().hex[:8]}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TEST_DATABASE_URL", url.render_as_string(hide_password=False))
        app = create_app("testing")
        with app.app_context():
            try:
                database.create()
            except OperationalError as error:
                pytest.exit(faults.explain(error), returncode=2)
        yield app
    with app.app_context():
        db.engine.dispose()
        database.drop()


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The application, its database at the newest revision."""
    with application() as app:
        with app.app_context():
            command.upgrade(migrate.get_config(), "head")
        yield app


@pytest.fixture
def empty_app() -> Iterator[Flask]:
    """The application on an empty database, in its context."""
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
