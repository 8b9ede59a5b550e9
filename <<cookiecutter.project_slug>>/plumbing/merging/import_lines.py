"""Import statements: what they import, how they are written, and how ruff sorts them."""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from plumbing.merging.source import INDENT, Piece

WIDTH = 100
Packages = frozenset[str]
FOLDERS = ("app/", "plumbing/", "tests/")
FIRST_PARTY = {folder.removesuffix("/") for folder in FOLDERS} | {"wsgi", "db_manage"}
"""The packages and modules of a project, which ruff lists after those of others."""


class Import(NamedTuple):
    """One name that a statement imports; without a module it is that of `import name`."""

    module: str
    name: str
    alias: str

    @property
    def binding(self) -> str:
        """The name by which code uses it."""
        if self.alias:
            return self.alias
        return self.name if self.module else self.name.split(".")[0]

    @property
    def is_star(self) -> bool:
        return self.name == "*"

    @property
    def is_plain(self) -> bool:
        """Whether it shares a statement with other names of its module."""
        return bool(self.module) and not self.alias and not self.is_star

    def fits(self, module: str) -> bool:
        """Return whether it can be in the statement for a module's names."""
        return self.is_plain and self.module == module

    def __str__(self) -> str:
        return f"{self.name} as {self.alias}" if self.alias else self.name


def imports_of(statement: Piece) -> list[Import]:
    """Return what a statement imports."""
    node = statement.node
    assert isinstance(node, ast.Import | ast.ImportFrom)
    module = ""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
    return [Import(module, alias.name, alias.asname or "") for alias in node.names]


def plain_module(statement: Piece) -> str:
    """Return the module of which a statement imports names without aliases, or nothing."""
    names = imports_of(statement)
    return names[0].module if all(name.is_plain for name in names) else ""


# As text


def lines_of(names: list[Import], indent: str, original: Piece | None = None) -> tuple[str, ...]:
    """Return the lines of a statement; comments and a magic trailing comma of the original stay."""
    comments: dict[str, str] = {}
    is_split = False
    if original is not None:
        comments = comments_of(original)
        is_split = has_magic_comma(original)
    module = names[0].module
    names = sorted(names, key=lambda name: name_key(name.name))
    start = f"{indent}from {module} import" if module else f"{indent}import"
    last = comments.get("", "")
    line = f"{start} {', '.join(map(str, names))}"
    has_comments = any(str(name) in comments for name in names)
    if not module or (len(line) <= WIDTH and not has_comments and not is_split):
        return (f"{line}{last}",)
    inner = indent + " " * INDENT
    lines = [f"{inner}{name},{comments.get(str(name), '')}" for name in names]
    return (f"{start} ({last}", *lines, f"{indent})")


def comments_of(statement: Piece) -> dict[str, str]:
    """Return the comment behind each name of a statement, and under "" that of the statement."""
    comments: dict[str, str] = {}
    names = {str(name) for name in imports_of(statement)}
    for line in statement.lines:
        code, hash_sign, comment = line.partition("#")
        if hash_sign:
            word = code.strip().removesuffix(",")
            key = word if word in names else ""
            comments.setdefault(key, f"  #{comment}")
    return comments


def has_magic_comma(statement: Piece) -> bool:
    """Return whether a statement that would fit on one line has been split."""
    text = statement.code.strip()
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except tokenize.TokenError:
        return False
    words = [token.string for token in tokens if token.type == tokenize.OP]
    if words[-2:] != [",", ")"]:
        return False
    names = imports_of(statement)
    line = f"from {names[0].module} import {', '.join(map(str, names))}"
    indent = len(statement.lines[0]) - len(statement.lines[0].lstrip())
    return len(line) + indent <= WIDTH


def run_lines(
    statements: Sequence[Piece], sources: Sequence[Sequence[Piece]], own: Packages
) -> tuple[str, ...]:
    """Return the lines of a run of imports.

    `sources` are the runs in which statements may follow each other, the owner's first: blank
    lines stay as they are there, and elsewhere each section is followed by one.
    """
    lines: list[str] = []
    for previous, statement in pairwise((None, *statements)):
        assert statement is not None
        if previous is not None:
            lines += [""] * blanks_between(previous, statement, sources, own)
        lines += statement.comments
        lines += statement.lines
    return tuple(lines)


def blanks_between(
    previous: Piece, statement: Piece, sources: Sequence[Sequence[Piece]], own: Packages
) -> int:
    identities = (identity(previous), identity(statement))
    for source in sources:
        for first, second in pairwise(source):
            if (identity(first), identity(second)) == identities:
                return second.blanks
    return int(sort_key(previous, own)[0] != sort_key(statement, own)[0])


def identity(statement: Piece) -> object:
    """Return what a statement imports, apart from the names of a module."""
    return plain_module(statement) or imports_of(statement)


# As ruff sorts them


def own_packages(runs: Iterable[Sequence[Piece]]) -> Packages:
    """Return the packages of the project: what is imported without a blank line beside app."""
    own = set(FIRST_PARTY)
    for run in runs:
        groups: list[set[str]] = []
        for statement in run:
            if statement.blanks or not groups:
                groups.append(set())
            groups[-1].add(package_of(statement))
        for group in groups:
            own |= set() if group.isdisjoint(FIRST_PARTY) else group
    return frozenset(own)


def package_of(statement: Piece) -> str:
    first = imports_of(statement)[0]
    return (first.module or first.name).split(".")[0]


def sort_key(statement: Piece, own: Packages) -> tuple[object, ...]:
    """Return the key by which statements are sorted; its first element is the section."""
    first = min(imports_of(statement), key=lambda name: name_key(name.name))
    module = first.module or first.name
    is_from = bool(first.module)
    member = (name_key(first.name), first.alias) if is_from else ()
    dots = len(module) - len(module.lstrip("."))
    return (section(module, own), is_from, -dots, natural(module.lower()), natural(module), member)


def section(module: str, own: Packages) -> int:
    """Return the number of a module's section: future, standard library, packages, ours, relative."""
    package = module.split(".")[0]
    if module == "__future__":
        return 0
    if module.startswith("."):
        return 4
    if package in sys.stdlib_module_names:
        return 1
    return 3 if package in own else 2


def name_key(name: str) -> tuple[object, ...]:
    """Return the key that sorts names: constants, classes, functions."""
    if name.isupper() and len(name) > 1:
        kind = 0
    elif name[:1].isupper():
        kind = 1
    else:
        kind = 2
    return kind, natural(name.lower()), natural(name)


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return the key that sorts Item2 before Item10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(False, int(part), part) if part.isdigit() else (True, 0, part) for part in parts]
