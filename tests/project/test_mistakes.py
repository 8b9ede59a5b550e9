"""Test mistakes in models: each ends everything with one line; packages and unnamed checks are no mistakes.

Each kind of mistake is a line of tests/plumbing/test_mistakes.py.
"""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.bake import Baker, Project, mypy_cache

NOTE = """\
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = (CheckConstraint("length(content) > 1"), CheckConstraint("content <> title"))

    title: Mapped[str]
    content: Mapped[str] = mapped_column()
"""
BROKEN = NOTE.replace("content: Mapped[str]", "content: Mapped[dict]")
LINE = (
    "Error: app/models/note.py:12: dict has no SQL type of its own."
    " Name one, as in content: Mapped[dict] = mapped_column(JSONB).\n"
)

PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")

# The commands that load the application, with the exit status of each.
WAYS = {
    "check": (("python", "db_manage.py", "check"), 2),
    "migrate": (("python", "db_manage.py", "migrate"), 2),
    "history": (("python", "db_manage.py", "history"), 2),
    "seed": (("python", "db_manage.py", "seed"), 2),
    "a whole process": (("env", "python", "db_manage.py", "status"), 2),
    "wsgi.py": (("python", "wsgi.py"), 1),
    "flask": (("flask", "--help"), 1),
    "flask run": (("flask", "run"), 1),
    "flask run --debug": (("flask", "run", "--debug"), 1),
    "flask shell": (("flask", "shell"), 1),
    "flask routes": (("flask", "routes"), 1),
    "flask db": (("flask", "db", "migrate"), 1),
    "gunicorn": (("timeout", "300", "gunicorn", "wsgi:app", "-b", "127.0.0.1:0"), 1),
    "pytest": (PYTEST, 1),
    "pytest -n": ((*PYTEST, "-n", "2"), 1),
    "one test": ((*PYTEST, "tests/test_models.py"), 1),
}


def add(project: Project, text: str, name: str = "app/models/note.py") -> Path:
    """Write a file of a project."""
    path = project.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def ends(project: Project, way: str, **given: str) -> tuple[str, int]:
    """Return the output and exit status of a command."""
    result = project.run(*WAYS[way][0], **given)
    return result.stdout + result.stderr, result.returncode


def test_each_way_in(baker: Baker) -> None:
    project = baker.bake()
    project.variables["FLASK_ENV"] = "development"
    add(project, BROKEN)
    found = {way: ends(project, way) for way in WAYS}
    assert found == {way: (LINE, status) for way, (_, status) in WAYS.items()}


def test_commands_that_need_no_models(baker: Baker) -> None:
    project = baker.bake()
    add(project, BROKEN)
    assert project.ok("python", "db_manage.py", "help") == project.ok("python", "db_manage.py")
    assert project.ok("python", "db_manage.py", "init").startswith("Nothing to do")
    assert project.ok("python", "db_manage.py", "stop") == "Not running: local PostgreSQL\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("app/__init__.py", "Flask(__name__)", "Flsk(__name__)", "Flsk is not defined. Import it, or"),
        ("app/views.py", "render_template\n", "render_templat\n", "flask has no render_templat. Correct"),
        ("app/config.py", '"Lax"', "Lax", "Lax is not defined. Import it, or"),
        ("app/extensions.py", "Migrate()", "Migrate(", "SyntaxError: '(' was never closed"),
        ("app/models/post.py", "users.users.id", "users.id", "user_id refers to a table users, which no"),
    ],
)
def test_other_files(baker: Baker, name: str, old: str, new: str, message: str) -> None:
    project = baker.bake()
    place = replace(project, name, old, new)
    for way in ("check", "flask", "pytest"):
        output, status = ends(project, way)
        assert output.startswith(f"Error: {place}: {message}"), output
        assert (output.count("\n"), status) == (1, WAYS[way][1])


