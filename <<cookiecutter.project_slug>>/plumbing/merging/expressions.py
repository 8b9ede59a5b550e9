"""Reads a statement that ends in a call, a list or the like, and writes it as `ruff format` does."""

import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword
from tokenize import TokenInfo
from typing import NamedTuple
from unicodedata import east_asian_width

from plumbing.merging.source import INDENT, CannotTakeApart

WIDTH = 100
PAIRS = {"(": ")", "[": "]", "{": "}"}
IGNORED = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(frozen=True)
class Leaf:
    """An expression that is not taken apart."""

    text: str

    @property
    def flat(self) -> str:
        """The expression on one line."""
        return self.text


@dataclass(frozen=True)
class Item:
    """An element, an argument or an entry: `prefix` is the `name=`, the `*` or the `key: ` of it."""

    prefix: str
    value: "Leaf | Group"
    above: tuple[str, ...] = ()
    comment: str = ""

    @property
    def flat(self) -> str:
        """The item on one line."""
        return self.prefix + self.value.flat


@dataclass(frozen=True)
class Group:
    """A call, a list, a tuple, a dictionary or a set; `head` is what is called."""

    head: str
    bracket: str
    items: tuple[Item, ...]
    tail: tuple[str, ...] = ()
    """The comments behind the last item."""
    has_last_comma: bool = False

    @property
    def flat(self) -> str:
        """The expression on one line."""
        items = ", ".join(item.flat for item in self.items)
        comma = "," if self.is_tuple and len(self.items) == 1 else ""
        return f"{self.head}{self.bracket}{items}{comma}{PAIRS[self.bracket]}"

    @property
    def is_tuple(self) -> bool:
        return self.bracket == "(" and not self.head

    @property
    def is_split(self) -> bool:
        """Whether something in it demands a line for each item: a comment, or a last comma."""
        if self.tail or (self.has_last_comma and not (self.is_tuple and len(self.items) == 1)):
            return True
        nested = [item.value for item in self.items if isinstance(item.value, Group)]
        has_comments = any(item.above or item.comment for item in self.items)
        return has_comments or any(group.is_split for group in nested)


class Statement(NamedTuple):
    """A simple statement: what comes before its value, the value, and the comment behind it."""

    indent: str
    prefix: str
    value: Group
    comment: str

    def lines(self) -> tuple[str, ...]:
        """Return the statement as it is written."""
        column = len(self.indent) + width(self.prefix)
        first, *others = laid_out(self.value, len(self.indent), column, suffix="")
        lines = [self.indent + self.prefix + first, *others]
        return (*lines[:-1], lines[-1] + self.comment)


# Reading


def read_statement(lines: Sequence[str]) -> Statement:
    """Return a statement taken apart.  Raises CannotTakeApart if it does not end in a bracket."""
    reader = Reader("\n".join(lines) + "\n")
    tokens = reader.tokens
    comment = ""
    if tokens and tokens[-1].type == tokenize.COMMENT:
        comment = f"  {tokens.pop().string}"
    for start in range(len(tokens)):
        value = reader.group(tokens[start:])
        if value is not None and (start == 0 or tokens[start - 1].string != "."):
            if start and tokens[0].start[0] != tokens[start].start[0]:
                break
            first = lines[0]
            indent = first[: len(first) - len(first.lstrip())]
            prefix = first[len(indent) : tokens[start].start[1]]
            return Statement(indent, prefix, value, comment)
    raise CannotTakeApart("no bracket at the end")


