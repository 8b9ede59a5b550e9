"""Fixtures: a real cookiecutter and a real PostgreSQL."""

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
# The tests of plumbing/ need the packages of a project: `make test` runs them with these.
collect_ignore = ["plumbing"] if find_spec("flask") is None else []


@pytest.fixture(scope="session")
def deep(pytestconfig: pytest.Config) -> bool:
    """Whether the run includes the tests that are marked `deep`."""
    return "not deep" not in pytestconfig.getoption("markexpr")


@pytest.fixture
def baker(tmp_path: Path) -> Baker:
    return Baker(tmp_path / "out")


@pytest.fixture
def project(baker: Baker, database: Callable[[], str]) -> Iterator[Project]:
    """The default project, DATABASE_URL set to a database that is not yet created."""
    url = database()
    result = baker.bake()
    result.variables["DATABASE_URL"] = url
    yield result
    drop_database(url)


@pytest.fixture
def ready(project: Project, prepared: dict[str, str]) -> Project:
    """The default project after `db_manage.py setup`, whose database is a copy."""
    copy_database(project.variables["DATABASE_URL"], prepared["ready"])
    return project


@pytest.fixture
def filled(project: Project, prepared: dict[str, str]) -> Project:
    """The default project with the rows of app/seeds.py, in a database that is a copy."""
    copy_database(project.variables["DATABASE_URL"], prepared["filled"])
    return project


@pytest.fixture(scope="session")
def prepared(server: str) -> dict[str, str]:
    """The URLs of databases of the default project: ready as after `setup`, and filled as after `seed`."""
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
    """The socket folder of the PostgreSQL that all workers of this run share."""
    return shared_server()


@pytest.fixture(scope="session")
def database(server: str) -> Callable[[], str]:
    """Gives the URL of a database that does not exist, another one at each call."""
    numbers = itertools.count(1)
    return lambda: new_database(server, next(numbers))


@pytest.fixture(scope="session")
def judge(database: Callable[[], str]) -> Iterator[Judge]:
    """Asserts that all of a fresh project agrees."""
    with contextlib.closing(Judge(database)) as judge:
        yield judge
