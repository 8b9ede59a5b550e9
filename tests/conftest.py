"""Provide the fixtures: a real cookiecutter and a real PostgreSQL."""

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support import shared
from tests.support.bake import Baker, Project
from tests.support.judge import Judge
from tests.support.servers import copy_database, drop_database, new_database, shared_server
from tests.support.shared import once

pytest_plugins = ["tests.support.run"]
# The tests in plumbing/ need the packages of a project; `make test` runs them with those.
collect_ignore = ["plumbing"] if find_spec("flask") is None else []


@pytest.fixture(scope="session")
def deep(pytestconfig: pytest.Config) -> bool:
    """Whether this run includes the tests marked `deep`."""
    return "not deep" not in pytestconfig.getoption("markexpr")


@pytest.fixture
def baker(tmp_path: Path) -> Baker:
    return Baker(tmp_path / "out")


@pytest.fixture
def project(baker: Baker, database: Callable[[], str]) -> Iterator[Project]:
    """The default project, with DATABASE_URL pointing at a database that does not exist yet."""
    url = database()
    result = baker.bake()
    result.variables["DATABASE_URL"] = url
    yield result
    drop_database(url)


@pytest.fixture
def ready(project: Project, prepared: dict[str, str]) -> Project:
    """The default project as `db_manage.py setup` leaves it, on a copy of a prepared database."""
    copy_database(project.variables["DATABASE_URL"], prepared["ready"])
    return project


@pytest.fixture
def filled(project: Project, prepared: dict[str, str]) -> Project:
    """The default project with the rows of app/seeds.py, on a copy of a prepared database."""
    copy_database(project.variables["DATABASE_URL"], prepared["filled"])
    return project


@pytest.fixture(scope="session")
def prepared(server: str) -> dict[str, str]:
    """URLs of the default project's databases: one as `setup` leaves it, one as `seed` leaves it."""
    urls = {name: f"postgresql://postgres@/{name}?host={server}" for name in ("ready", "filled")}

    def make(place: Path) -> None:
        project = Baker(place / "out").bake()
        for url in urls.values():
            project.ok("python", "db_manage.py", "setup", DATABASE_URL=url)
        project.ok("python", "db_manage.py", "seed", DATABASE_URL=urls["filled"])

    once("prepared", make)
    return urls


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tell the helpers which folder all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    shared.folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def server() -> str:
    """The socket folder of the PostgreSQL server that all workers of this run share."""
    return shared_server()


@pytest.fixture(scope="session")
def database(server: str) -> Callable[[], str]:
    """A function that returns the URL of a different nonexistent database on each call."""
    numbers = itertools.count(1)
    return lambda: new_database(server, next(numbers))


@pytest.fixture(scope="session")
def judge(database: Callable[[], str]) -> Iterator[Judge]:
    """The judge that asserts that every part of a fresh project agrees."""
    with contextlib.closing(Judge(database)) as judge:
        yield judge
