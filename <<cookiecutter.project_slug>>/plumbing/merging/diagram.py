"""The merge of docs/models.md: table by table, column by column, line by line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from plumbing.merging.sequence import merged_order, merged_value
from plumbing.merging.text import Merged

PAGE = re.compile(
    r"(?P<head>.*?^erDiagram\n)(?P<direction>(?:    direction \w+\n)?)(?P<lines>.*?)(?P<tail>^```.*)",
    re.MULTILINE | re.DOTALL,
)
BOX = re.compile(r'^    ("[^"\n]+") \{\n((?:        .+\n)*)    \}\n', re.MULTILINE)
COLUMN = re.compile(r"        \S+ (\S+).*\n")
CONNECTION = re.compile(r'^    ("[^"\n]+") \S+ ("[^"\n]+") : (.+)\n', re.MULTILINE)

Value = TypeVar("Value")
Names = tuple[str, str, str]
Columns = dict[str, str]  # the line of each, by its name


@dataclass(frozen=True)
class Page:
    """A page that was drawn from models."""

    head: str
    direction: str
    tables: dict[str, Columns]
    connections: dict[Names, str]
    """The line of each foreign key, by the table on the right, the label and the table on the left."""
    tail: str


def merge_diagram(base: str, ours: str, theirs: str) -> Merged:
    """Merge three pages; the result is as `migrate` would draw it.

    A page that somebody has written differently stays as it is: `migrate` draws it anew.  `migrate`
    also redraws a page whose merged tables need another layout.
    """
    pages = [parse(text) for text in (base, ours, theirs)]
    old, own, new = pages
    if old is None or own is None or new is None:
        return Merged(ours, has_conflicts=False)
    tables = {
        name: merged_columns(old, own, new, name)
        for name in merged_names(old.tables, own.tables, new.tables)
    }
    connections = {
        names: merged_value(
            old.connections.get(names), own.connections.get(names), new.connections.get(names)
        )
        or ""
        for names in merged_names(old.connections, own.connections, new.connections)
    }
    lines = [
        merged_value(old.head, own.head, new.head),
        merged_value(old.direction, own.direction, new.direction),
    ]
    for name in sorted(tables):
        lines += [f"    {name} {{\n", *tables[name].values(), "    }\n"]
    lines += [connections[names] for names in sorted(connections)]
    lines.append(merged_value(old.tail, own.tail, new.tail))
    return Merged("".join(line for line in lines if line), has_conflicts=False)


def parse(text: str) -> Page | None:
    """Take a page apart; return None if it has anything else."""
    page = PAGE.fullmatch(text)
    if page is None:
        return None
    boxes = {match[1]: match[2] for match in BOX.finditer(page["lines"])}
    tables = {
        name: {column[1]: column[0] for column in COLUMN.finditer(lines)}
        for name, lines in boxes.items()
    }
    connections = {
        (match[2], match[3], match[1]): match[0] for match in CONNECTION.finditer(page["lines"])
    }
    if CONNECTION.sub("", BOX.sub("", page["lines"])):
        return None
    return Page(page["head"], page["direction"], tables, connections, page["tail"])


def merged_names(
    base: Mapping[Value, object], ours: Mapping[Value, object], theirs: Mapping[Value, object]
) -> list[Value]:
    """Return what is in the result: what neither side has removed, and what one has added."""
    order = merged_order(base, ours, theirs)
    return [name for name in order if not (name in base and name not in theirs)]


def merged_columns(base: Page, ours: Page, theirs: Page, table: str) -> Columns:
    """Return the columns of a table."""
    old = base.tables.get(table, {})
    own = ours.tables.get(table, {})
    new = theirs.tables.get(table, {})
    return {
        name: merged_value(old.get(name), own.get(name), new.get(name)) or ""
        for name in merged_names(old, own, new)
    }
