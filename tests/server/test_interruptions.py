"""Test commands that are killed or find something in use: the next run succeeds without repairs."""

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.bake import Baker, Project
from tests.support.commands import applying, edit, flask, write_revision
from tests.support.forks import PipedFork
from tests.support.load import until
from tests.support.servers import copy_database, drop_database
from tests.support.sessions import SESSIONS, assert_one_error, session
from tests.support.wire import observed

KILLS, BATCHES = 50, 5  # of an upgrade, divided among this many tests
KILLED_RESETS, RESET_BATCHES = 12, 3

STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{after}"


def upgrade():
    if {number} == {area}:
        op.create_schema("area_{area}")
    things = op.create_table(
        "things_{number}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text),
        schema="area_{area}",
    )
    op.bulk_insert(things, [{{"name": str(row)}} for row in range({number})])
    op.create_index("ix_things_{number}", "things_{number}", ["name"], schema="area_{area}")
    op.alter_column("things_{number}", "name", new_column_name="title", schema="area_{area}")
    op.execute("INSERT INTO users.users (username, email) VALUES ('anna{number}', 'a@b{number}')")
    op.add_column("posts", sa.Column("extra_{number}", sa.Integer), schema="blog")
"""
STEPS = 11  # the number of the last migration; 0001_initial is the first

STATE = """
SELECT 'schema ' || nspname, '' FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'
UNION ALL SELECT format('column %s.%s.%s', table_schema, table_name, column_name), data_type
FROM information_schema.columns WHERE table_schema !~ '^(pg_|information_schema$)'
UNION ALL SELECT format('index %s.%s', schemaname, indexname), '' FROM pg_indexes
WHERE schemaname !~ '^(pg_|information_schema$)'
"""
# A query for each table, and one for the current revision.
CONTENTS = """
SELECT format('SELECT ''rows %1$s.%2$s'', count(*) FROM %1$I.%2$I', schemaname, tablename)
FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema$)'
UNION ALL SELECT 'SELECT ''revision'', version_num FROM public.alembic_version'
FROM pg_tables WHERE tablename = 'alembic_version'
"""
State = dict[str, str]

UPGRADE = "flask db upgrade"
MANAGE = "python db_manage.py upgrade"
RESET = "python db_manage.py reset --yes"
RESET_TABLE = "python db_manage.py reset-table users --yes"


def state(project: Project) -> State:
    """Return the contents of a project's database."""
    lines = project.sql(STATE, *project.sql(CONTENTS).splitlines()).splitlines()
    return dict(line.split("|") for line in lines)


@contextmanager
def copied(project: Project, url: str) -> Iterator[Project]:
    """Yield the project with a copy of its database, and drop the copy afterwards."""
    copy_database(url, url_of(project))
    yield Project(project.path, {"DATABASE_URL": url})
    drop_database(url)


def url_of(project: Project) -> str:
    return project.variables["DATABASE_URL"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, database: Callable[[], str]) -> Project:
    """The default project after `db_manage.py setup`; the tests work on copies of it."""
    project = Baker(tmp_path_factory.mktemp("original") / "out").bake()
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "setup")
    return project


@pytest.fixture
def copy(original: Project, database: Callable[[], str], tmp_path: Path) -> Iterator[Project]:
    """A copy of the project and of its database."""
    path = shutil.copytree(original.path, tmp_path / "project")
    with copied(Project(path, original.variables), database()) as project:
        yield project


class Moment(NamedTuple):
    """The moment at which a process is killed: its request with this number, which may or may not arrive."""

    number: int
    arrives: bool
    commits: int  # that the server has received by then


def requests(project: Project, server: str, command: str, moment: Moment | None = None) -> list[bytes]:
    """Run a command and kill it at a moment; return the requests that it made.

    A request is a query without parameters, except BEGIN and ROLLBACK, which a process repeats while it
    waits for the lock.  Even if the last request arrives, the process is already dead, as if the socket
    had delayed it.
    """
    made: list[bytes] = []
    process: Future[subprocess.Popen[str] | PipedFork] = Future()

    def forward(message: bytes) -> bool:
        if message[:1] != b"Q" or message[5:] in (b"BEGIN\0", b"ROLLBACK\0"):
            return True
        made.append(message)
        if moment is None or len(made) <= moment.number:
            return True
        process.result().kill()
        process.result().wait()
        return moment.arrives

    with tempfile.TemporaryDirectory(dir="/tmp") as folder, observed(server, Path(folder), forward):
        through = {"DATABASE_URL": url_of(project).replace(server, folder)}
        process.set_result(Project(project.path, through).start(*command.split()))
        output = process.result().communicate()[0]
    assert process.result().returncode == (-signal.SIGKILL if moment else 0), output
    return made


