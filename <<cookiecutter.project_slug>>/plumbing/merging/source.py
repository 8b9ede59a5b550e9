"""Takes Python source apart: into pieces, each a statement with the comments above it."""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

Key = tuple[object, ...]

DOCSTRING: Key = ("docstring",)
IMPORTS = "imports"
TYPE_CHECKING = "if TYPE_CHECKING"
INDENT = 4
VARIANTS = {"setter", "deleter", "getter", "overload", "expression", "comparator", "inplace"}
"""The decorators with which several functions of one name belong together."""


class CannotTakeApart(Exception):
    """Raised for a source that must be merged line by line."""


@dataclass(frozen=True)
class Piece:
    """A statement, or a run of imports, with what is above it."""

    key: Key
    blanks: int
    """How many blank lines are above it and its comments."""
    comments: tuple[str, ...]
    """The lines of comments above it, and the blank ones between."""
    lines: tuple[str, ...]
    nodes: tuple[ast.stmt, ...] = ()
    imports: tuple["Piece", ...] = ()
    """The statements of a run of imports."""
    block: "Block | None" = None
    """The body, if it is that of `if TYPE_CHECKING`."""
    has_conflicts: bool = False

    @property
    def code(self) -> str:
        return "\n".join(self.lines)

    @property
    def node(self) -> ast.stmt | None:
        return self.nodes[0] if self.nodes else None


@dataclass(frozen=True)
class Block:
    """A module, or the body of a class, of a function or of `if TYPE_CHECKING`."""

    head: tuple[str, ...] = ()
    """The comments at the top of a module that belong to no statement."""
    pieces: tuple[Piece, ...] = ()
    tail: tuple[str, ...] = ()
    """The blank lines and comments behind the last statement."""
    header: tuple[str, ...] = ()
    """The lines of `class ...:`, `def ...:` or `if ...:`, with decorators."""

    def repeated(self) -> set[Key]:
        """Return the keys of definitions that are not the only ones of their name."""
        last = {piece.key for piece in self.pieces if isinstance(piece.key[-1], int)}
        return {key for key in last if key[0] in ("name", "function", "class")}

    def by_key(self) -> dict[Key, Piece]:
        return {piece.key: piece for piece in self.pieces}


EMPTY = Block()


def take_apart(text: str) -> Block:
    """Return the pieces of a module.  Raises SyntaxError, ValueError or CannotTakeApart."""
    if "\f" in text or "\r" in text:
        raise CannotTakeApart("lines are ambiguous")
    tree = ast.parse(text)
    lines = text.removesuffix("\n").split("\n") if text else []
    block = cut(lines, tree.body, 0, len(lines), indent=0)
    if not block.pieces:
        return block
    first, *others = block.pieces
    statement = first.imports[0] if first.imports else first
    head, comments = split_head(statement.comments)
    statement = replace(statement, comments=comments)
    if first.imports:
        statement = replace(first, imports=(statement, *first.imports[1:]))
    return replace(block, head=head, pieces=(statement, *others))


