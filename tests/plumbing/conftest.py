"""Test plumbing/ without a bake, in a handwritten project made of the packages `host` and `gallery`.

These tests run with the packages of a project: build/project/bin/python -m pytest tests/plumbing
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

TEMPLATE = Path(__file__).resolve().parents[2] / "<<cookiecutter.project_slug>>"
sys.path.append(str(TEMPLATE))
sys.dont_write_bytecode = True  # cookiecutter would copy a cache in the template's folder into every bake

from plumbing import migrations  # noqa: E402
from plumbing.local_postgres import LocalPostgres  # noqa: E402
from plumbing.testing import app, client, connection, empty_app, session  # noqa: E402

__all__ = ["app", "client", "connection", "empty_app", "session"]

VARIABLES = (
    "APP_ENV",
    "FLASK_ENV",
    "FLASK_DEBUG",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "API_TOKEN",
    "PROXY_HOPS",
    "PROXY_SETS_HOST",
    "TRUSTED_HOSTS",
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "TEST_DATABASE_URL",
)


ignored = shutil.ignore_patterns("__pycache__")

Draft = Callable[..., Path]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the project, with its local PostgreSQL."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(Path(__file__).parent / "project", folder, ignore=ignored, dirs_exist_ok=True)
    shutil.copytree(TEMPLATE / "migrations", folder / "migrations", ignore=ignored)
    shutil.rmtree(folder / "migrations/versions")
    (folder / "migrations/versions").mkdir()
    for name in VARIABLES:
        os.environ.pop(name, None)
    sys.path.insert(0, str(folder))
    if clusters := os.environ.get("CLUSTERS"):
        import_module("tests.support.warm").share_clusters(clusters, os.environ.get("MEMORY", ""))
    server = LocalPostgres(folder)
    server.start()
    data = server.server().data
    yield folder
    server.stop()
    if data.is_relative_to("/var/tmp"):  # for root, inside a private folder
        shutil.rmtree(data.parents[1])


@pytest.fixture(scope="session")
def create_app(root: Path) -> Callable[[str], Flask]:
    """The application factory of the project, which has its first migration."""
    from host import create_app
    from plumbing.testing import application

    with application(create_app) as app, app.app_context():
        assert migrations.migrate("initial")
    return create_app


@pytest.fixture
def draft(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Draft]:
    """Copy the application `draft` to the working directory, with the test's own files."""
    monkeypatch.syspath_prepend(str(empty_folder))

    def write(files: dict[str, str] | None = None) -> Path:
        folder = empty_folder / "draft"
        shutil.copytree(Path(__file__).parent / "project/draft", folder, ignore=ignored)
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder

    yield write
    extensions: Any = sys.modules.get("draft.extensions")
    if extensions:
        extensions.Base.registry.dispose()  # mappers that cannot be configured would break all others
    for name in [name for name in sys.modules if name.partition(".")[0] == "draft"]:
        del sys.modules[name]


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, without the variables that configure an application."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path