def moments(made: list[bytes], first: bytes, count: int) -> list[Moment]:
    """Return moments that are spread evenly from the request with `first` to the last COMMIT.

    At half of them the request arrives, and COMMITs are counted from the first request on.
    """
    start = next(number for number, request in enumerate(made) if first in request)
    end = max(number for number, request in enumerate(made) if b"COMMIT" in request)
    found = []
    for n in range(count):
        number = start + n * (end - start) // (count - 1)
        arrives = n % 4 < 2  # with n % 2, every COMMIT would have the same fate
        commits = sum(b"COMMIT" in request for request in made[start : number + arrives])
        found.append(Moment(number, arrives, commits))
    assert len(set(found)) == count
    return found


def assert_gone(project: Project) -> None:
    """Assert that a killed process soon leaves no session behind, and thus no lock."""
    until(lambda: not project.sql(SESSIONS))


# Killed


class History(NamedTuple):
    """A project with ten migrations after the first, and the requests of an upgrade."""

    project: Project
    made: list[bytes]


def step(number: int) -> str:
    return f"{number:04}_step" if number > 1 else "0001_initial"


def after(number: int, initial: State) -> State:
    """Return the state that the database must be in after a migration."""
    found = {**initial, "revision": step(number)}
    for n in range(2, number + 1):
        schema = f"area_{n - n % 2}"
        found |= {
            f"schema {schema}": "",
            f"column {schema}.things_{n}.id": "integer",
            f"column {schema}.things_{n}.title": "text",
            f"index {schema}.pk_things_{n}": "",
            f"index {schema}.ix_things_{n}": "",
            f"rows {schema}.things_{n}": str(n),
            f"column blog.posts.extra_{n}": "integer",
            "rows users.users": str(n - 1),
        }
    return found


FIRST_STEP = b'CREATE SCHEMA "area_2"'


@pytest.fixture(scope="module")
def history(
    original: Project, database: Callable[[], str], server: str, tmp_path_factory: pytest.TempPathFactory
) -> History:
    path = shutil.copytree(original.path, tmp_path_factory.mktemp("history") / "project")
    project = Project(path, original.variables)
    for n in range(2, STEPS + 1):
        text = STEP.format(name=step(n), after=step(n - 1), number=n, area=n - n % 2)
        (path / "migrations/versions" / f"{step(n)}.py").write_text(text)
    with copied(project, database()) as complete:
        made = requests(complete, server, UPGRADE)
        assert state(complete) == after(STEPS, state(original))
    return History(project, made)


def test_moments(history: History) -> None:
    """Each migration has its own COMMIT; some kills hit a COMMIT that arrives, others one that does not."""
    found = moments(history.made, FIRST_STEP, KILLS)
    assert found[-1].commits == STEPS - 1
    assert {moment.arrives for moment in found if b"COMMIT" in history.made[moment.number]} == {True, False}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_killed_upgrade(
    history: History, original: Project, database: Callable[[], str], server: str, batch: int
) -> None:
    """Only what was committed stays, and the next upgrade finishes the work."""
    initial = state(original)
    for moment in moments(history.made, FIRST_STEP, KILLS)[batch::BATCHES]:
        with copied(history.project, database()) as project:
            made = requests(project, server, UPGRADE, moment)
            assert made == history.made[: moment.number + 1]  # killed there, and nowhere else
            assert_gone(project)
            reached = 1 + moment.commits
            assert state(project) == after(reached, initial), moment
            applied = applying([step(n) for n in range(reached + 1, STEPS + 1)])
            assert re.findall("Applying.*", flask(project, "upgrade")) == applied
            assert state(project) == after(STEPS, initial), moment


def test_killed_during_a_statement(copy: Project) -> None:
    """The server notices, and releases the locks before the statement would end."""
    sleep = "op.execute('LOCK TABLE users.users'); op.execute('SELECT pg_sleep(600)')"
    write_revision(copy, "0002_slow", "0001_initial", sleep)
    with copy.start(*UPGRADE.split()) as run:
        while "pg_sleep" not in copy.sql(SESSIONS):
            assert run.poll() is None
        run.kill()
    assert_gone(copy)
    edit(copy, "migrations/versions/0002_slow.py", "600", "0")
    assert flask(copy, "upgrade") == "Applying: 0002_slow\n"


