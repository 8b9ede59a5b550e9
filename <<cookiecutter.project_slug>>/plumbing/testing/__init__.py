"""Fixtures and checks for the tests of the application: pytest_plugins = ["plumbing.testing"]

The tests run on a real PostgreSQL, in databases of their own, made by the migrations.
TEST_DATABASE_URL names the server; without it, that is the local PostgreSQL.  What a test commits
is rolled back.

A fixture `create_app` of yours has to return the application factory.
"""

from plumbing.testing.constraints import check_constraints as check_constraints
from plumbing.testing.fixtures import app as app
from plumbing.testing.fixtures import application as application
from plumbing.testing.fixtures import client as client
from plumbing.testing.fixtures import connection as connection
from plumbing.testing.fixtures import empty_app as empty_app
from plumbing.testing.fixtures import session as session
from plumbing.testing.times import check_times as check_times
