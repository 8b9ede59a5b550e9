"""The fixtures of the tests: app, client, session and others come from plumbing/testing.py."""

from collections.abc import Callable

import pytest
from flask import Flask

import app

pytest_plugins = ["plumbing.testing"]


@pytest.fixture(scope="session")
def create_app() -> Callable[[str], Flask]:
    """The application factory."""
    return app.create_app
