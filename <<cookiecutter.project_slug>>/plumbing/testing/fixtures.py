"""The fixtures: applications on databases of their own, a session and a client."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from plumbing import database, migrations
from plumbing.current import db, project_root
from plumbing.explanations import explain
from plumbing.local_postgres import LocalPostgres

Factory = Callable[[str], Flask]


@contextmanager
def application(create_app: Factory) -> Iterator[Flask]:
    """Yield an application on an empty database of its own, which is dropped afterwards."""
    server = create_app("testing")
    if server.config["LOCAL_POSTGRES"]:
        LocalPostgres(project_root(server.root_path)).start()
        server = create_app("testing")  # only now it is known where the local server listens
    url = server.config["SQLALCHEMY_DATABASE_URI"]
    own_url = url.set(database=f"{url.database}_{uuid.uuid4().hex[:8]}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TEST_DATABASE_URL", own_url.render_as_string(hide_password=False))
        app = create_app("testing")
        app.config["DATABASE_IS_DISPOSABLE"] = True
        create_database(app)
        yield app
    with app.app_context():
        db().engine.dispose()
        database.drop()


def create_database(app: Flask) -> None:
    """Create the database of an application; if the server does not answer, end the tests."""
    with app.app_context():
        try:
            database.create()
        except OperationalError as error:
            pytest.exit(explain(error), returncode=2)


@pytest.fixture(scope="session")
def app(create_app: Factory) -> Iterator[Flask]:
    """The application, its database at the newest migration."""
    with application(create_app) as app:
        with app.app_context():
            migrations.upgrade()
        yield app


@pytest.fixture
def empty_app(create_app: Factory) -> Iterator[Flask]:
    """An application on an empty database, in its context."""
    with application(create_app) as app, app.app_context():
        yield app


@pytest.fixture
def connection(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The connection of all sessions, in the transaction that is rolled back."""
    with app.app_context():
        engine = db().engine
        sessions = db().session.session_factory
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
    """A client of the application, as in Flask's documentation on testing."""
    return app.test_client()
