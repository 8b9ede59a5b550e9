"""Explains mistakes in migration files, with the line where they are."""

import importlib.util
import traceback
from pathlib import Path

import sqlalchemy
from sqlalchemy.dialects import postgresql

from plumbing.current import root
from plumbing.errors import UserError

# The file is at fault for these even if a library raises them, as for a missing argument.
MISTAKES = (ImportError, NameError, TypeError)

IMPORTS = {
    "op": "from alembic import op",
    "pgvector": "import pgvector.sqlalchemy",
    "postgresql": "from sqlalchemy.dialects import postgresql",
    "sa": "import sqlalchemy as sa",
}


def explain_migration_file(error: Exception) -> str | None:
    """Return one line for an error that a line of a migration causes, else None.

    That is an error which the file itself raises, or one of MISTAKES that it causes; an error inside a
    library keeps its traceback.
    """
    if isinstance(error, UserError):
        return None
    if isinstance(error, SyntaxError):
        place = name_in_project(error.filename or "")
        return f"{place}, line {error.lineno}: {error.msg}" if place else None
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if name_in_project(frame.filename)]
    if not own or not (own[-1] is frames[-1] or isinstance(error, MISTAKES)):
        return None
    place = name_in_project(own[-1].filename)
    text = " ".join(str(error).split())
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    line = f"{place}, line {own[-1].lineno}: {message}"
    return f"{line.rstrip('.')}. {remedy}" if (remedy := find_remedy(error)) else line


def name_in_project(filename: str) -> str | None:
    """Return the path of a migration's file from the project's folder, None for other files."""
    folder = root().resolve()
    path = Path(filename).resolve()
    if path.is_relative_to(folder / "migrations" / "versions"):
        return str(path.relative_to(folder))
    return None


def find_remedy(error: Exception) -> str:
    """Return the import that is missing, or nothing."""
    if isinstance(error, NameError) and error.name:
        return f"Add: {import_of(error.name)}" if import_of(error.name) else "Import it."
    if isinstance(error, ModuleNotFoundError):
        return "Install the package that has it, or correct the import."
    return ""


def import_of(name: str) -> str:
    """Return the line that imports a name, or nothing if it cannot be guessed."""
    if name in IMPORTS:
        return IMPORTS[name]
    if hasattr(sqlalchemy, name):
        return f"from sqlalchemy import {name}"
    if hasattr(postgresql, name):
        return f"from sqlalchemy.dialects.postgresql import {name}"
    if name.isidentifier() and importlib.util.find_spec(name):
        return f"import {name}"
    return ""
