"""Test what the models of a generated project do automatically."""

from tests.support.bake import Project

UPDATE = """
from app import create_app
from app.extensions import db
from app.models import User
with create_app().app_context():
    user = db.session.get_one(User, 1)
    user.username = "changed"
    db.session.commit()
"""


def test_times(filled: Project) -> None:
    """An update changes updated_at of its own row only."""
    times = "SELECT id, created_at, updated_at FROM users.users ORDER BY id"
    before = filled.sql(times).splitlines()
    filled.ok("python", "-c", UPDATE)
    after = filled.sql(times).splitlines()
    assert after[1:] == before[1:]
    assert after[0] != before[0]
    assert filled.sql("SELECT updated_at > created_at FROM users.users WHERE id = 1") == "t"
    assert after[0].split("|")[1] == before[0].split("|")[1]
