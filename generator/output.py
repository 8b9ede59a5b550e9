"""Where the project goes: into a fresh folder only. Also writes the files that cookiecutter cannot."""

import os
import re
import secrets
import shutil
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context

from generator.errors import fail

MAY_BE_THERE = {".git"}
"""What a fresh folder may hold: `git init` and the clone of an empty repository come before the project."""
ROOM = 2**20
"""The bytes that must be free: about twice what a project of a few models needs."""


def check(folder: Path) -> None:
    """Stop unless a project can be created in a folder without touching anything that is there."""
    try:
        os.lstat(folder)
    except FileNotFoundError:
        check_writable(next(parent for parent in folder.parents if os.path.lexists(parent)))
        return
    except OSError as error:
        fail(f"{folder} cannot be created: {error.strerror}. Choose another --output-dir or project_slug")
    check_writable(folder)
    if set(os.listdir(folder)) - MAY_BE_THERE:
        fail(
            f"{folder} is not empty, so nothing was generated. Generate into a fresh --output-dir,"
            " and merge that into your project with git"
        )


def check_writable(folder: Path) -> None:
    """Stop unless entries can be listed and created in a folder that exists."""
    if not folder.is_dir():
        fail(f"{folder} is not a folder: remove it, or choose another --output-dir or project_slug")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        fail(f"{folder} is not writable: choose another --output-dir")
    disk = shutil.disk_usage(folder)
    if disk.total and disk.free < ROOM:  # some file systems report nothing
        fail(f"{folder} has no room for a project: choose another --output-dir")


def folder(context: Context) -> Path:
    """Return the folder of the new project."""
    answers = context["cookiecutter"]
    return Path(answers["_output_dir"], answers["project_slug"])


def folder_of(context: Context) -> Path:
    """Return the folder of the file that is being rendered, in the new project."""
    assert context.name
    return (folder(context) / context.name).parent


@pass_context
def written(context: Context, text: str, name: str) -> str:
    """Write a text to another file beside the one that is being rendered; leave nothing here."""
    with folder_of(context).joinpath(name).open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return ""


@pass_context
def with_env(context: Context, example: str) -> str:
    """Write .env, which only its owner can read: the example with a random key.  Return the example."""
    key = f"SECRET_KEY={secrets.token_urlsafe(32)}"
    text = re.sub(r"^SECRET_KEY=.*", key, example, flags=re.MULTILINE)
    env = folder_of(context) / ".env"
    env.touch(mode=0o600, exist_ok=False)
    env.write_text(text, encoding="utf-8", newline="\n")
    return example
