"""Test `make diff`, which shows what owners get from a newer template."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.bake import ROOT, Baker, Project, environment
from tests.support.template import SETTINGS, change, in_template

OLD_ANSWERS = "default_context:\n  project_name: Book Shop\n  models: |\n    Tag name:text\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A clone of the template, with the release 0.3.0 and a change after it."""
    ignored = shutil.ignore_patterns("build", ".git", "*_cache", "__pycache__")
    folder = shutil.copytree(ROOT, tmp_path / "copy", ignore=ignored)
    folder.joinpath("build").mkdir()
    folder.joinpath("build", "tools").symlink_to(ROOT / "build" / "tools")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "Release")
    git(folder, "tag", "v0.3.0")
    change(in_template(folder, "app/views.py"), '"""Show the', '"""List the')
    in_template(folder, "app/news.py").write_text('"""News."""\n')
    in_template(folder, "docs/production.md").unlink()
    return folder


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def diff(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # `make test` has installed more than build/tools/bake would.
    command = ["make", "--old-file=build/tools/bake", "diff", *words]
    return subprocess.run(command, cwd=folder, env=environment(**variables), capture_output=True, text=True)


def files(output: str) -> list[str]:
    """Return the files in a diff."""
    return re.findall(r"^diff --git [ab]/\S+ [ab]/(\S+)$", output, re.MULTILINE)


def test_diff(copy: Path, tmp_path: Path) -> None:
    """A version may be a release, tag, commit or folder; the diff leads from one project to the other."""
    head = git(copy, "rev-parse", "HEAD").strip()
    settings = tmp_path / "settings"
    settings.write_text(SETTINGS.replace("ui = always", "ui = never"))
    outputs = []
    for words in (
        ["FROM=0.3.0"],
        ["FROM=v0.3.0", "TO=."],
        [f"FROM={head[:10]}", f"TO={copy}"],
        [f"FROM={ROOT}"],
    ):
        result = diff(copy, *words, GIT_CONFIG_GLOBAL=str(settings))
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        outputs.append(result.stdout)
    assert len(set(outputs)) == 1
    assert files(outputs[0]) == ["app/news.py", "app/views.py", "docs/production.md"]
    assert '\n-    """Show the posts' in outputs[0] and '\n+    """List the posts' in outputs[0]
    assert diff(copy, "FROM=.", f"TO={head}").stdout.count('+    """Show') == 1
    assert diff(copy, "FROM=HEAD", "TO=v0.3.0").stdout == ""
    assert git(copy, "status", "--porcelain", "--ignored").count("\n") == 4  # three files, and build/
    project = Baker(tmp_path / "old").generate()
    subprocess.run(["git", "apply"], input=outputs[0], cwd=project.path, check=True, text=True)
    result_of_today = Baker(tmp_path / "new")
    assert result_of_today.run(str(copy), "--no-input").returncode == 0
    expected = Project(result_of_today.only()).files()
    expected[".template.files"] = project.files()[".template.files"]
    assert project.files() == expected


def test_diff_of_the_first_release(copy: Path) -> None:
    """The first release is a zip file, and the answers come from a file."""
    answers = copy / "answers.yaml"
    answers.write_text(OLD_ANSWERS)
    result = diff(copy, "FROM=0.1.0", "TO=0.3.0", "ANSWERS=answers.yaml")
    assert result.returncode == 0, result.stderr
    found = files(result.stdout)
    assert "app/models/tag.py" in found or "app/templates/tags.html" in found
    assert ".template.json" in found and "plumbing/__init__.py" in found and ".env.example" in found
    assert ".env" not in found and ".template.files" not in found


BAD: dict[str, tuple[list[str], str]] = {
    "no version": ([], "FROM is missing. Name a release, a tag, a commit or a folder: make diff FROM=0.1.0"),
    "unknown": (["FROM=it's"], "it's is not a release, a tag, a commit or a folder with a template"),
    "to": (["FROM=0.3.0", "TO=docs"], "docs is not a release, a tag, a commit or a folder with a template"),
    "answers": (
        ["FROM=0.3.0", "ANSWERS=x.yaml"],
        "x.yaml does not exist: ANSWERS is a file such as examples/shop.yaml",
    ),
    "models": (["FROM=0.3.0", "ANSWERS=bad.yaml"], "0.3.0 makes no project: models:1:1: model 'tag' must"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_diff(copy: Path, name: str) -> None:
    """One line precedes make's own."""
    (copy / "bad.yaml").write_text(OLD_ANSWERS.replace("Tag", "tag"))
    words, message = BAD[name]
    result = diff(copy, *words)
    assert result.returncode != 0 and result.stdout == ""
    first, last = result.stderr.splitlines()
    assert first.startswith(message) and last.startswith("make: *** ")