def replace(project: Project, name: str, old: str, new: str) -> str:
    """Replace a text that occurs once in a file; return its place."""
    path = project.path / name
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    line = text[: text.index(old)].count("\n") + 1
    return f"{name}:{line}"


def test_seeds(ready: Project) -> None:
    """A mistake is reported on import and on creation of the rows; the traceback is available."""
    path = ready.path / "app/seeds.py"
    text = path.read_text()
    path.write_text(text.replace("username=", "usrname=", 1))
    output, status = ends(ready, "seed")
    assert re.fullmatch(r"Error: app/seeds.py:\d+: TypeError: 'usrname' is an invalid keyword.*\n", output)
    assert status == 2
    path.write_text(f"import nothing\n{text}")
    message = "Error: app/seeds.py:1: There is no module nothing. Install its package"
    assert ends(ready, "seed")[0].startswith(message)
    assert ends(ready, "pytest")[0].startswith(message)
    path.write_text(text)
    assert "Inserting: 3 of User" in ready.ok("python", "db_manage.py", "seed")


def test_traceback_for_developers(baker: Baker) -> None:
    """The README's command shows the traceback."""
    project = baker.bake()
    add(project, BROKEN)
    command = "from app import create_app; create_app()"
    assert command in (project.path / "README.md").read_text()
    result = project.run("python", "-c", command)
    assert "Traceback" in result.stderr
    assert "MappedAnnotationError" in result.stderr


