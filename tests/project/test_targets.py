"""Test where a project may be generated: only in a fresh folder, without touching anything that exists."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.bake import ROOT, Baker, Project

OVERWRITE = "--overwrite-if-exists"
WAYS = {
    "plain": ["--no-input"],
    "overwrite": ["--no-input", OVERWRITE],
    "overwrite and skip": ["--no-input", OVERWRITE, "--skip-if-file-exists"],
    "overwrite and keep": ["--no-input", OVERWRITE, "--keep-project-on-failure"],
    "overwrite without hooks": ["--no-input", OVERWRITE, "--accept-hooks", "no"],
    "replay": ["--replay", OVERWRITE],
    "replay and skip": ["--replay", OVERWRITE, "--skip-if-file-exists"],
    "replay file": ["--replay-file", "../other.json", OVERWRITE],
}


def living_project(folder: Path) -> None:
    """Create a project whose owner has changed a model and applied the first migration."""
    Baker(folder.parent).generate()
    for name in ("app/models/user.py", "migrations/versions/0001_initial.py"):
        with (folder / name).open("a") as file:
            file.write("# ours\n")
    (folder / "migrations/versions/0002_ours.py").touch()
    shutil.rmtree(folder / "docs")


def readme(folder: Path) -> None:
    folder.mkdir()
    (folder / "README.md").write_text("# Ours\n")


def hidden_file(folder: Path) -> None:
    folder.mkdir()
    (folder / ".env").touch()


def empty_folder_inside(folder: Path) -> None:
    (folder / "app").mkdir(parents=True)


def repository(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / "notes.txt").touch()


def link_to_a_project(folder: Path) -> None:
    readme(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def a_file(folder: Path) -> None:
    folder.write_text("ours\n")


def dangling_link(folder: Path) -> None:
    folder.symlink_to("nowhere")


def link_to_itself(folder: Path) -> None:
    folder.symlink_to(folder.name)


Prepare = Callable[[Path], None]
IN_THE_WAY: dict[Prepare, str] = {
    living_project: "is not empty, so nothing was generated",
    readme: "is not empty, so nothing was generated",
    hidden_file: "is not empty, so nothing was generated",
    empty_folder_inside: "is not empty, so nothing was generated",
    repository: "is not empty, so nothing was generated",
    link_to_a_project: "is not empty, so nothing was generated",
    a_file: "is not a folder",
    dangling_link: "is not a folder",
    link_to_itself: "is not a folder",
}


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return the mode, modification time and content of everything in a folder."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        content = b""
        if path.is_symlink():
            content = os.fsencode(os.readlink(path))
        elif path.is_file():
            content = path.read_bytes()
        found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found


def assert_refused(result: subprocess.CompletedProcess[str], message: str) -> None:
    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    assert message in output
    assert len(output.splitlines()) == 1, output


@pytest.fixture
def other(tmp_path: Path) -> Baker:
    """A folder and a home that remember another project's answers for the same slug."""
    (tmp_path / "out").mkdir()
    baker = Baker(tmp_path / "out")
    baker.generate(models="Other name:text")
    shutil.rmtree(baker.only())
    (replay,) = (tmp_path / "out-home" / ".cookiecutter_replay").glob("*.json")
    shutil.copy(replay, tmp_path / "other.json")
    return baker


def pairs() -> list[Any]:
    """Return each obstacle in each way; redundant combinations are left to `make test-deep`."""
    found = []
    for row, prepare in enumerate(IN_THE_WAY):
        for column, way in enumerate(WAYS):
            is_new = prepare is living_project or column == row % len(WAYS)
            marks = () if is_new else (pytest.mark.deep,)
            found.append(pytest.param(prepare, way, marks=marks, id=f"{prepare.__name__}-{way}"))
    return found


@pytest.mark.parametrize(("prepare", "way"), pairs())
def test_nothing_is_touched(other: Baker, prepare: Prepare, way: str) -> None:
    """Files, modes and times stay as they are, and no empty folder is added."""
    target = other.folder / "flask_project"
    prepare(target)
    before = snapshot(other.folder)
    result = other.run(str(ROOT), *WAYS[way])
    assert_refused(result, f"{target} {IN_THE_WAY[prepare]}")
    assert snapshot(other.folder) == before


@pytest.mark.parametrize("output", [".", "../out", "sub/..", "../link", "../link/../out", "{absolute}"])
def test_every_path_to_a_folder(other: Baker, output: str) -> None:
    (other.folder / "sub").mkdir()
    readme(other.folder / "flask_project")
    (other.folder.parent / "link").symlink_to(other.folder)
    before = snapshot(other.folder)
    option = output.format(absolute=other.folder)
    result = other.run(str(ROOT), "--no-input", OVERWRITE, "--output-dir", option)
    assert_refused(result, "flask_project is not empty, so nothing was generated")
    assert snapshot(other.folder) == before


def absent(folder: Path) -> None:
    """Cookiecutter creates it."""


def only_git(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)


def link_to_an_empty_folder(folder: Path) -> None:
    folder.with_name("elsewhere").mkdir()
    folder.symlink_to("elsewhere")


@pytest.mark.parametrize("prepare", [absent, Path.mkdir, only_git, link_to_an_empty_folder])
def test_fresh_folders(tmp_path: Path, prepare: Prepare) -> None:
    """The project is the same as ever; a repository without files counts as fresh before its first commit."""
    files = Baker(tmp_path / "ordinary").bake().files()
    baker = Baker(tmp_path / "out")
    baker.folder.mkdir()
    target = baker.folder / "flask_project"
    prepare(target)
    result = baker.run(str(ROOT), "--no-input", OVERWRITE)
    assert result.returncode == 0, result.stdout + result.stderr
    made = Project(target).files()
    assert {name: made[name] for name in made if not name.startswith(".git/")} == files


def test_folder_for_the_output_is_made(baker: Baker) -> None:
    result = baker.run(str(ROOT), "--no-input", "--output-dir", "new/deep")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (baker.folder / "new/deep/flask_project/.env").is_file()


@pytest.mark.parametrize("kind", ["file", "dangling link", "closed folder", "long name"])
def test_no_folder_can_be_made(baker: Baker, kind: str) -> None:
    """One line explains it, although cookiecutter prints a traceback in these cases."""
    place = baker.folder / "place"
    baker.folder.mkdir()
    output = f"{place}/new"
    if kind == "file":
        place.touch()
    elif kind == "dangling link":
        place.symlink_to("nowhere")
    elif kind == "closed folder":
        place.mkdir(mode=0o555)
    else:
        place.mkdir()
        output = f"{place}/{'x' * 300}"
    before = snapshot(baker.folder)
    if os.getuid() == 0:
        baker.before = ["setpriv", "--bounding-set=-dac_override"]  # so that modes count for root, too
    result = baker.run(str(ROOT), "--no-input", "--output-dir", output)
    assert_refused(result, "hoose another --output-dir")
    assert snapshot(baker.folder) == before


@pytest.mark.deep
def test_no_room(baker: Baker) -> None:
    """A full disk, made for the test, is reported."""
    (baker.folder / "disk").mkdir(parents=True)
    as_root = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    mounted = 'mount -t tmpfs -o size=100k none disk && "$@"; status=$?; ls disk; exit $status'
    baker.before = ["unshare", *as_root, "--mount", "sh", "-c", mounted, "sh"]
    result = baker.run(str(ROOT), "--no-input", "--output-dir", "disk")
    assert_refused(result, "disk has no room for a project: choose another --output-dir")
