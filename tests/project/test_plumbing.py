"""Run tests/plumbing, which needs the packages of a project, and check the plumbing/ of each bake."""

from pathlib import Path

import pytest

from tests.support import shared
from tests.support.bake import ROOT, TEMPLATE, Baker, environment, warm
from tests.support.declarations import DECLARATIONS

FILES = sorted((ROOT / "tests" / "plumbing").glob("test_*.py"))


@pytest.mark.long
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_unit_tests(path: Path) -> None:
    """To run all of these tests by hand: build/project/bin/python -m pytest tests/plumbing"""
    command = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(path))
    result = warm().run(ROOT, command, environment(**shared.clusters()))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("models", DECLARATIONS.values(), ids=DECLARATIONS)
def test_it_is_the_same_in_every_project(baker: Baker, models: str) -> None:
    """Not a single byte depends on the answers, so an update can replace the folder."""
    project = baker.bake(models=models, project_name="Another Name")

    def content(folder: Path) -> dict[str, bytes]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    assert content(project.path / "plumbing") == content(TEMPLATE / "plumbing")
