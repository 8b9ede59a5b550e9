"""The blank lines between pieces, as `ruff format` wants them."""

import ast
from collections.abc import Iterable, Sequence
from enum import IntEnum

from plumbing.merging.source import DOCSTRING, IMPORTS, INDENT, TYPE_CHECKING, Block, Key, Piece

MODULE, CLASS, FUNCTION = "module", "class", "function"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Rank(IntEnum):
    """The groups of a class, in the order in which the template writes them."""

    DOCSTRING = 0
    SETTING = 1
    COLUMN = 2
    RELATIONSHIP = 3
    OTHER = 4


def rank(piece: Piece) -> Rank:
    """Return the group to which a piece of a class belongs."""
    if piece.key == DOCSTRING:
        return Rank.DOCSTRING
    node = piece.node
    name = str(piece.key[1]) if piece.key[0] == "name" else ""
    if name.startswith("__"):
        return Rank.SETTING
    if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
        function = ast.unparse(node.value.func).split(".")[-1]
        if function == "mapped_column":
            return Rank.COLUMN
        if function == "relationship":
            return Rank.RELATIONSHIP
    return Rank.OTHER


def blanks_between(
    previous: Piece | None, piece: Piece, level: str, sources: Sequence[Block]
) -> int:
    """Return how many blank lines come between two pieces.

    `sources` are the blocks in which they may follow each other, those of the owner first: what is
    there stays.
    """
    for source in sources:
        blanks = blanks_in(source, previous, piece)
        if blanks is not None:
            return blanks
    own = own_blanks(previous, piece, sources)
    if previous is None:
        return 0
    least = least_blanks(previous, piece, level)
    if level == CLASS and not is_definition(previous) and not is_definition(piece):
        if rank(previous) != rank(piece) and Rank.OTHER not in (rank(previous), rank(piece)):
            return 1 if rank(piece) >= Rank.COLUMN else 0
        if rank(previous) == rank(piece) != Rank.OTHER and not piece.comments:
            return 0
    if previous.key == DOCSTRING or (previous.key[0] == IMPORTS and level == MODULE):
        return least  # and the most
    return min(max(least, own), 2 if level == MODULE else 1)


def least_blanks(previous: Piece, piece: Piece, level: str) -> int:
    """Return the smallest number of blank lines that `ruff format` leaves."""
    if is_definition(previous) or is_definition(piece):
        return 2 if level == MODULE else 1
    if ends_with_definition(previous):
        return 2 if level == MODULE else 1
    if previous.key == DOCSTRING and level != FUNCTION:
        return 1
    is_first_code = previous.key[0] in (IMPORTS, TYPE_CHECKING) or piece.key[0] == TYPE_CHECKING
    return 1 if level == MODULE and is_first_code else 0


def blanks_in(source: Block, previous: Piece | None, piece: Piece) -> int | None:
    """Return the blank lines between two pieces of a block, or None if one does not follow the other."""
    before: Key | None = None
    for candidate in source.pieces:
        if candidate.key == piece.key:
            wanted = previous.key if previous else None
            return candidate.blanks if before == wanted else None
        before = candidate.key
    return None


def own_blanks(previous: Piece | None, piece: Piece, sources: Sequence[Block]) -> int:
    """Return the blank lines above a piece where it comes from, or above pieces that were before it."""
    for source in sources:
        keys = [candidate.key for candidate in source.pieces]
        if piece.key not in keys:
            continue
        end = keys.index(piece.key)
        start = keys.index(previous.key) + 1 if previous and previous.key in keys[:end] else end
        return max(candidate.blanks for candidate in source.pieces[min(start, end) : end + 1])
    return piece.blanks


def is_definition(piece: Piece) -> bool:
    return isinstance(piece.node, DEFINITIONS)


def ends_with_definition(piece: Piece) -> bool:
    """Return whether a piece ends in a function or a class, such as one below an `if`."""
    node: ast.AST | None = piece.node
    while node is not None and not isinstance(node, DEFINITIONS):
        body = getattr(node, "orelse", None) or getattr(node, "body", None)
        node = body[-1] if isinstance(body, list) and body else None
    return node is not None


def rendered(pieces: Iterable[Piece], level: str, sources: Sequence[Block]) -> list[str]:
    """Return the lines of pieces, with the blank lines between them."""
    lines: list[str] = []
    previous: Piece | None = None
    for piece in pieces:
        lines += [""] * blanks_between(previous, piece, level, sources)
        lines += piece.comments
        lines += piece.lines
        previous = piece
    return lines


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines one level deeper; only for those that hold no string of several lines."""
    return [" " * INDENT + line if line else "" for line in lines]
