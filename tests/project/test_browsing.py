"""Test the pages of rows in generated projects, and the labels of their rows."""

from collections.abc import Callable

import pytest

from tests.support.bake import Baker, Project
from tests.support.declarations import DECLARATIONS
from tests.support.servers import drop_database, server_removed

# Follows every link from the list of tables; prints the number of tables, and whether each row has a page.
WALK = """
import html
import re
from app import create_app
from app.extensions import db
from sqlalchemy import func, select

app = create_app()
client = app.test_client()
seen, waiting = set(), {"/_rows/"}
while waiting:
    address = waiting.pop()
    seen.add(address)
    page = client.get(address)
    if page.status_code != 200 or "notice" in page.text:
        print(address, page.status_code, page.text)
    found = {html.unescape(link) for link in re.findall(r'href="(/_rows/[^"]*)"', page.text)}
    waiting |= {link for link in found if link.count("sort=") < 2} - seen
rows = [address for address in seen if "/row?" in address]
tables = [address for address in seen if "?" not in address]
with app.app_context():
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in db.metadata.tables.values()]
print(len(tables) - 1, len(rows) == sum(counts))
"""
TOGETHER = ("every type", "arrays", "many to many", "reserved words")
DECLARED = {
    "of every type": ("; ".join(DECLARATIONS[name] for name in TOGETHER), 14),
    "with defaults": (DECLARATIONS["defaults"], 1),
    "that refer to each other": (DECLARATIONS["delete rules"], 4),
    "none": ("", 0),
}


@pytest.mark.parametrize("what", DECLARED)
def test_every_page(baker: Baker, database: Callable[[], str], what: str) -> None:
    models, expected = DECLARED[what]
    project = baker.bake(models=models)
    project.variables["DATABASE_URL"] = url = database()
    project.ok("python", "db_manage.py", "setup")
    project.ok("python", "db_manage.py", "seed")
    assert project.ok("python", "-c", WALK) == f"{expected} True\n"
    drop_database(url)


HEALED = """
import html
import re
import subprocess
import sys
from app import create_app

client = create_app().test_client()
for _ in range(6):
    page = client.get("/_rows/blog.posts")
    line = re.search('<p class="notice"[^>]*>(.*?)</p>', page.text)
    print(page.status_code, html.unescape(re.sub("<.*?>", "", line[1])) if line else "")
    command = line and line[1].partition("<code>")[2].partition("</code>")[0]
    if not command:
        break
    subprocess.run([sys.executable, *command.split()[1:]], check=True, capture_output=True)
"""


@pytest.mark.long
def test_the_page_says_what_to_type(baker: Baker) -> None:
    """Each command that it shows leads to the next state, without restarting the application."""
    project = baker.bake()
    with server_removed(project):
        lines = project.ok("python", "-c", HEALED).splitlines()
    assert lines == [
        "503 The local PostgreSQL is not running. Run: python db_manage.py start",
        '503 database "flask_project_dev" does not exist. Run: python db_manage.py create',
        '503 relation "blog.posts" does not exist. Run: python db_manage.py upgrade',
        "200 ",
    ]


LABELS = """
from app import create_app
from app.extensions import db
from app.models import Post, User

with create_app().app_context():
    user = db.session.get_one(User, 1)
    print(user, repr(user), User(), repr(User()), User(username="Zoë"), sep=", ")
    db.session.expire(user)
    print(repr(user), user, sep=", ")
    db.session.expire(user)
    db.session.expunge(user)
    print(user, repr(user), sep=", ")
    print(db.session.get_one(Post, 1))
"""


def test_labels(filled: Project) -> None:
    """New, expired and detached objects have a label, too."""
    assert filled.ok("python", "-c", LABELS).splitlines() == [
        "user1, <User 1>, new User, <User new>, Zoë",
        "<User 1>, user1",
        "User 1, <User 1>",
        "Post 1",
    ]
