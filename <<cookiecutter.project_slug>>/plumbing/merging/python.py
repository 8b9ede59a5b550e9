"""The merge of Python files, statement by statement."""

import ast
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from plumbing.merging import elements, fields, import_lines, imports, names, seeds, spacing
from plumbing.merging.imports import Versions
from plumbing.merging.sequence import merged_order, merged_value
from plumbing.merging.source import (
    DOCSTRING,
    EMPTY,
    IMPORTS,
    TYPE_CHECKING,
    Block,
    CannotTakeApart,
    Key,
    Piece,
    body_of,
    take_apart,
)
from plumbing.merging.spacing import CLASS, FUNCTION, MODULE
from plumbing.merging.text import Merged, TextMerge

SEEDS = "app/seeds.py"
FACTORY = "app/__init__.py"
Pieces = tuple[Piece | None, Piece, Piece]
"""One piece in the base, if it is there, in ours and in theirs."""


def merge_python(path: str, base: str, ours: str, theirs: str, text_merge: TextMerge) -> Merged:
    """Merge three versions of a Python file; what cannot be taken apart is merged line by line."""
    try:
        versions = Versions(*(take_apart(text) for text in (base, ours, theirs)))
        merged = Merger(path, text_merge).merge_module(versions)
        if not merged.has_conflicts:
            ast.parse(merged.text)
        return merged
    except (CannotTakeApart, SyntaxError, ValueError, RecursionError):
        return text_merge(base, ours, theirs)


class Merger:
    """Merges the blocks of a file and the pieces in them."""

    def __init__(self, path: str, text_merge: TextMerge) -> None:
        self.path = path
        self.text_merge = text_merge

    # Modules

    def merge_module(self, versions: Versions) -> Merged:
        """Merge three modules: first their code, then the imports that it needs."""
        pieces = self.merge_pieces(versions, MODULE)
        wanted = imports_wanted_by(pieces, versions)
        filled = imports.with_imports(pieces, versions, wanted)
        finished = [finished_piece(piece, versions) for piece in filled]
        present = [piece for piece in finished if piece.lines]
        sources = (versions.ours, versions.theirs)
        head = merged_value(versions.base.head, versions.ours.head, versions.theirs.head)
        tail = merged_value(versions.base.tail, versions.ours.tail, versions.theirs.tail)
        lines = [*(head or ()), *spacing.rendered(present, MODULE, sources), *(tail or ())]
        has_conflicts = any(piece.has_conflicts for piece in present)
        return Merged("".join(f"{line}\n" for line in lines), has_conflicts)

    # Blocks

    def merge_pieces(self, versions: Versions, level: str) -> list[Piece]:
        """Return the merged pieces of a block, without the imports in them."""
        base, ours, theirs = (block.by_key() for block in versions)
        present = theirs | ours
        if len({frozenset(block.repeated()) for block in versions}) > 1:
            raise CannotTakeApart("several definitions of one name, of which some are gone")

        def comes_first(own: Key, new: Key) -> bool:
            if own == DOCSTRING:
                return True
            if level != CLASS:
                return False
            return spacing.rank(ours[own]) < spacing.rank(present[new])

        # An import that the merged code needs is restored, even if one side removed it.
        known = [key for key in base if level != MODULE or not is_for_imports(key)]
        order = merged_order(known, ours, theirs, comes_first)
        pieces: list[Piece] = []
        for key in order:
            three = (base.get(key), ours.get(key), theirs.get(key))
            if level == MODULE and is_for_imports(key):
                pieces.append(self.merge_imports(*three))
            else:
                merged = self.merge_piece(*three)
                pieces += [] if merged is None else [merged]
        return pieces

    def merge_piece(
        self, base: Piece | None, ours: Piece | None, theirs: Piece | None
    ) -> Piece | None:
        """Return one piece merged, or None if one side has removed it."""
        if ours is None:
            return theirs
        if theirs is None:
            if base is None:
                return ours
            return None if same_code(base, ours) else self.merge_removed(base, ours)
        comments = ours.comments
        if base is not None and base.comments == ours.comments:
            comments = theirs.comments
        merged = self.merge_present((base, ours, theirs))
        return replace(merged, comments=comments)

    def merge_removed(self, base: Piece, ours: Piece) -> Piece:
        """Merge a piece that the owner has changed and the template has removed."""
        try:
            return replace(ours, lines=elements.without_base(base, ours))
        except CannotTakeApart:
            return self.merge_lines(base, ours, None)

    def merge_present(self, pieces: Pieces) -> Piece:
        """Merge a piece that both sides have."""
        base, ours, theirs = pieces
        if same_code(ours, theirs) or same_code(base, theirs):
            return ours
        if same_code(base, ours):
            return replace(theirs, key=ours.key)
        try:
            return self.merge_structure(pieces)
        except CannotTakeApart:
            return self.merge_lines(base, ours, theirs)

    def merge_structure(self, pieces: Pieces) -> Piece:
        """Merge what is in a piece.  Raises CannotTakeApart if its lines must be merged."""
        base, ours, theirs = pieces
        if ours.key[0] == "class":
            return self.merge_body(pieces, CLASS)
        if self.path == SEEDS and ours.key == ("function", "rows") and base is not None:
            merged = self.merge_body(pieces, FUNCTION)
            bodies = [body_of(piece) for piece in (base, theirs)]
            return merged if merged.has_conflicts else fields.with_changed_fields(merged, *bodies)
        if self.path == FACTORY and ours.key == ("function", "create_app") and base is not None:
            refuse_changed_by_both(*(body_of(piece) for piece in (base, ours, theirs)))
            return self.merge_body(pieces, FUNCTION)
        if ours.key[0] == "name":
            merge = seeds.merge_rows if self.path == SEEDS else elements.merge_elements
            return replace(ours, lines=merge(base, ours, theirs))
        raise CannotTakeApart("a statement without a structure")

    def merge_body(self, pieces: Pieces, level: str) -> Piece:
        """Merge a class or a function whose body consists of pieces."""
        base, ours, theirs = pieces
        blocks = Versions(EMPTY if base is None else body_of(base), body_of(ours), body_of(theirs))
        merged = self.merge_pieces(blocks, level)
        headers = ["".join(f"{line}\n" for line in block.header) for block in blocks]
        header = self.text_merge(*headers)
        tail = merged_value(blocks.base.tail, blocks.ours.tail, blocks.theirs.tail) or ()
        lines = spacing.rendered(merged, level, (blocks.ours, blocks.theirs))
        has_conflicts = header.has_conflicts or any(piece.has_conflicts for piece in merged)
        all_lines = (*header.text.splitlines(), *lines, *tail)
        nodes = ours.nodes + theirs.nodes
        return replace(ours, lines=all_lines, nodes=nodes, has_conflicts=has_conflicts)

    def merge_imports(self, base: Piece | None, ours: Piece | None, theirs: Piece | None) -> Piece:
        """Merge what is not an import in blocks of `if TYPE_CHECKING`; one missing is an empty one.

        Imports are merged later: `wanted_imports` is about all of them.
        """
        present = ours or theirs
        assert present is not None
        if present.block is None:
            return present
        blocks = [piece.block if piece and piece.block else EMPTY for piece in (base, ours, theirs)]
        inner = self.merge_pieces(Versions(*blocks), MODULE)
        return replace(present, block=replace(present.block, pieces=tuple(inner)))

    def merge_lines(self, base: Piece | None, ours: Piece, theirs: Piece | None) -> Piece:
        """Let git merge the lines of a piece."""
        texts = [f"{piece.code}\n" if piece else "" for piece in (base, ours, theirs)]
        merged = self.text_merge(*texts)
        lines = tuple(merged.text.removesuffix("\n").split("\n"))
        nodes = ours.nodes + (theirs.nodes if theirs else ())
        return replace(ours, lines=lines, nodes=nodes, has_conflicts=merged.has_conflicts)


