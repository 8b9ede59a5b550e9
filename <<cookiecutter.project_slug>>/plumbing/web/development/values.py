"""What the pages of plumbing.web.development.rows show of a row: texts, links, labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import RowMapping, Table

from plumbing.labels import label_column, shortened
from plumbing.web.development.queries import (
    ALL_BYTES,
    ALL_CHARACTERS,
    BYTES,
    CHARACTERS,
    Filter,
    Reference,
    Source,
    View,
)


@dataclass(frozen=True)
class Link:
    """A link to the row that a foreign key refers to."""

    url: str
    label: str  # of that row; empty if the value says it all


@dataclass
class Cell:
    """A value: its text, or None for NULL."""

    text: str | None
    size: str = ""  # of bytes
    is_cut: bool = False
    links: list[Link] = field(default_factory=list)

    @property
    def needs_quotes(self) -> bool:
        """Whether the text would otherwise look like nothing, or like NULL."""
        text = self.text
        return text is not None and (text != text.strip() or text.upper() in ("", "NULL"))


@dataclass
class Row:
    """A row: its own page, if it has a key, and its values."""

    label: str
    url: str
    cells: list[Cell]


def read_row(source: Source, found: RowMapping, *, whole: bool = False) -> Row:
    """Return a row of the page of a table or, `whole`, that of its own page."""
    texts = texts_of(source, found)
    links = links_of(source, found, texts)
    cells = []
    for number, name in enumerate(source.names):
        cell = read_cell(texts[name], found[f"size_{number}"], whole)
        cell.links = links.get(name, [])
        cells.append(cell)
    key = [(name, texts[name]) for name in source.key]
    return Row(label_of(source.table, texts, key), row_url(source.table, key), cells)


def texts_of(source: Source, found: RowMapping) -> dict[str, str | None]:
    """Return the texts of a row by the names of their columns."""
    return {name: found[f"text_{number}"] for number, name in enumerate(source.names)}


def read_cell(text: str | None, size: int | None, whole: bool) -> Cell:
    """Return a value as it is shown, which is cut if it is long."""
    if text is None:
        return Cell(None)
    characters = ALL_CHARACTERS if whole else CHARACTERS
    if size is None:
        return Cell(text[:characters], is_cut=len(text) > characters)
    shown = ALL_BYTES if whole else BYTES
    return Cell(text[: 2 * shown + len(r"\x")], size=bytes_as_text(size), is_cut=size > shown)


def bytes_as_text(size: int) -> str:
    """Return a number of bytes for people: 1 byte, 1,234 bytes."""
    return "1 byte" if size == 1 else f"{size:,} bytes"


def label_of(
    table: Table, texts: dict[str, str | None], key: Sequence[tuple[str, str | None]]
) -> str:
    """Return what names a row: the value of its best column, else its key."""
    best = label_column(table.columns)
    if best is not None and texts[best.name]:
        return shortened(str(texts[best.name]))
    return shortened(", ".join(f"{name} {value}" for name, value in key))


def links_of(
    source: Source, found: RowMapping, texts: dict[str, str | None]
) -> dict[str, list[Link]]:
    """Return the links to other rows, each at the last column of its foreign key."""
    links: dict[str, list[Link]] = {}
    for number, reference in enumerate(source.references):
        pairs = [(there, texts[here]) for here, there in reference.pairs]
        url = row_url(reference.table, pairs)
        if not url:
            continue
        last = reference.pairs[-1][0]
        label = shortened(found.get(f"label_{number}") or "")
        links.setdefault(last, []).append(Link(url, "" if label == texts[last] else label))
    return links


def row_url(table: Table, key: Sequence[tuple[str, str | None]]) -> str:
    """Return the address of a row, or nothing if a part of its key is NULL."""
    if not key or any(value is None for _, value in key):
        return ""
    # As a query string, because a column may have any name, and a value any characters.
    return f"{url_for('plumbing_rows.row', key=table.key)}?{urlencode(key)}"


def table_url(table: Table, view: View) -> str:
    """Return the address of a page of rows."""
    arguments: list[tuple[str, str]] = []
    for each in view.filters:
        arguments += [("column", each.column), ("operator", each.operator), ("value", each.value)]
    if view.sort:
        arguments.append(("sort", view.sort))
    if view.descending:
        arguments.append(("order", "desc"))
    if view.page > 1:
        arguments.append(("page", str(view.page)))
    url = url_for("plumbing_rows.table", key=table.key)
    return f"{url}?{urlencode(arguments)}" if arguments else url


def referring_values(
    references: Sequence[Reference], texts: dict[str, str | None]
) -> Iterator[tuple[Reference, list[str]]]:
    """Yield each foreign key that can refer to a row, with the values that it then has."""
    for reference in references:
        values = [texts[here] for here, _ in reference.pairs]
        present = [value for value in values if value is not None]
        if len(present) == len(values):
            yield reference, present


def referring_url(reference: Reference, values: Sequence[str]) -> str:
    """Return the address of the rows that refer to a row."""
    names = [there for _, there in reference.pairs]
    filters = [Filter(name, "is", value) for name, value in zip(names, values, strict=True)]
    return table_url(reference.table, View(tuple(filters)))
