"""Make other versions of the template: copies that a test changes."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

from tests.support.bake import ROOT, TEMPLATE, TOOLS, Baker, Project, warm_cookiecutter

PARTS = ("cookiecutter.json", "generator", "hooks", "releases", "templates", TEMPLATE.name)
VERSION = '__version__ = "'
KEPT = re.compile(
    r"(app|tests)/(templates|views|test_views).*|README\.md|docs/application\.md|\.template\.files|migrations/versions/.*"
)
"""The files that a longer declaration leaves alone: the first page, the list of files, and migrations."""
SETTINGS = """
[user]
    name = Somebody Else
    email = else@example.org
[init]
    defaultBranch = trunk
[merge]
    ff = only
    log = true
    verifySignatures = true
    conflictStyle = diff3
    stat = true
[commit]
    gpgSign = false
    verbose = true
[core]
    autocrlf = input
    commentChar = %
    abbrev = 12
[color]
    ui = always
[log]
    showSignature = true
    decorate = full
[format]
    pretty = fuller
[diff]
    noprefix = true
    external = false
    renames = false
[status]
    branch = true
    short = true
[rerere]
    enabled = true
"""
"""An unusual global git configuration, in which nothing changes commit ids."""


def copy_template(folder: Path) -> Path:
    """Return a copy of the template, without its tests and lessons."""
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def in_template(template: Path, name: str) -> Path:
    """Return the path of one of the project's files in a template."""
    return template / TEMPLATE.name / name


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that occurs exactly once in a file."""
    text = path.read_text()
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new))


def set_version(template: Path, version: str) -> None:
    """Change the version number of a template."""
    path = in_template(template, "plumbing/__init__.py")
    before, after = path.read_text().split(VERSION)
    path.write_text(before + VERSION + version + after[after.index('"') :])


def committed(baker: Baker, **answers: str) -> Project:
    """Return a project whose fresh files are committed and whose commands find cookiecutter."""
    project = baker.bake(**answers)
    adopt(project)
    commit(project, "Start")
    return project


def adopt(project: Project) -> None:
    """Make a project a git repository, and give its commands what an owner's machine has."""
    names = {
        f"GIT_{who}_{what}": "owner@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    project.variables |= names
    project.variables["PATH"] = f"{project.environment()['PATH']}:{warm_cookiecutter().programs()}:{TOOLS}"
    project.ok("git", "init", "-q", "-b", "main")


def commit(project: Project, message: str) -> None:
    project.ok("git", "add", ".")
    project.ok("git", "commit", "-q", "--allow-empty", "-m", message)


def record(project: Project) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((project.path / ".template.json").read_text())
    return content


def is_kept(name: str) -> bool:
    """Return whether a file may differ from what declaring all models together gives."""
    return KEPT.fullmatch(name) is not None
