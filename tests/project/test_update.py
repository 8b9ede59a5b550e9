"""Test updating a project that its owner has changed to a newer template."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bake import ROOT, Baker, Project
from tests.support.commands import edit, manage, write_revision
from tests.support.template import (
    adopt,
    change,
    commit,
    committed,
    copy_template,
    in_template,
    record,
    set_version,
)

DEFAULT_MODELS = json.loads((ROOT / "cookiecutter.json").read_text())["models"]
COLUMN = "    phone: Mapped[str | None] = mapped_column()\n"
METHOD = "\n    def shout(self) -> str:\n        return self.username.upper()\n"
VIEW = '\n\n@blueprint.get("/about")\ndef about() -> str:\n    return "About"\n'


def append(project: Project, name: str, text: str) -> None:
    path = project.path / name
    path.write_text(path.read_text() + text)


def edit_everywhere(project: Project) -> None:
    """Change a project as its owner would: code, settings, pages and new files."""
    append(project, "app/models/user.py", COLUMN + METHOD)
    append(project, "app/views.py", VIEW)
    edit(
        project,
        "app/__init__.py",
        "    return app\n",
        '    app.jinja_env.filters["up"] = str.upper\n    return app\n',
    )
    append(project, "README.md", "\n## Our rules\n\nBe kind.\n")
    (project.path / "notes.txt").write_text("mine\n")
    (project.path / "app/templates/about.html").write_text("About\n")


def assert_edits_are_there(project: Project) -> None:
    user = (project.path / "app/models/user.py").read_text()
    assert COLUMN in user and METHOD in user
    assert VIEW in (project.path / "app/views.py").read_text()
    assert '.filters["up"]' in (project.path / "app/__init__.py").read_text()
    assert "Be kind." in (project.path / "README.md").read_text()
    assert (project.path / "notes.txt").read_text() == "mine\n"
    assert (project.path / "app/templates/about.html").exists()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A newer template, with changed, added and removed files."""
    template = copy_template(tmp_path / "newer")
    set_version(template, "0.3.0")
    change(in_template(template, "app/views.py"), '"""Show the', '"""List the')
    change(in_template(template, "plumbing/errors.py"), "An error that a user can fix", "What a user can fix")
    in_template(template, "app/news.py").write_text('"""News."""\n')
    in_template(template, "docs/production.md").unlink()
    return template


def state(project: Project) -> tuple[str, ...]:
    """Return everything that an update could leave in a repository, and the bytes of its files."""
    return (
        project.ok("git", "status", "--porcelain", "--ignored"),
        project.ok("git", "branch", "--all"),
        project.ok("git", "worktree", "list").split()[0],
        project.ok("git", "stash", "list"),
        project.ok("git", "rev-parse", "HEAD"),
        str(sorted(path.name for path in (project.path / ".git").iterdir())),
        str(project.files().keys()),
    )


# The record


def test_record(tmp_path: Path) -> None:
    """It holds the answers and the version, and is the same wherever the project is generated."""
    answers = {"project_name": "Book  Shop", "models": "# ours\nTag name:text  \nNote tag:Tag", "api": "y"}
    first = Baker(tmp_path / "a").generate(**answers)
    assert record(first) == {
        "version": "0.2.0",
        "answers": {
            "project_name": "Book Shop",
            "project_slug": "book_shop",
            "models": ["# ours", "Tag name:text", "Note tag:Tag"],
            "api": "yes",
        },
    }
    assert Baker(tmp_path / "b").generate(**answers).files() == first.files()


def test_version(project: Project) -> None:
    """The template, plumbing/, the record and the changelog all have one version."""
    version = record(project)["version"]
    assert manage(project, "--version").stdout == f"cookiecutter-flask-postgres {version}\n"
    assert project.ok("python", "-c", "import plumbing; print(plumbing.__version__)") == f"{version}\n"
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text()