def refuse_changed_by_both(base: Block, ours: Block, theirs: Block) -> None:
    """Raise CannotTakeApart if both sides call a function otherwise than the base did.

    The statements of a factory are known by their text, so both calls would be kept.
    """
    old, own, new = (block.by_key() for block in (base, ours, theirs))
    gone = {called(old[key]) for key in old if key not in own and key not in new}
    added = {called(own[key]) for key in own if key not in old}
    both = gone & added & {called(new[key]) for key in new if key not in old}
    if both - {None}:
        raise CannotTakeApart("both sides have changed a call")


def called(piece: Piece) -> str | None:
    """Return the function that a statement calls, or None."""
    match piece.node:
        case ast.Expr(value=ast.Call(func=function)):
            return ast.unparse(function)
    return None


def same_code(first: Piece | None, second: Piece | None) -> bool:
    return first is not None and second is not None and first.code == second.code


def is_for_imports(key: Key) -> bool:
    return key[0] in (IMPORTS, TYPE_CHECKING)


# The imports of a merged module


def imports_wanted_by(pieces: list[Piece], versions: Versions) -> imports.Places:
    """Return the imports that a merged module needs, and `TYPE_CHECKING` if a block is left."""
    code = [node for piece in pieces for node in code_of(piece)]
    used = names.used_names(code)
    defined = names.defined_names(code)
    used_by_theirs = names.used_names(
        node for piece in versions.theirs.pieces for node in code_of(piece)
    )
    guards = [piece for piece in versions.theirs.pieces if piece.block is not None]
    used_by_theirs |= names.used_names(tests_of(guards))
    wanted = imports.wanted_imports(versions, used, used_by_theirs, defined)
    blocks = [piece for piece in pieces if piece.block is not None]
    has_code = any(list(code_of(piece)) for piece in blocks)
    if has_code or imports.TYPING in wanted.values():
        used |= names.used_names(tests_of(blocks))
        wanted = imports.wanted_imports(versions, used, used_by_theirs, defined)
    return wanted


def tests_of(guards: list[Piece]) -> list[ast.expr]:
    return [guard.node.test for guard in guards if isinstance(guard.node, ast.If)]


def code_of(piece: Piece) -> Iterable[ast.stmt]:
    """Return the statements of a piece that are not imports; of one with conflicts, both sides."""
    if piece.imports:
        return []
    if piece.block is not None:
        return [node for inner in piece.block.pieces for node in code_of(inner)]
    try:
        return ast.parse(piece.code).body
    except SyntaxError:  # it has conflict markers, or is indented
        return piece.nodes


def finished_piece(piece: Piece, versions: Versions) -> Piece:
    """Return a piece of a module with its lines, which are missing as long as imports are merged."""
    if piece.imports:
        runs = [run.imports for _, run in chain(*map(imports.runs, versions[1:]))]
        own = import_lines.own_packages(runs)
        return replace(piece, lines=import_lines.run_lines(piece.imports, runs, own))
    if piece.block is None:
        return piece
    inner = [finished_piece(inner, versions) for inner in piece.block.pieces]
    if not inner:
        return replace(piece, lines=())
    sources = []
    for block in versions[1:]:
        twin = block.by_key().get(piece.key)
        if twin is not None and twin.block is not None:
            sources.append(twin.block)
    lines = spacing.rendered(inner, FUNCTION, sources)
    return replace(piece, lines=(*piece.block.header, *lines, *piece.block.tail))
