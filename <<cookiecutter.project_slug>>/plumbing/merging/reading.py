"""Reads a statement that ends in a call, a list or the like from its tokens."""

import io
import tokenize
from collections.abc import Sequence
from dataclasses import replace
from keyword import iskeyword
from tokenize import TokenInfo

from plumbing.merging.expressions import (
    LITERALS,
    PAIRS,
    WIDTH,
    Group,
    Item,
    Leaf,
    Statement,
    width,
)
from plumbing.merging.source import INDENT, CannotTakeApart

IGNORED = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


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
        is_index = head and bracket != "(" and head not in LITERALS
        in_parentheses = bracket == "(" and not head and len(parts) == 1 and not has_last_comma
        is_comprehension = any(at_depth_0(part, "for") is not None for part in parts)
        if is_index or in_parentheses or is_comprehension:
            return None
        group = self.group_of(head, bracket, parts, has_last_comma)
        needs_comma = group.is_tuple and len(group.items) == 1
        is_wanted = has_last_comma and not needs_comma and self.would_fit(group, tokens[0])
        return replace(group, has_last_comma=is_wanted)

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
