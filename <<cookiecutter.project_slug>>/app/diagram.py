"""docs/models.md: a diagram of the models, in the language of Mermaid."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Column, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from app.config import ROOT
from app.extensions import db

POSTGRESQL = URL.create("postgresql+psycopg").get_dialect()()
SHORT = {  # Mermaid's types have no blanks and no quotes
    **{" without time zone": "", "timestamp with time zone": "timestamptz"},
    **{", ": ",", " ": "_", '"': ""},
}
PATH = ROOT / "docs" / "models.md"
PAGE = """\
# Models

`python db_manage.py diagram` draws this page from the models.

```mermaid
erDiagram
{lines}```
"""


def page(metadata: MetaData) -> str:
    """Return the page: a box for each table, a line for each foreign key."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    lines = [line for table in tables for line in box(table)]
    for table in tables:
        keys = sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys))
        lines += [connection(key) for key in keys]
    return PAGE.format(lines="".join(f"    {line}\n" for line in lines))


def box(table: Table) -> list[str]:
    """Return the lines of a table: type, name and keys of each column."""
    lines = []
    for column in table.columns:
        kind = column.type.compile(POSTGRESQL).lower()
        for long, short in SHORT.items():
            kind = kind.replace(long, short)
        name = f"`{column.name}`" if column.name in ("pk", "fk", "uk") else column.name
        marks = {"PK": column.primary_key, "FK": column.foreign_keys, "UK": is_unique(column)}
        keys = ", ".join(mark for mark, present in marks.items() if present)
        words = [kind, name, keys, '"null"' if column.nullable else ""]
        lines.append("    " + " ".join(filter(None, words)))
    return [f'"{table.key}" {{', *lines, "}"]


def connection(key: ForeignKeyConstraint) -> str:
    """Return the line of a foreign key: one or none to many, or to one if it is unique."""
    one = "|o" if any(column.nullable for column in key.columns) else "||"
    columns = ", ".join(key.column_keys)
    many = "o|" if is_unique(*key.columns) else "o{"
    return f'"{key.referred_table.key}" {one}--{many} "{key.table.key}" : "{columns}"'


def is_unique(*columns: Column[object]) -> bool:
    """Return whether these columns of a table are unique together."""
    table: Any = columns[0].table
    unique = [set(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    unique += [set(index.columns) for index in table.indexes if index.unique]
    return set(columns) in unique


def write() -> Path:
    """Draw the models.  Returns the path of the page from the project's folder."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(page(db.metadata), encoding="utf-8")
    return PATH.relative_to(ROOT)


def differences() -> list[str]:
    """Return a line if the page does not show the models of today."""
    with suppress(FileNotFoundError):
        if PATH.read_text(encoding="utf-8") == page(db.metadata):
            return []
    return [f"Outdated: {PATH.relative_to(ROOT)}. Run: python db_manage.py diagram"]
