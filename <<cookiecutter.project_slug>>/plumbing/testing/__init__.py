"""Fixtures and checks for the tests of the application: pytest_plugins = ["plumbing.testing"]

The tests run on a real PostgreSQL, in databases of their own, made by the migrations.
TEST_DATABASE_URL names the server; without it, that is the local PostgreSQL.  What a test commits
is rolled back.

A fixture `create_app` of yours has to return the application factory.
"""

from plumbing.testing.constraints import check_constraints
from plumbing.testing.fixtures import app, application, client, connection, empty_app, session
from plumbing.testing.times import check_times

__all__ = [
    "app",
    "application",
    "check_constraints",
    "check_times",
    "client",
    "connection",
    "empty_app",
    "session",
]