FIRST_DROP = b"DROP TABLE"
NOTHING = {  # except the empty table of the current revision, with the privileges granted on it
    "schema public": "",
    "column public.alembic_version.version_num": "character varying",
    "index public.alembic_version_pkc": "",
    "rows public.alembic_version": "0",
}


@pytest.fixture(scope="module")
def resetting(original: Project, database: Callable[[], str], server: str) -> list[bytes]:
    """The requests of a reset."""
    with copied(original, database()) as project:
        return requests(project, server, RESET)


@pytest.mark.parametrize("batch", range(RESET_BATCHES))
def test_killed_reset(
    original: Project, resetting: list[bytes], database: Callable[[], str], server: str, batch: int
) -> None:
    """A killed reset leaves everything or nothing; running it again finishes it."""
    for moment in moments(resetting, FIRST_DROP, KILLED_RESETS)[batch::RESET_BATCHES]:
        with copied(original, database()) as project:
            project.sql("INSERT INTO users.users (username, email) VALUES ('anna', 'a@b')")
            before = state(project)
            made = requests(project, server, RESET, moment)
            assert made == resetting[: moment.number + 1]  # killed there, and nowhere else
            assert_gone(project)
            assert state(project) == (NOTHING if moment.commits else before), moment
            project.ok(*RESET.split())
            assert state(project) == state(original), moment
            assert flask(project, "current") == "0001_initial (head)\n"
            project.ok("python", "db_manage.py", "check")


# In use


USES = {
    "reading": "BEGIN; SELECT count(*) FROM users.users",
    "sharing": "BEGIN; LOCK TABLE users.users IN ACCESS SHARE MODE",
    "rewriting": "BEGIN; LOCK TABLE users.users",
}
CASES = [
    (UPGRADE, "reading"),
    (UPGRADE, "rewriting"),
    (MANAGE, "sharing"),
    (RESET_TABLE, "reading"),
    (RESET, "sharing"),
    (RESET_TABLE, "rewriting"),
    (RESET, "rewriting"),
]


@pytest.mark.parametrize(("command", "use"), CASES)
def test_table_in_use(copy: Project, command: str, use: str) -> None:
    """A command gives up without changing anything and succeeds when repeated later."""
    edit(copy, "app/config.py", 'MIGRATION_LOCK_TIMEOUT = "5s"', 'MIGRATION_LOCK_TIMEOUT = "1s"')
    if command in (UPGRADE, MANAGE):
        statements = "CREATE TABLE blog.new (); ALTER TABLE users.users ADD phone text"
        write_revision(copy, "0002_phone", "0001_initial", f"op.execute('{statements}')")
    copy.sql("INSERT INTO users.users (username, email) VALUES ('anna', 'a@b')")
    before = state(copy)
    with session(copy, USES[use]):
        message = "canceling statement due to lock timeout. Another session uses the table. Try again later."
        assert_one_error(copy, command, message)
    assert state(copy) == before
    copy.ok(*command.split())
    assert state(copy) != before


HOLD = f"SELECT pg_advisory_lock({0x666C61736B})"  # LOCK_KEY of plumbing/migrations/lock.py


def test_lock_is_awaited(copy: Project) -> None:
    """A command waits while another one works, and then does its own work."""
    write_revision(copy, "0002_new", "0001_initial", "op.execute('CREATE TABLE blog.new ()')")
    before = state(copy)
    with session(copy, HOLD):
        run = copy.start(*UPGRADE.split())
        assert run.stdout and run.stdout.readline() == "Waiting: another run of migrations is in progress\n"
        assert (state(copy), run.poll()) == (before, None)
    assert run.communicate()[0] == "Applying: 0002_new\n"
    assert run.returncode == 0


@pytest.mark.parametrize("command", [UPGRADE, MANAGE, RESET])
def test_lock_is_not_awaited_for_ever(copy: Project, command: str) -> None:
    """A command eventually gives up waiting for the lock, without changing anything."""
    edit(copy, "app/config.py", "= 60.0", "= 1.0")
    write_revision(copy, "0002_new", "0001_initial", "op.execute('CREATE TABLE blog.new ()')")
    before = state(copy)
    with session(copy, HOLD):
        assert_one_error(copy, command, "Another run of migrations has not finished. Try again later.")
        assert state(copy) == before
