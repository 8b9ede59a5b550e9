"""Test the rules that let an update replace plumbing/ as a whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import plumbing

FOLDER = Path(plumbing.__file__).parent


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the modules that a file imports or names in its strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports are not looked at here"
            yield str(node.module)


def test_it_never_imports_app() -> None:
    for path in FOLDER.rglob("*.py"):
        packages = {name.partition(".")[0] for name in imported(ast.parse(path.read_text()))}
        assert not packages & {"app", "tests", "db_manage", "wsgi"}, path


def test_it_names_app_only_in_prose() -> None:
    """Whatever it needs of the application is passed in, never found as in resolve_name("app:create_app")."""
    for path in FOLDER.rglob("*.py"):
        tree = ast.parse(path.read_text())
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        prose = {
            ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in prose:
                assert not re.match(r"app([.:]|$)", node.value), f"{path}:{node.lineno}"


def test_it_holds_no_mark_of_the_template() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert not re.search(r"<<|>>|<%|%>|<#|#>|cookiecutter\.\w", path.read_text()), path


def test_it_says_what_an_update_does() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", plumbing.__version__)
    assert "an update replaces this folder" in str(plumbing.__doc__)
