"""Fixtures: a real cookiecutter and a real PostgreSQL."""

import contextlib
import itertools
import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.bake import Baker, Project, local_server
from tests.support.judge import Judge

collect_ignore = ["plumbing"] if find_spec("flask") is None else []  # it needs the packages of a project


@pytest.fixture
def baker(tmp_path: Path) -> Baker:
    return Baker(tmp_path / "out")


@pytest.fixture
def project(baker: Baker, database: Callable[[], str]) -> Project:
    """The default project, DATABASE_URL set to a database that is not yet created."""
    result = baker.bake()
    result.variables["DATABASE_URL"] = database()
    return result


@pytest.fixture
def ready(project: Project, prepared: dict[str, str]) -> Project:
    """The default project after `db_manage.py setup`, whose database is a copy."""
    return with_copy(project, prepared["ready"])


@pytest.fixture
def filled(project: Project, prepared: dict[str, str]) -> Project:
    """The default project with the rows of app/seeds.py, in a database that is a copy."""
    return with_copy(project, prepared["filled"])


def with_copy(project: Project, original: str) -> Project:
    """Make the database of a project as a copy of another."""
    new, old = (re.findall(r"/(\w+)\?", url)[0] for url in (project.variables["DATABASE_URL"], original))
    elsewhere = original.replace(f"/{old}?", "/postgres?")
    project.sql(f"CREATE DATABASE {new} TEMPLATE {old}", DATABASE_URL=elsewhere)
    return project


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, database: Callable[[], str]) -> dict[str, str]:
    """The URLs of databases of the default project: ready as after `setup`, and filled as after `seed`."""
    project = Baker(tmp_path_factory.mktemp("prepared") / "out").bake()
    urls = {"ready": database(), "filled": database()}
    for name, url in urls.items():
        for command in ("setup", "seed") if name == "filled" else ("setup",):
            project.ok("python", "db_manage.py", command, DATABASE_URL=url)
    return urls


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The socket folder of a PostgreSQL for this test process, started by a generated project.

    It trusts everybody but the role `guarded`, whose password nobody knows.
    """
    project = Baker(tmp_path_factory.mktemp("server") / "out").bake()
    with local_server(project):
        folder = (project.path / ".postgres" / "socket").read_text()
        project.variables["DATABASE_URL"] = f"postgresql://postgres@/postgres?host={folder}"
        rules = Path(project.sql("SHOW hba_file"))
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        project.sql("CREATE ROLE guarded LOGIN PASSWORD 'x'")
        project.sql("ALTER SYSTEM SET fsync = off")  # what survives a loss of power is not tested
        project.sql("SELECT pg_reload_conf()")
        yield folder
        project.variables.clear()


@pytest.fixture(scope="session")
def database(server: str) -> Callable[[], str]:
    """Gives the URL of a database that does not exist, another one at each call."""
    numbers = itertools.count(1)
    return lambda: f"postgresql://postgres@/test_{next(numbers)}?host={server}"


@pytest.fixture(scope="session")
def judge(database: Callable[[], str]) -> Iterator[Judge]:
    """Asserts that all of a fresh project agrees."""
    with contextlib.closing(Judge(database)) as judge:
        yield judge
