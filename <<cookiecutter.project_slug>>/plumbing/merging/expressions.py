"""Calls, lists and the like, and how `ruff format` writes them."""

from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

from plumbing.merging.source import INDENT

WIDTH = 100
PAIRS = {"(": ")", "[": "]", "{": "}"}
LITERALS = ("Literal", "typing.Literal")
"""The types that are made of values."""


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
    """A call, a list, a tuple, a dictionary, a set or a Literal; `head` is what is called."""

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
    def is_call(self) -> bool:
        return self.head not in ("", *LITERALS)

    @property
    def is_tuple(self) -> bool:
        return self.bracket == "(" and not self.head

    @property
    def is_split(self) -> bool:
        """Whether something in it demands a line for each item: a comment, or a last comma."""
        if self.tail or self.has_last_comma:
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
