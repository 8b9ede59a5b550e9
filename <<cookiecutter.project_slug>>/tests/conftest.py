"""The fixtures of the tests: app, client, session and others come from plumbing/testing.py."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from plumbing.mistakes import one_line

with one_line():  # if the application cannot be loaded, instead of a traceback for each test
    import app
    from app import seeds
    from app.models import BaseModel

    app.create_app("testing")

pytest_plugins = ["plumbing.testing"]


@pytest.fixture(scope="session")
def create_app() -> Callable[[str], Flask]:
    """The application factory."""
    return app.create_app


@pytest.fixture
def rows(session: Session) -> list[BaseModel]:
    """The rows of app/seeds.py, inserted."""
    rows = list(seeds.rows())
    session.add_all(rows)
    session.flush()
    return rows