ADDRESSES = {
    "https://example.org/template.git": True,
    "https://owner:password@example.org/template.git": False,
    "https://token@example.org/template.git": False,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_address(tmp_path: Path, address: str) -> None:
    """An address is recorded without passwords if it is the same everywhere, and an update uses it."""
    template = copy_template(tmp_path / "template")
    baker = Baker(tmp_path / "out")
    home = tmp_path / "out-home"
    home.mkdir()
    make_repository(template)
    # Make git find the folder at the address.
    home.joinpath(".gitconfig").write_text(f'[url "file://{template}"]\n\tinsteadOf = {address}\n')
    assert baker.run(address, "--no-input").returncode == 0
    project = Project(baker.only())
    assert (record(project).get("template") == address) == ADDRESSES[address]
    assert "password" not in (project.path / ".template.json").read_text()
    adopt(project)
    commit(project, "Start")
    if ADDRESSES[address]:
        in_template(template, "app/news.py").write_text('"""News."""\n')
        make_repository(template)
        assert "Adding: app/news.py\n" in manage(project, "update", HOME=str(home)).stdout
        # An update from elsewhere keeps the address.
        manage(project, "update", str(template))
        assert record(project)["template"] == address


def make_repository(folder: Path) -> None:
    """Commit everything in a folder."""
    identity = ["-c", "user.name=Us", "-c", "user.email=us@example.org"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "All"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


# A newer template


def test_update(baker: Baker, newer: Path) -> None:
    """Both the owner's and the template's changes are kept, and a second update finds nothing to do."""
    project = committed(baker)
    edit_everywhere(project)
    write_revision(project, "0002_more", "0001_initial", "pass")
    env = (project.path / ".env").read_bytes()
    commit(project, "Mine")
    versions = {path.name: path.read_bytes() for path in project.path.glob("migrations/versions/*.py")}

    output = manage(project, "update", str(newer)).stdout
    assert output == (
        "Template: 0.2.0 -> 0.3.0\n"
        "Adding: app/news.py\nChanging: app/views.py\nRemoving: docs/production.md\n"
        "Changing: plumbing/ (2 files)\n"
    )
    assert_edits_are_there(project)
    assert '"""List the' in (project.path / "app/views.py").read_text()
    assert "What a user can fix" in (project.path / "plumbing/errors.py").read_text()
    assert (project.path / "app/news.py").exists()
    assert not (project.path / "docs/production.md").exists()
    assert record(project)["version"] == "0.3.0"
    assert (project.path / ".env").read_bytes() == env
    assert {
        path.name: path.read_bytes() for path in project.path.glob("migrations/versions/*.py")
    } == versions
    assert project.ok("git", "status", "--porcelain") == ""
    assert project.ok("git", "log", "-1", "--format=%s") == "Update the template to 0.3.0\n"

    before = state(project)
    assert (
        manage(project, "update").stdout == "Nothing to do: the project is up to date with template 0.3.0.\n"
    )
    assert state(project) == before


def test_updates_one_after_the_other(baker: Baker, newer: Path) -> None:
    """Each merges only the template's changes since the last one, even if the version is the same."""
    project = committed(baker)
    edit_everywhere(project)
    commit(project, "Mine")
    manage(project, "update", str(newer))
    # The owner reverts a change from the first update.
    edit(project, "app/views.py", '"""List the', '"""Show the')
    (project.path / "app/news.py").unlink()
    commit(project, "No, thanks")
    change(in_template(newer, "app/seeds.py"), "change them freely", "change them as you like")
    in_template(newer, "app/news.py").write_text('"""More news."""\n')
    assert manage(project, "update").stdout == "Changing: app/seeds.py\n"
    assert '"""Show the' in (project.path / "app/views.py").read_text()
    assert not (project.path / "app/news.py").exists()
    assert_edits_are_there(project)
    change(in_template(newer, "app/seeds.py"), "change them as you like", "change them")
    assert manage(project, "update").stdout == "Changing: app/seeds.py\n"


def test_removed_files(baker: Baker, newer: Path) -> None:
    """Files that the owner has removed stay removed; files that they have moved are changed in place."""
    project = committed(baker)
    project.ok("git", "mv", "app/views.py", "app/pages.py")
    project.ok("git", "rm", "-q", "docs/database.md", "Dockerfile", "docs/production.md")
    commit(project, "Mine")
    change(in_template(newer, "docs/database.md"), "# The database", "# Our database")
    output = manage(project, "update", str(newer)).stdout
    assert "app/pages.py" in output and "docs" not in output and "Dockerfile" not in output
    assert '"""List the' in (project.path / "app/pages.py").read_text()
    for name in ("app/views.py", "docs/database.md", "Dockerfile"):
        assert not (project.path / name).exists(), name
    assert manage(project, "update").stdout.startswith("Nothing to do")


def test_conflict(baker: Baker, newer: Path) -> None:
    """A line that both have changed is a conflict; the printed commands to go on or to give up work."""
    project = committed(baker)
    edit_everywhere(project)
    edit(project, "app/views.py", '"""Show the', '"""Present the')
    commit(project, "Mine")
    before = state(project)
    result = manage(project, "update", str(newer), status=1)
    assert "Conflict: app/views.py\n" in result.stdout
    assert result.stderr == (
        "Error: Your changes and those of the template conflict. Edit the files, then run:"
        " git add app/views.py && git merge --continue. To cancel, run: git merge --abort\n"
    )
    assert project.ok("git", "diff", "--name-only", "--diff-filter=U") == "app/views.py\n"
    text = (project.path / "app/views.py").read_text()
    assert text.count("<<<<<<<") == 1 and '"""Present the' in text and '"""List the' in text
    assert "A merge is in progress" in manage(project, "update", status=2).stderr

    project.ok("git", "merge", "--abort")
    assert state(project)[:5] == before[:5]

    manage(project, "update", str(newer), status=1)
    project.ok("git", "checkout", "--ours", "app/views.py")
    project.ok("git", "add", "app/views.py")
    project.ok("git", "-c", "core.editor=true", "merge", "--continue")
    assert_edits_are_there(project)
    assert record(project)["version"] == "0.3.0"
    assert manage(project, "update").stdout.startswith("Nothing to do")


def test_check(baker: Baker, newer: Path) -> None:
    """A trial lists the files, exits with 1 if there are any, and changes nothing."""
    project = committed(baker)
    edit(project, "app/views.py", '"""Show the', '"""Present the')
    commit(project, "Mine")
    before = state(project)
    output = manage(project, "update", str(newer), "--check", status=1).stdout
    assert "Conflict: app/views.py\n" in output and "Adding: app/news.py\n" in output
    assert state(project) == before
    assert "Where is the template?" in manage(project, "update", "--check", status=2).stderr
    assert manage(project, "update", str(ROOT), "--check").stdout.startswith("Nothing to do")
    assert state(project) == before


# Projects with another history


def first_commit_with_edits(baker: Baker) -> Project:
    project = baker.bake()
    adopt(project)
    edit_everywhere(project)
    (project.path / "app/static/style.css").unlink()
    commit(project, "Start")
    return project


def test_first_commit_with_edits(baker: Baker, newer: Path) -> None:
    """The record tells which files are fresh; the newest template has the originals that it still makes."""
    change(in_template(newer, "app/views.py"), '"""List the', '"""Show the')
    project = first_commit_with_edits(baker)
    output = manage(project, "update", str(newer)).stdout
    assert output.splitlines()[1:] == [
        "Adding: app/news.py",
        "Removing: docs/production.md",
        "Changing: plumbing/ (2 files)",
    ]
    assert_edits_are_there(project)
    assert not (project.path / "app/static/style.css").exists()
    change(in_template(newer, "app/views.py"), '"""Show the', '"""List the')
    assert manage(project, "update").stdout == "Changing: app/views.py\n"
    assert_edits_are_there(project)


def test_first_commit_with_edits_by_tag(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """A repository with tags has every file as it was."""
    template = copy_template(tmp_path / "template")
    make_repository(template)
    subprocess.run(["git", "tag", "v0.2.0"], cwd=template, check=True)
    shutil.copytree(newer, template, dirs_exist_ok=True)
    make_repository(template)
    project = first_commit_with_edits(baker)
    assert "Changing: app/views.py\n" in manage(project, "update", str(template)).stdout
    assert_edits_are_there(project)


def test_first_commit_with_edits_of_unknown_files(baker: Baker, newer: Path) -> None:
    """If the original of a file is unknown, a difference is a conflict, and nothing is lost."""
    project = first_commit_with_edits(baker)
    before = state(project)
    assert "Conflict: app/views.py\n" in manage(project, "update", str(newer), status=1).stdout
    assert_edits_are_there(project)
    project.ok("git", "merge", "--abort")
    assert state(project)[:4] == before[:4]
    assert_edits_are_there(project)
    manage(project, "update", str(newer), status=1)


def test_squashed_update(baker: Baker, newer: Path) -> None:
    """A commit that squashes an update with other work is not mistaken for a fresh project."""
    project = committed(baker)
    edit_everywhere(project)
    commit(project, "Mine")
    project.ok("git", "switch", "-qc", "update")
    manage(project, "update", str(newer))
    project.ok("git", "switch", "-q", "main")
    project.ok("git", "merge", "-q", "--squash", "update")
    commit(project, "Update")
    project.ok("git", "branch", "-D", "update")
    project.ok("git", "reflog", "expire", "--expire=all", "--all")
    project.ok("git", "gc", "-q", "--prune=now")
    set_version(newer, "0.4.0")
    change(in_template(newer, "app/seeds.py"), "change them freely", "change them")
    output = manage(project, "update").stdout
    assert "Template: 0.3.0 -> 0.4.0\n" in output and "Changing: app/seeds.py\n" in output
    assert_edits_are_there(project)


def test_shallow_clone(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """A clone without history is distinguished from one whose first commit contains edits."""
    project = committed(baker)
    edit_everywhere(project)
    commit(project, "Mine")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{project.path}", clone], check=True)
    shallow = Project(clone, project.variables)
    error = manage(shallow, "update", str(newer), status=2).stderr
    assert "git fetch --unshallow" in error
    shallow.ok("git", "fetch", "-q", "--unshallow")
    manage(shallow, "update", str(newer))
    assert_edits_are_there(shallow)
    assert '"""List the' in (clone / "app/views.py").read_text()


def test_folder_of_a_repository(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """The project may be in a subfolder of its repository, and in a git worktree."""
    project = baker.bake()
    top = tmp_path / "top of all"
    top.mkdir()
    shutil.move(project.path, top / "back end")
    whole = Project(top)
    adopt(whole)
    (top / "front.txt").write_text("front\n")
    commit(whole, "Start")
    project = Project(top / "back end", whole.variables)
    edit_everywhere(project)
    commit(project, "Mine")
    tree = tmp_path / "tree"
    project.ok("git", "worktree", "add", "-q", "-b", "side", str(tree))
    for folder in (top, tree):
        project = Project(folder / "back end", whole.variables)
        assert "Adding: app/news.py\n" in manage(project, "update", str(newer)).stdout
        assert_edits_are_there(project)
        assert (folder / "front.txt").read_text() == "front\n"
        assert project.ok("git", "status", "--porcelain") == ""


def test_settings_of_the_owner(baker: Baker, newer: Path) -> None:
    """Hooks, line endings and git options neither stop a merge nor are ignored."""
    project = committed(baker)
    hook = project.path / ".git/hooks/commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    project.ok("git", "config", "merge.ff", "only")
    project.ok("git", "config", "core.autocrlf", "true")
    (project.path / ".gitattributes").write_text("*.css text eol=crlf\n")
    project.ok("git", "add", ".")
    project.ok("git", "commit", "-qnm", "Mine")
    shutil.rmtree(project.path / "app")
    project.ok("git", "checkout", "-q", ".")
    assert "Adding: app/news.py\n" in manage(project, "update", str(newer)).stdout
    assert b"\r\n" in (project.path / "app/views.py").read_bytes()
    assert b"\r\n" in (project.path / "app/news.py").read_bytes()
    assert project.ok("git", "status", "--porcelain") == ""


# Projects that cannot be updated yet


def test_not_committed(baker: Baker, newer: Path) -> None:
    """Each stage prints one line about what is missing; following it leads to the next stage."""
    project = baker.bake()
    adopt(project)
    shutil.rmtree(project.path / ".git")
    edit_everywhere(project)
    assert "this project is not in a git repository. Run: git init && git add . && git commit -m Start" in (
        manage(
            project, "update", str(newer), status=2, GIT_CEILING_DIRECTORIES=str(project.path.parent)
        ).stderr
    )
    project.ok("git", "init", "-q")
    assert "nothing has been committed yet" in manage(project, "update", str(newer), status=2).stderr
    commit(project, "Start")
    append(project, "app/views.py", "# more\n")
    assert "app/views.py is not committed" in manage(project, "update", str(newer), status=2).stderr
    (project.path / "more.txt").touch()
    assert "2 files are not committed" in manage(project, "update", str(newer), status=2).stderr
    commit(project, "More")
    change(in_template(newer, "app/views.py"), '"""List the', '"""Show the')
    manage(project, "update", str(newer))
    assert_edits_are_there(project)


BAD_TEMPLATES = {
    "nowhere": "nowhere does not exist: name a folder, a git address or a zip file.",
    "empty": "is not a template: ",
    "file:///nowhere.git": "file:///nowhere.git cannot be cloned: ",
    "nowhere.zip": "nowhere.zip does not exist",
    "broken.zip": "is not a valid zip archive",
    "https://127.0.0.1:1/x": "write git+https://127.0.0.1:1/x",
    "https://owner:secret@127.0.0.1:1/x.git": "https://127.0.0.1:1/x.git cannot be cloned: ",
    "git+https://127.0.0.1:1/x": "git+https://127.0.0.1:1/x cannot be cloned: ",
}


@pytest.mark.parametrize("name", BAD_TEMPLATES)
def test_bad_template(baker: Baker, name: str) -> None:
    project = committed(baker)
    elsewhere = baker.folder.parent / "elsewhere"
    elsewhere.joinpath("empty").mkdir(parents=True)
    elsewhere.joinpath("broken.zip").write_text("not a zip\n")
    before = state(project)
    given = str(elsewhere / name) if (elsewhere / name).exists() else name
    error = manage(project, "update", given, status=2).stderr
    assert BAD_TEMPLATES[name] in error and "secret" not in error
    assert state(project) == before


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1, "answers": {}}', "<<<<<<< yours\n"])
def test_broken_record(baker: Baker, newer: Path, content: str) -> None:
    project = committed(baker)
    (project.path / ".template.json").write_text(content)
    commit(project, "Broken")
    for words in (["update", str(newer)], ["declare"]):
        assert ".template.json is not JSON with" in manage(project, *words, status=2).stderr


def test_older_template(baker: Baker, newer: Path, tmp_path: Path) -> None:
    project = committed(baker)
    set_version(newer, "0.1.9")
    assert "is version 0.1.9, older than 0.2.0, which generated this project" in (
        manage(project, "update", str(newer), status=2).stderr
    )


def test_identity(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """Without an identity for commits, git says so, and nothing changes."""
    project = committed(baker)
    before = state(project)
    for name in list(project.variables):
        if name.startswith("GIT_"):
            project.variables[name] = ""
    error = manage(project, "update", str(newer), status=2, HOME=str(tmp_path), EMAIL="").stderr
    assert "ident" in error
    assert state(project) == before


def test_where_cookiecutter_is(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """It is found on PATH, or through uvx or pipx; otherwise one line says how to get it."""
    project = committed(baker)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("git", "python", "sh"):
        programs.joinpath(name).symlink_to(shutil.which(name, path=project.environment()["PATH"]) or "")
    path = {"PATH": str(programs)}
    assert "cookiecutter is not installed. Install it: pipx install cookiecutter" in (
        manage(project, "update", str(newer), status=2, **path).stderr
    )
    cookiecutter = shutil.which("cookiecutter", path=project.environment()["PATH"])
    for name, shift in (("pipx", "shift 2"), ("uvx", "shift")):
        program = programs / name
        program.write_text(f'#!/bin/sh\n{shift}\nexec {cookiecutter} "$@"\n')
        program.chmod(0o755)
        assert (
            "Adding: app/news.py" in manage(project, "update", str(newer), "--check", status=1, **path).stdout
        )
        program.unlink()


def test_zip_and_checkout(baker: Baker, newer: Path, tmp_path: Path) -> None:
    """The template may be a zip file, or a tag of its repository."""
    project = committed(baker)
    archive = shutil.make_archive(str(tmp_path / "template"), "zip", newer.parent, newer.name)
    assert "Adding: app/news.py" in manage(project, "update", archive, "--check", status=1).stdout
    make_repository(newer)
    subprocess.run(["git", "tag", "v0.3.0"], cwd=newer, check=True)
    in_template(newer, "app/tomorrow.py").write_text('"""Tomorrow."""\n')
    make_repository(newer)
    output = manage(project, "update", str(newer), "--checkout", "v0.3.0").stdout
    assert "app/news.py" in output and "tomorrow" not in output
    assert "Adding: app/tomorrow.py" in manage(project, "update").stdout


# Projects without a record


FIRST = ROOT / "releases" / "0.1.0.zip"


def first_edition(baker: Baker, **answers: str) -> Project:
    """Return a project from the version that kept no record, after its owner's changes."""
    given = [f"{name}={answer}" for name, answer in answers.items()]
    result = baker.run(str(FIRST), "--no-input", *given)
    assert result.returncode == 0, result.stdout + result.stderr
    project = Project(baker.only())
    adopt(project)
    return project


FORMS = {
    "yaml": "default_context:\n  project_name: Book Shop\n  models: |\n    Tag name:text\n",
    "json": '{"project_name": "Book Shop", "models": "Tag name:text"}',
    "replay": '{"cookiecutter": {"project_name": "Book Shop", "models": "Tag name:text", "_template": "."}}',
    "record": '{"version": "0.2.0", "answers": {"project_name": "Book Shop", "models": ["Tag name:text"]}}',
}


@pytest.mark.parametrize("form", FORMS)
def test_first_edition(baker: Baker, tmp_path: Path, form: str) -> None:
    """The template's script makes a record, and merges all of this version into an untouched project."""
    project = first_edition(baker, project_name="Book Shop", models="Tag name:text")
    commit(project, "Start")
    env = (project.path / ".env").read_text()
    answers = tmp_path / "answers"
    answers.write_text(FORMS[form])
    output = project.ok("python", str(ROOT / "update.py"), "--answers", str(answers))
    assert output.startswith("Template: 0.1.0 -> 0.2.0\n") and "Conflict" not in output
    assert "Removing: app/revisions.py\n" in output
    assert output.endswith("\nNext: pip install -r requirements-dev.txt\n")  # the pinned packages differ
    expected = Baker(tmp_path / "fresh").generate(project_name="Book Shop", models="Tag name:text").files()
    files = project.files()
    initial = "migrations/versions/0001_initial.py"
    assert files.pop(initial) and expected.pop(initial)
    assert files == expected
    assert (project.path / ".env").read_text() == env
    assert manage(project, "update").stdout.startswith("Nothing to do")
    assert "leave --answers out" in manage(project, "update", "--answers", str(answers), status=2).stderr


def test_first_edition_without_answers(baker: Baker, tmp_path: Path) -> None:
    project = first_edition(baker)
    (project.path / "notes.txt").write_text("mine\n")
    append(project, "app/models/user.py", COLUMN)
    commit(project, "Start")
    script = str(ROOT / "update.py")
    before = state(project)
    assert "This project has no .template.json" in project.run("python", script).stderr
    answers = tmp_path / "answers.json"
    answers.write_text('{"models": "Tag name:text"}')
    result = project.run("python", script, "--answers", str(answers))
    assert result.returncode == 2 and "lead to app/models/tag.py" in result.stderr, result.stderr
    for text in ("[]", "{}", '{"a": 1}', "models: Tag name:text\n", ""):
        answers.write_text(text)
        result = project.run("python", script, "--answers", str(answers))
        assert result.returncode == 2 and "has no answers" in result.stderr, (text, result.stderr)
    assert state(project) == before
    # The first commit contains more than the fresh project, and nothing of it is lost.
    answers.write_text(f'{{"models": {json.dumps(DEFAULT_MODELS)}}}')
    project.ok("python", script, "--answers", str(answers))
    assert COLUMN in (project.path / "app/models/user.py").read_text()
    assert (project.path / "notes.txt").read_text() == "mine\n"


# A project that has been in use, and then the newest template

LIFE = {
    "app/models/__init__.py": [
        ("from app.models.post", "from app.models.note import Note\nfrom app.models.post"),
        ('"BaseModel", ', '"BaseModel", "Note", '),
    ],
    "app/__init__.py": [
        ("    return app\n", '    app.jinja_env.filters["up"] = str.upper\n    return app\n')
    ],
    "app/config.py": [("APP_NAME =", "POSTS_PER_PAGE = 20\n    APP_NAME =")],
    "app/seeds.py": [("yield from posts\n", 'yield from posts\n    yield Note(text="Mine")\n')],
}
NOTE = """\
from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Note(BaseModel):
    __tablename__ = "notes"

    text: Mapped[str] = mapped_column(Text)
"""


def live(project: Project, page: str) -> None:
    """Use a project: add a column, model, view, filter, setting, section and migration, and change `page`."""
    edit_everywhere(project)
    edit(project, "app/__init__.py", '    app.jinja_env.filters["up"] = str.upper\n', "")
    for name, changes in LIFE.items():
        for old, new in changes:
            edit(project, name, old, new)
    (project.path / "app/models/note.py").write_text(NOTE)
    imported = re.findall(r"from app.models import (.*)", (project.path / "app/seeds.py").read_text())[0]
    names = ", ".join(sorted([*imported.split(", "), "Note"]))
    edit(project, "app/seeds.py", f"import {imported}", f"import {names}")
    text = (project.path / page).read_text()
    (project.path / page).write_text(
        re.sub("(?m)^(?= *{% block (?!title))", "<p>Welcome to us.</p>\n", text, count=1)
    )
    manage(project, "setup")
    manage(project, "migrate", "add notes")
    manage(project, "upgrade")
    commit(project, "A life")


def assert_lives_on(project: Project, url: str) -> None:
    """Assert that none of these changes is lost, and that the whole project works."""
    assert_edits_are_there(project)
    assert (project.path / "app/models/note.py").read_text() == NOTE
    for name, text in (
        ("app/config.py", "POSTS_PER_PAGE = 20"),
        ("app/seeds.py", 'yield Note(text="Mine")'),
        ("migrations/versions/0002_add_notes.py", "'notes'"),
    ):
        assert text in (project.path / name).read_text(), name
    manage(project, "setup")
    assert manage(project, "migrate", "nothing").stderr.startswith("No changes in schema detected.\n")
    assert "Checked: one head, nothing pending, models and diagram match" in manage(project, "check").stdout
    manage(project, "seed")
    project.passes_quality()
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=url)


@pytest.mark.long
def test_life_of_the_first_edition(baker: Baker, database: Callable[[], str], tmp_path: Path) -> None:
    """Only a page that the template has dropped is a conflict."""
    project = first_edition(baker)
    project.variables["DATABASE_URL"] = database()
    commit(project, "Start")
    live(project, "app/templates/index.html")
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"project_name": "Flask Project"}))
    result = project.run("python", str(ROOT / "update.py"), "--answers", str(answers))
    assert result.returncode == 1, result.stdout + result.stderr
    conflicts = [line for line in result.stdout.splitlines() if line.startswith("Conflict: ")]
    assert conflicts == ["Conflict: app/templates/index.html"]
    project.ok("git", "add", "app/templates/index.html")
    project.ok("git", "-c", "core.editor=true", "merge", "--continue")
    assert "Welcome to us." in (project.path / "app/templates/index.html").read_text()
    assert_lives_on(project, database())


@pytest.mark.long
def test_life(baker: Baker, newer: Path, database: Callable[[], str]) -> None:
    """A newer template changes other parts of the same files, and nothing is a conflict."""
    project = committed(baker)
    project.variables["DATABASE_URL"] = database()
    live(project, "app/templates/base.html")
    for name, old, new in (
        ("app/__init__.py", "    app = Flask(__name__)\n", '    app = Flask(__name__)\n    app.name = "x"\n'),
        ("app/config.py", "TESTING = True", "TESTING = True\n    PAGES = True"),
        ("app/templates/base.html", '<html lang="en">', '<html lang="en" dir="ltr">'),
        ("README.md", "## Troubleshooting\n", "## Getting help\n\nAsk.\n\n## Troubleshooting\n"),
    ):
        change(in_template(newer, name), old, new)
    output = manage(project, "update", str(newer)).stdout
    assert "Conflict" not in output and "Changing: app/config.py\n" in output
    assert "PAGES = True" in (project.path / "app/config.py").read_text()
    assert "Ask." in (project.path / "README.md").read_text()
    assert_lives_on(project, database())


# Interrupted updates


# Wraps another program: at the given step it first ends the command that started it.
STEP = """\
#!/bin/sh
if tr '\\0' ' ' <"/proc/$PPID/cmdline" | grep -q db_manage; then
    echo >>"{counter}"
    if [ "$(wc -l <"{counter}")" = "$END_AT" ]; then kill -"$SIGNAL" "$PPID"; fi
fi
exec "{program}" "$@"
"""


def test_killed(baker: Baker, newer: Path, tmp_path: Path, deep: bool) -> None:
    """At whatever step it is killed, either nothing or everything is merged."""
    project = committed(baker)
    edit_everywhere(project)
    commit(project, "Mine")
    before = state(project)
    programs = tmp_path / "programs"
    programs.mkdir()
    counter = tmp_path / "steps"
    for name in ("git", "cookiecutter"):
        original = shutil.which(name, path=project.environment()["PATH"])
        programs.joinpath(name).write_text(STEP.format(counter=counter, program=original))
        programs.joinpath(name).chmod(0o755)
    path = f"{programs}:{project.environment()['PATH']}"

    def end_at(step: int, number: signal.Signals) -> bool:
        """Update, and end it at a step; return whether the update was applied."""
        counter.write_text("")
        subprocess.run(
            ["python", "db_manage.py", "update", str(newer)],
            cwd=project.path,
            env=project.environment(PATH=path, END_AT=str(step), SIGNAL=number.name.removeprefix("SIG")),
            capture_output=True,
        )
        wait_for_git(project)
        after = state(project)
        is_merged = "0.3.0" in str(record(project)["version"])
        assert after[:4] == before[:4], step
        if is_merged:
            assert_edits_are_there(project)
            project.ok("git", "reset", "-q", "--hard", before[4].strip())
        else:
            assert after[4] == before[4], step
        return is_merged

    assert end_at(0, signal.SIGKILL)
    steps = counter.read_text().count("\n")
    ends = {
        end_at(step, number)
        for step in range(1, steps + 1)
        for number in (signal.SIGKILL, signal.SIGTERM)
        if deep or (step + number) % 5 == 0 or step > steps - 3
    }
    assert ends == {True, False}


def wait_for_git(project: Project) -> None:
    """Wait until no git process of a killed update is at work in the project."""
    while True:
        working = False
        for process in Path("/proc").glob("[0-9]*"):
            try:
                working |= os.readlink(process / "cwd") == str(project.path)
            except OSError:
                continue
        if not working:
            return
        time.sleep(0.02)