def split_head(comments: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Separate comments at the top of a file from those that belong to its first statement."""
    end = 0
    for number, line in enumerate(comments):
        if not line.strip() or line.startswith("#!"):
            end = number + 1
    return comments[:end], comments[end:]


def body_of(piece: Piece) -> Block:
    """Return the block in a class, a function or an `if`, without an `else`."""
    node = piece.node
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.If):
        raise CannotTakeApart("no block")
    if isinstance(node, ast.If) and node.orelse:
        raise CannotTakeApart("an else")
    offset = first_line(node)
    lines = list(piece.lines)
    start = first_line(node.body[0]) - offset
    while start > 0 and is_comment_or_blank(lines[start - 1]):
        start -= 1
    if start <= node.lineno - offset:
        raise CannotTakeApart("a body on the line of its header")
    block = cut(lines, node.body, start, len(lines), node.body[0].col_offset, offset)
    return replace(block, header=tuple(lines[:start]))


def cut(
    lines: list[str], nodes: Sequence[ast.stmt], start: int, end: int, indent: int, offset: int = 1
) -> Block:
    """Return the block of statements between two lines; `offset` is the number of the first."""
    pieces: list[Piece] = []
    seen: Counter[Key] = Counter()
    position = start
    for number, node in enumerate(nodes):
        first = first_line(node) - offset
        limit = first_line(nodes[number + 1]) - offset if number + 1 < len(nodes) else end
        last = end_with_comments(lines, (node.end_lineno or 0) - offset + 1, limit, indent)
        check_alone(lines, node, first, offset)
        above = lines[position:first]
        if not all(is_comment_or_blank(line) for line in above):
            raise CannotTakeApart("statements that share a line")
        blanks = count_blanks(above)
        code = tuple(lines[first:last])
        key = key_of(node, "\n".join(code), is_first=number == 0)
        piece = Piece(key, blanks, tuple(above[blanks:]), code, (node,))
        add(pieces, piece, seen)
        position = last
    tail = lines[position:end]
    if not all(is_comment_or_blank(line) for line in tail):
        raise CannotTakeApart("a line that is no statement")
    return Block(pieces=tuple(pieces), tail=tuple(tail))


def add(pieces: list[Piece], piece: Piece, seen: Counter[Key]) -> None:
    """Append a piece; an import continues the run before it, and a repeated key gets a number."""
    is_import = piece.key == (IMPORTS,)
    if is_import and pieces and pieces[-1].key[0] == IMPORTS:
        run = pieces[-1]
        pieces[-1] = replace(
            run,
            lines=(*run.lines, *[""] * piece.blanks, *piece.comments, *piece.lines),
            nodes=(*run.nodes, *piece.nodes),
            imports=(*run.imports, piece),
        )
        return
    seen[piece.key] += 1
    if seen[piece.key] > 1:
        piece = replace(piece, key=(*piece.key, seen[piece.key]))
    if is_import:
        statement = replace(piece, blanks=0)
        piece = replace(
            piece, comments=(), lines=(*piece.comments, *piece.lines), imports=(statement,)
        )
    elif piece.key[0] == TYPE_CHECKING:
        piece = replace(piece, block=body_of(piece))
    pieces.append(piece)


def key_of(node: ast.stmt, code: str, is_first: bool) -> Key:
    """Return what identifies a statement in the three versions of a block."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) if is_first:
            return DOCSTRING
        case ast.Import() | ast.ImportFrom():
            return (IMPORTS,)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return ("name", name)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return ("function", node.name, *variants(node))
        case ast.ClassDef():
            return ("class", node.name)
        case ast.If(orelse=[]) if ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING":
            return (TYPE_CHECKING,)
    if type(node).__name__ == "TypeAlias":  # since Python 3.12
        return ("name", ast.unparse(node).split("=")[0].split("[")[0].split()[1])
    return ("statement", code)


def variants(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return the decorators that tell functions of one name apart."""
    words = [ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list]
    return [word for word in words if word in VARIANTS]


def first_line(node: ast.stmt) -> int:
    """Return the number of the first line of a statement, which may be that of a decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def check_alone(lines: list[str], node: ast.stmt, first: int, offset: int) -> None:
    """Raise CannotTakeApart if a statement shares a line with another one."""
    start = lines[node.lineno - offset].encode()[: node.col_offset]
    rest = lines[(node.end_lineno or 0) - offset].encode()[node.end_col_offset :].strip()
    if start.strip() or rest and not rest.startswith(b"#"):
        raise CannotTakeApart("statements that share a line")


def end_with_comments(lines: list[str], start: int, limit: int, indent: int) -> int:
    """Return where a statement ends that may end in comments, which are indented like its body."""
    end = start
    for number in range(start, limit):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        if line.strip():
            end = number + 1
    return end


def is_comment_or_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def count_blanks(lines: Sequence[str]) -> int:
    """Return how many blank lines come first."""
    for number, line in enumerate(lines):
        if line.strip():
            return number
    return len(lines)
