"""The fixtures of the tests: app, client, session and others come from plumbing/testing/."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from plumbing.inserting import insert
from plumbing.mistakes import cli_errors

with cli_errors():  # if the application cannot be loaded, instead of a traceback for each test
    import app
    from app import seeds
    from app.extensions import Base

    app.create_app("testing")

pytest_plugins = ["plumbing.testing"]


@pytest.fixture(scope="session")
def create_app() -> Callable[[str], Flask]:
    """The application factory."""
    return app.create_app


@pytest.fixture
def rows(session: Session) -> list[Base]:
    """The rows of app/seeds.py, inserted."""
    return insert(session, seeds.rows())
