"""Finds the file and the line of a mistake.

A traceback ends where Python noticed the mistake.  That is the line, unless a class statement failed as
a whole, or the check runs only once all models are loaded: then the source is searched for the names in
the message, the clues.
"""

import ast
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import plumbing

# The names in a message: "model", "attribute", "table", "column", or any other "text".
Clues = dict[str, str]

PLUMBING = Path(plumbing.__file__).parent
# Modules that run the application's code: an error there is not theirs.
LOADERS = {PLUMBING / "discovery.py", PLUMBING / "mistakes/__init__.py"}

PATHS = ("stdlib", "platstdlib", "purelib", "platlib", "scripts")
INSTALLED = [Path(sysconfig.get_path(name)) for name in PATHS]
PACKAGES = {"site-packages", "dist-packages"}


@dataclass
class Place:
    """A line in a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}"


def shown(file: Path) -> Path:
    """Return a path as a message shows it: from the working directory, if it is below that."""
    folder = Path.cwd()
    return file.relative_to(folder) if file.is_relative_to(folder) else file


def find_place(error: Exception, clues: Clues) -> Place | None:
    """Return where a mistake is, as far as that can be found."""
    if isinstance(error, SyntaxError) and error.filename and is_owned(Path(error.filename)):
        return Place(Path(error.filename), error.lineno or 1)
    last = last_place(error)
    if last is None or not is_owned(last.file):
        return find_in_models(clues)
    for model in classes(last.file):
        if model.lineno <= last.line < model.body[0].lineno:  # the class statement itself
            return Place(last.file, line_in(model, clues))
    return last


def is_ours(error: Exception) -> bool:
    """Return whether plumbing/ has raised an error, rather than code of the application."""
    if isinstance(error, SyntaxError):
        return False
    last = last_place(error)
    return last is None or not (is_owned(last.file) or last.file in LOADERS)


def last_place(error: Exception) -> Place | None:
    """Return the last line of a traceback that is in this project."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = Path(frame.f_code.co_filename)
        if is_owned(file) or file.is_relative_to(PLUMBING):
            return Place(file, line)
    return None


def is_owned(file: Path) -> bool:
    """Return whether a file is the project's, but not of plumbing/ or an installation in there."""
    if not any(file.is_relative_to(folder) for folder in (PLUMBING.parent, Path.cwd())):
        return False
    is_installed = any(file.is_relative_to(folder) for folder in INSTALLED)
    return not (is_installed or PACKAGES & set(file.parts) or file.is_relative_to(PLUMBING))


def find_in_models(clues: Clues) -> Place | None:
    """Return where the models name what the clues name."""
    for file in source_files():
        for model in classes(file):
            if is_meant(model, clues):
                return Place(file, line_in(model, clues))
    return None


def is_meant(model: ast.ClassDef, clues: Clues) -> bool:
    """Return whether a class is that of the clues: it has the name, the table, or the text."""
    if "model" in clues:
        return model.name == clues["model"]
    if "table" in clues:
        return table_of(model) == clues["table"]
    return "text" in clues and line_of_text(model, clues["text"]) is not None


def classes_with_table(table: str) -> list[Place]:
    """Return where classes with a __tablename__ are."""
    found = [(file, model) for file in source_files() for model in classes(file)]
    return [Place(file, model.lineno) for file, model in found if table_of(model) == table]


def source_files() -> list[Path]:
    """Return the files of the application: those of its modules, and those beside them.

    A module that could not be loaded is no longer among the modules.
    """
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    loaded = [Path(file) for file in files if file]
    folders = {file.parent for file in loaded if is_owned(file)}
    return sorted(file for folder in folders for file in folder.glob("*.py"))


def classes(file: Path) -> Iterator[ast.ClassDef]:
    """Yield the classes in a file."""
    try:
        with warnings.catch_warnings():  # Python has printed its own
            warnings.simplefilter("ignore")
            tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node


def line_in(model: ast.ClassDef, clues: Clues) -> int:
    """Return the line of the attribute or the text in a class, else that of the class."""
    attribute = clues.get("attribute") or clues.get("column")
    if attribute in attributes(model):
        return attributes(model)[attribute].lineno
    return line_of_text(model, clues.get("text", "")) or model.lineno


def attributes(model: ast.ClassDef) -> dict[str | None, ast.stmt]:
    """Return the statements in a class that assign to an attribute, by its name."""
    found: dict[str | None, ast.stmt] = {}
    for statement in model.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = statement
    return found


def table_of(model: ast.ClassDef) -> str | None:
    """Return the __tablename__ of a class, if it is written there."""
    match attributes(model).get("__tablename__"):
        case ast.Assign(value=ast.Constant(value=str(name))):
            return name
    return None


def line_of_text(model: ast.ClassDef, text: str) -> int | None:
    """Return the first line in a class with a string, or else with a name; not its own table."""
    own_table = attributes(model).get("__tablename__")
    nodes = [node for part in model.body if part is not own_table for node in ast.walk(part)]
    strings = [node for node in nodes if isinstance(node, ast.Constant) and node.value == text]
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id == text]
    return min((node.lineno for node in strings or names), default=None)
