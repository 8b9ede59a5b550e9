"""Merges imports: a name that the code uses stays, one that a side removed and nothing uses goes."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from plumbing.merging.import_lines import (
    Import,
    imports_of,
    lines_of,
    own_packages,
    plain_module,
    sort_key,
)
from plumbing.merging.source import IMPORTS, INDENT, Block, CannotTakeApart, Key, Piece

RUNTIME, TYPING = "runtime", "typing"
Places = dict[Import, str]
"""Where each import is: in the module, or below `if TYPE_CHECKING`."""


class Versions(NamedTuple):
    """The three versions of a module."""

    base: Block
    ours: Block
    theirs: Block


def runs(block: Block) -> Iterator[tuple[str, Piece]]:
    """Yield the place of each run of imports, and the run."""
    for piece in block.pieces:
        if piece.key[0] == IMPORTS:
            yield RUNTIME, piece
        elif piece.block is not None:
            for inner in piece.block.pieces:
                if inner.key[0] == IMPORTS:
                    yield TYPING, inner


def places_of(block: Block) -> Places:
    """Return every import at the level of a module, and where it is."""
    places: Places = {}
    for place, run in runs(block):
        for statement in run.imports:
            for name in imports_of(statement):
                if places.get(name) != RUNTIME:
                    places[name] = place
    return places


def wanted_imports(
    versions: Versions, used: set[str], used_by_theirs: set[str], defined: set[str]
) -> Places:
    """Return the imports of the merged module.

    `used` are the names that its code uses, `used_by_theirs` those that the template's uses, and
    `defined` those that it gives to something else.  Raises CannotTakeApart if both sides added a
    name for different things.
    """
    base, ours, theirs = (places_of(block) for block in versions)
    wanted: Places = {}
    for name, place in ours.items():
        replaced = is_bound(name, theirs)
        if name in theirs:
            wanted[name] = theirs[name] if base.get(name) == place else place
        elif name not in base or (name.binding in used and not replaced):
            wanted[name] = place
    for name, place in theirs.items():
        if name in ours:
            continue
        is_taken = is_bound(name, wanted) or name.binding in defined
        if name in base:
            is_wanted = name.binding in used and not is_taken
        else:
            is_wanted = name.binding in used or name.binding not in used_by_theirs
            if is_wanted and is_taken:
                raise CannotTakeApart(f"two meanings of {name.binding}")
        if is_wanted:
            wanted[name] = place
    for name, place in base.items():
        is_gone = name not in ours and name not in theirs
        is_taken = is_bound(name, wanted) or name.binding in defined
        if is_gone and name.binding in used and not is_taken:
            wanted[name] = place
    return wanted


def is_bound(name: Import, others: Iterable[Import]) -> bool:
    """Return whether another import gives something to the same name."""
    if name.is_star or not name.module:  # `import a.b` and `import a.c` share the name a
        return False
    return any(other.binding == name.binding and other != name for other in others)


# The statements


def with_imports(pieces: list[Piece], versions: Versions, wanted: Places) -> list[Piece]:
    """Return the pieces of a module with the statements of its wanted imports."""
    fillers = {place: Filler(versions, place, wanted) for place in (RUNTIME, TYPING)}
    filled: list[Piece] = []
    for piece in pieces:
        if piece.block is not None:
            inner = fillers[TYPING].fill(piece.block.pieces)
            filled.append(replace(piece, block=replace(piece.block, pieces=tuple(inner))))
        else:
            filled.append(piece)
    return fillers[RUNTIME].fill(filled)


class Filler:
    """Writes the imports of one place into the runs there."""

    def __init__(self, versions: Versions, place: str, wanted: Places) -> None:
        self.statements: list[dict[Key, list[Piece]]] = []
        for block in versions:
            found: dict[Key, list[Piece]] = {}
            for where, run in runs(block):
                if where == place:
                    found.setdefault(run.key, []).extend(run.imports)
            self.statements.append(found)
        found_runs = [run.imports for block in versions for _, run in runs(block)]
        self.own_packages = own_packages(found_runs)
        self.left = {name for name, where in wanted.items() if where == place}
        self.indent = " " * INDENT if place == TYPING else ""

    def fill(self, pieces: Iterable[Piece]) -> list[Piece]:
        """Return the pieces, the runs among them with their statements; a run without is left out."""
        pieces = list(pieces)
        keys = [piece.key for piece in pieces if piece.key[0] == IMPORTS]
        own = {key: self.kept(self.statements[1].get(key, [])) for key in keys}
        if keys:
            with_some = [key for key in keys if self.statements[1].get(key)]
            self.add_missing(own[(with_some or keys)[0]])
        filled = []
        for piece in pieces:
            if piece.key[0] != IMPORTS:
                filled.append(piece)
            elif own[piece.key]:
                filled.append(replace(piece, imports=tuple(own[piece.key])))
        return filled

    def kept(self, statements: list[Piece]) -> list[Piece]:
        """Return the owner's statements, with what is wanted of them and of their module."""
        kept = []
        for statement in statements:
            before = imports_of(statement)
            after = [name for name in before if name in self.left]
            module = plain_module(statement)
            if module:
                rivals = {name for name in self.left if name.fits(module)}
                own = {name for other in statements for name in imports_of(other)}
                after += sorted(rivals - own, key=lambda name: name.name)
            self.left -= set(after)
            if after:
                kept.append(self.rewritten(statement, after))
        return kept

    def rewritten(self, statement: Piece, names: list[Import]) -> Piece:
        """Return a statement of the owner's for other names, if they are others."""
        before = set(imports_of(statement))
        twin = self.twin(set(names))
        if before == set(names):
            originals = [p for found in self.statements[0].values() for p in found]
            if twin and any(statement.code == original.code for original in originals):
                return replace(statement, lines=twin.lines, nodes=twin.nodes)
            return statement
        if twin and "#" not in statement.code:
            return replace(statement, lines=twin.lines, nodes=twin.nodes)
        lines = lines_of(names, self.indent, statement)
        return replace(statement, lines=lines, nodes=(parsed(lines),))

    def twin(self, names: set[Import]) -> Piece | None:
        """Return the template's statement for exactly these names."""
        for statements in self.statements[2].values():
            for statement in statements:
                if set(imports_of(statement)) == names:
                    return statement
        return None

    def add_missing(self, statements: list[Piece]) -> None:
        """Insert statements for what is still wanted, where ruff would sort them."""
        groups: dict[object, list[Import]] = {}
        for name in sorted(self.left):
            groups.setdefault(name.module if name.is_plain else name, []).append(name)
        self.left = set()
        for names in groups.values():
            twin = self.twin(set(names))
            statement = twin or new_statement(names, self.indent)
            key = sort_key(statement, self.own_packages)
            position = len(statements)
            for number, other in enumerate(statements):
                if sort_key(other, self.own_packages) > key:
                    position = number
                    break
            statements.insert(position, statement)


def new_statement(names: list[Import], indent: str) -> Piece:
    lines = lines_of(names, indent)
    return Piece((IMPORTS,), 0, (), lines, (parsed(lines),))


def parsed(lines: Iterable[str]) -> ast.stmt:
    """Return an import as a node; its lines may be indented."""
    return ast.parse("\n".join(lines).strip()).body[0]
