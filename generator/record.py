"""The record of a project's origin: the answers, the version of the template, and the original files."""

import json
import re
from hashlib import sha1
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit

TEMPLATE = Path(__file__).resolve().parents[1]
PLUMBING = TEMPLATE / "<<cookiecutter.project_slug>>" / "plumbing" / "__init__.py"
ADDRESS = re.compile(r"(?:https?|ssh|git|git\+\w+)://.+|(?:gh|gl|bb):.+|[\w.-]+@[\w.-]+:.+")
"""What cookiecutter finds on every machine, unlike the path of a folder."""
FILES = ".template.files"
NOT_LISTED = (".git/", ".template.", "migrations/versions/")
"""The beginnings of the paths that an update leaves alone, as it does .env, or always writes."""


def version() -> str:
    """Return the version of the template, which is in plumbing/__init__.py of the project."""
    text = PLUMBING.read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found
    return found[1]


def record(answers: dict[str, Any], template: str) -> str:
    """Return .template.json.

    `answers` are a name and a text for each question; `template` is what cookiecutter was given.
    """
    models = dedent(answers["models"]).strip("\n")
    lines = [line.rstrip() for line in models.split("\n")]
    content: dict[str, Any] = {"version": version()}
    if is_public(template):
        content["template"] = template
    content["answers"] = answers | {"models": lines}
    return json.dumps(content, indent=2, ensure_ascii=False)


def is_public(template: str) -> bool:
    """Return whether a template is an address that is the same on every machine, and without a password."""
    if not ADDRESS.fullmatch(template):
        return False
    parts = urlsplit(template)
    is_web = parts.scheme in ("http", "https")
    return not (parts.password or (is_web and parts.username))


def write_files(folder: Path) -> str:
    """Write .template.files: the name that git gives to the content of each file of a project.

    An update finds there which files the owner has changed.  The first line is a sum of the others, because git
    merges two lists into one that was never made.  Returns nothing, so that the hook can call it.
    """
    lines = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name != ".env" and not name.startswith(NOT_LISTED) and path.is_file():
            lines.append((name, blob(path.read_bytes())))
    text = "".join(f"{content} {name}\n" for name, content in sorted(lines))
    total = sha1(text.encode(), usedforsecurity=False).hexdigest()
    folder.joinpath(FILES).write_text(f"{total}\n{text}", encoding="utf-8", newline="\n")
    return ""


def blob(content: bytes) -> str:
    """Return the object id that `git hash-object` prints."""
    return sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