class Reader:
    """The tokens of a source, from which expressions are made."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        try:
            found = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError) as error:
            raise CannotTakeApart(str(error)) from error
        self.tokens = [token for token in found if token.type not in IGNORED]

    def expression(self, tokens: list[TokenInfo]) -> Leaf | Group:
        group = self.group(tokens)
        if group is not None:
            return group
        if tokens[0].start[0] != tokens[-1].end[0]:
            raise CannotTakeApart("a value of several lines")
        return Leaf(self.text(tokens))

    def group(self, tokens: list[TokenInfo]) -> Group | None:
        """Return the expression of all these tokens if it is a head with one pair of brackets."""
        start = head_length(tokens)
        if start == len(tokens) or tokens[start].string not in PAIRS:
            return None
        if closing(tokens, start) != len(tokens) - 1:
            return None
        head = "".join(token.string for token in tokens[:start])
        bracket = tokens[start].string
        parts, has_last_comma = split_at_commas(tokens[start + 1 : -1])
        is_index = head and bracket != "("
        in_parentheses = bracket == "(" and not head and len(parts) == 1 and not has_last_comma
        is_comprehension = any(at_depth_0(part, "for") is not None for part in parts)
        if is_index or in_parentheses or is_comprehension:
            return None
        group = self.group_of(head, bracket, parts, has_last_comma)
        return replace(group, has_last_comma=has_last_comma and self.would_fit(group, tokens[0]))

    def would_fit(self, group: Group, first: TokenInfo) -> bool:
        """Return whether a group could be on one line, so that its last comma is the owner's wish."""
        line = self.lines[first.start[0] - 1]
        inner = len(line) - len(line.lstrip()) + INDENT
        together = width(", ".join(item.flat for item in group.items))
        is_short = first.start[1] + width(group.flat) < WIDTH
        return is_short or (bool(group.head) and inner + together <= WIDTH)

    def group_of(
        self, head: str, bracket: str, parts: list[list[TokenInfo]], has_last_comma: bool
    ) -> Group:
        items: list[Item] = []
        tail: tuple[str, ...] = ()
        for part in parts:
            above, part = self.comments_above(part, items)
            if not part:
                tail = above
                continue
            comment = ""
            if part[-1].type == tokenize.COMMENT:
                comment = f"  {part.pop().string}"
            if any(token.type == tokenize.COMMENT for token in part[:1] + part[-1:]):
                raise CannotTakeApart("comments in an item")
            item = self.item(part, bracket)
            items.append(replace(item, above=above, comment=comment))
        return Group(head, bracket, tuple(items), tail, has_last_comma)

    def comments_above(
        self, part: list[TokenInfo], items: list[Item]
    ) -> tuple[tuple[str, ...], list[TokenInfo]]:
        """Separate the comments before an item; one on the line of the comma is of the item before."""
        above: list[str] = []
        part = list(part)
        while part and part[0].type == tokenize.COMMENT:
            token = part.pop(0)
            is_alone = not self.lines[token.start[0] - 1][: token.start[1]].strip()
            if is_alone:
                above.append(token.string)
            elif items and not above:
                items[-1] = replace(items[-1], comment=f"  {token.string}")
            else:
                raise CannotTakeApart("a comment behind a bracket")
        return tuple(above), part

    def item(self, tokens: list[TokenInfo], bracket: str) -> Item:
        start = 0
        if tokens[0].string in ("*", "**"):
            start = 1
        elif len(tokens) > 2 and is_name(tokens[0]) and tokens[1].string == "=":
            start = 2
        elif bracket == "{":
            colon = at_depth_0(tokens, ":")
            start = 0 if colon is None else colon + 1
        if start == len(tokens):
            raise CannotTakeApart("an item without a value")
        prefix = self.text(tokens[:start]) + (" " if bracket == "{" and start > 1 else "")
        return Item(prefix if start else "", self.expression(tokens[start:]))

    def text(self, tokens: list[TokenInfo]) -> str:
        if not tokens:
            return ""
        if any(token.type == tokenize.COMMENT for token in tokens):
            raise CannotTakeApart("a comment in a value")
        (first, start), (last, end) = tokens[0].start, tokens[-1].end
        if first != last:
            raise CannotTakeApart("a value of several lines")
        return self.lines[first - 1][start:end]


def is_name(token: TokenInfo) -> bool:
    return token.type == tokenize.NAME and not iskeyword(token.string)


def head_length(tokens: list[TokenInfo]) -> int:
    """Return how many tokens at the start are a name with dots in it."""
    length = 0
    while length < len(tokens):
        is_right = tokens[length].string == "." if length % 2 else is_name(tokens[length])
        if not is_right:
            break
        length += 1
    return length


def closing(tokens: list[TokenInfo], start: int) -> int | None:
    """Return the position of the bracket that closes the one at `start`."""
    depth = 0
    for number in range(start, len(tokens)):
        if tokens[number].type == tokenize.OP:
            depth += depth_of(tokens[number])
            if depth == 0:
                return number
    return None


def depth_of(token: TokenInfo) -> int:
    if token.type != tokenize.OP:
        return 0
    return (token.string in PAIRS) - (token.string in PAIRS.values())


def split_at_commas(tokens: list[TokenInfo]) -> tuple[list[list[TokenInfo]], bool]:
    """Return what is between commas, and whether the last comma has nothing behind it."""
    parts: list[list[TokenInfo]] = [[]]
    depth = 0
    for token in tokens:
        depth += depth_of(token)
        if depth == 0 and token.type == tokenize.OP and token.string == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    code = [token for token in parts[-1] if token.type != tokenize.COMMENT]
    return [part for part in parts if part], len(parts) > 1 and not code


def at_depth_0(tokens: list[TokenInfo], word: str) -> int | None:
    """Return the position of a word that is in no bracket."""
    depth = 0
    for number, token in enumerate(tokens):
        depth += depth_of(token)
        if depth == 0 and token.string == word:
            return number
    return None


# Writing


def laid_out(value: Leaf | Group, indent: int, column: int, suffix: str) -> list[str]:
    """Return the lines of an expression that begins at `column` of a line with an indent."""
    flat = value.flat + suffix
    if not isinstance(value, Group) or not value.items:
        return [flat]
    if not value.is_split and column + width(flat) <= WIDTH:
        return [flat]
    inner = " " * (indent + INDENT)
    end = " " * indent + PAIRS[value.bracket] + suffix
    start = value.head + value.bracket
    together = ", ".join(item.flat for item in value.items)
    is_call = bool(value.head)
    if is_call and not value.is_split and len(inner) + width(together) <= WIDTH:
        return [start, inner + together, end]
    comma = "," if len(value.items) > 1 or not is_call or value.has_last_comma else ""
    lines = [start]
    for item in value.items:
        lines += [inner + comment for comment in item.above]
        column = len(inner) + width(item.prefix)
        first, *others = laid_out(item.value, len(inner), column, comma)
        block = [inner + item.prefix + first, *others]
        lines += [*block[:-1], block[-1] + item.comment]
    return [*lines, *(inner + comment for comment in value.tail), end]


def width(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