@pytest.fixture
def reloading(ready: Project) -> Iterator[str]:
    """The address of a development server that reloads."""
    log = ready.path / "flask.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["flask", "run", "--debug", "--port", "0"],
            cwd=ready.path,
            env=ready.environment(FLASK_ENV="development", PYTHONUNBUFFERED="1"),
            stdout=output,
            stderr=output,
            start_new_session=True,  # the server is a child of this process
        )
    try:
        while not (found := re.search(r"Running on (http://127.0.0.1:\d+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield found[1]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(300)


def answer(url: str) -> tuple[int, str]:
    """Return the status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=300) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(url: str, status: int) -> str:
    """Return a page once it has a status, which means that the server has reloaded."""
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):  # it may end while it answers
            found, text = answer(url)
            if found == status:
                return text
        time.sleep(0.1)


def test_server_that_reloads(ready: Project, reloading: str) -> None:
    """It shows the line in the terminal and in the browser, and recovers once the mistake is corrected."""
    url = f"{reloading}/posts"
    wait_for(url, 200)
    path = ready.path / "app/models/post.py"
    text = path.read_text()
    place = replace(ready, "app/models/post.py", "mapped_column(Text)", "mapped_column(Txt)")
    line = f"{place}: Txt is not defined. Import it, or correct its name."
    page = wait_for(url, 500)
    assert f"<p>{line}</p>" in page
    assert "NameError" in page
    assert f"\nError: {line}\n" in (ready.path / "flask.log").read_text()
    path.write_text(text)
    wait_for(url, 200)


def test_package_of_models(filled: Project, database: Callable[[], str]) -> None:
    """Models moved into a package are unchanged, and a new one is found there."""
    models = filled.path / "app/models"
    (models / "blog").mkdir()
    (models / "post.py").rename(models / "blog/post.py")
    for name in ("__init__.py", "user.py"):
        text = (models / name).read_text()
        (models / name).write_text(text.replace("app.models.post", "app.models.blog.post"))
    message = "app/models/blog/ has no __init__.py, so its models are not found."
    assert message in ends(filled, "check")[0]
    (models / "blog/__init__.py").touch()
    assert filled.ok("python", "db_manage.py", "check").startswith("Checked: ")
    add(filled, NOTE, "app/models/blog/note.py")
    assert "Detected added table 'notes'" in filled.ok("python", "db_manage.py", "migrate", "notes")
    filled.ok("python", "db_manage.py", "upgrade")
    assert '"notes" {' in (filled.path / "docs/models.md").read_text()
    shell = "from wsgi import app; app.app_context().push(); print(sorted(app.make_shell_context()))"
    assert "'Note', 'Post', 'User'" in filled.ok("python", "-c", shell)
    page = "from wsgi import app; print(app.test_client().get('/_rows/').text)"
    assert "notes" in filled.ok("python", "-c", page)
    assert "passed" in filled.ok(*PYTEST, TEST_DATABASE_URL=database())
    filled.passes_quality()


def test_models_in_one_file(filled: Project, database: Callable[[], str]) -> None:
    models = filled.path / "app/models"
    files = [models / "base.py", models / "user.py", models / "post.py"]
    text = "\n\n".join(file.read_text() for file in files)
    text = re.sub(r"if TYPE_CHECKING:\n    .*\n|from app\.models\.\w+ import \w+\n", "", text)
    for file in models.glob("*.py"):
        file.unlink()
    models.rmdir()
    add(filled, text, "app/models.py")
    assert filled.ok("python", "db_manage.py", "check").startswith("Checked: ")
    assert "passed" in filled.ok(*PYTEST, TEST_DATABASE_URL=database())


def test_unnamed_checks(ready: Project, database: Callable[[], str]) -> None:
    """Their names are the same in the migration, in the database and in the next process."""
    add(ready, NOTE)
    ready.ok("python", "db_manage.py", "migrate", "notes")
    text = (ready.path / "migrations/versions/0002_notes.py").read_text()
    names = re.findall(r"sa.CheckConstraint\('.*', name=op.f\('(ck_notes_\w+)'\)\)", text)
    assert [name[:-8] for name in sorted(names)] == ["ck_notes_content_title_", "ck_notes_length_content_"]
    ready.ok("env", "python", "db_manage.py", "upgrade")
    found = "SELECT conname FROM pg_constraint WHERE conname LIKE 'ck_notes%' ORDER BY 1"
    assert ready.sql(found).splitlines() == sorted(names)
    assert ready.ok("env", "python", "db_manage.py", "check").startswith("Checked: ")
    assert "passed" in ready.ok(*PYTEST, TEST_DATABASE_URL=database())


QUERY = """
from flask_sqlalchemy.pagination import Pagination

from app import create_app
from app.models import Post, User


def find(name: str) -> User:
    return User.query.filter_by(username=name).first_or_404()


def page() -> Pagination:
    return Post.query.order_by(Post.title).paginate(per_page=2)


with create_app().test_request_context():
    first = User.query.order_by(User.id).first()
    assert first is not None
    print(find(first.username) is User.query.get_or_404(first.id), len(page().items))
"""


def test_query(filled: Project) -> None:
    add(filled, QUERY, "try_query.py")
    assert filled.ok("python", "try_query.py") == "True 2\n"
    filled.ok("mypy", mypy_cache(filled.path), "try_query.py")


def test_model_in_another_database(ready: Project, database: Callable[[], str]) -> None:
    """`check` says that it is left alone, and nothing breaks because of it."""
    text = NOTE.replace("BaseModel):", "db.Model):  # type: ignore[name-defined, misc]")
    text = text.replace("app.models.base import BaseModel", "app.extensions import db")
    text = text.replace('"notes"\n', '"notes"\n    __bind_key__ = "desk"\n')
    add(ready, text + "    id: Mapped[int] = mapped_column(primary_key=True)\n")
    config = ready.path / "app/config.py"
    config.write_text(
        config.read_text().replace("    MAX_", '    SQLALCHEMY_BINDS = {"desk": "sqlite://"}\n    MAX_', 1)
    )
    line = (
        "Not checked: notes in the database 'desk'. Migrations, seeds and tests use only the main database.\n"
    )
    assert ready.ok("python", "db_manage.py", "check").startswith(f"{line}Checked: ")
    assert "No changes" in ready.ok("python", "db_manage.py", "migrate", "nothing")
    assert "passed" in ready.ok(*PYTEST, TEST_DATABASE_URL=database())
    ready.ok("mypy", mypy_cache(ready.path), ".")
