"""Writes docs/models.md: a diagram of the tables, in the language of Mermaid.

https://mermaid.js.org/syntax/entityRelationshipDiagram.html
"""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Column, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from plumbing.current import metadata, root

POSTGRESQL = URL.create("postgresql+psycopg").get_dialect()()

# Mermaid's types have no blanks and no quotes.
SHORTER = {
    " without time zone": "",
    "timestamp with time zone": "timestamptz",
    ", ": ",",
    " ": "_",
    '"': "",
}
MERMAID_KEYWORDS = ("pk", "fk", "uk")

PAGE = """\
# Models

`python db_manage.py diagram` draws this page from the models.

```mermaid
erDiagram
{lines}```
"""


def write() -> Path:
    """Write the diagram of the models.  Returns its path from the project's folder."""
    file = path()
    file.parent.mkdir(exist_ok=True)
    file.write_text(page(metadata()), encoding="utf-8")
    return file.relative_to(root())


def differences() -> list[str]:
    """Return a line if the page does not show the models as they are."""
    file = path()
    if file.exists() and file.read_text(encoding="utf-8") == page(metadata()):
        return []
    return [f"Outdated: {file.relative_to(root())}. Run: python db_manage.py diagram"]


def path() -> Path:
    return root() / "docs" / "models.md"


def page(metadata: MetaData) -> str:
    """Return the page: a box for each table, then a line for each foreign key."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    lines = []
    for table in tables:
        lines += box(table)
    for table in tables:
        foreign_keys = sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys))
        lines += [connection(foreign_key) for foreign_key in foreign_keys]
    indented = [f"    {line}\n" for line in lines]
    return PAGE.format(lines="".join(indented))


def box(table: Table) -> list[str]:
    """Return the lines of a table."""
    columns = [f"    {describe(column)}" for column in table.columns]
    return [f'"{table.key}" {{', *columns, "}"]


def describe(column: Column[Any]) -> str:
    """Return type, name, keys and nullability of a column: varchar(64) email UK "null"."""
    name = f"`{column.name}`" if column.name in MERMAID_KEYWORDS else column.name
    null = '"null"' if column.nullable else ""
    words = [short_type(column), name, ", ".join(keys(column)), null]
    return " ".join(word for word in words if word)


def short_type(column: Column[Any]) -> str:
    """Return the type of a column as PostgreSQL writes it, in one word."""
    name = column.type.compile(POSTGRESQL).lower()
    for long, short in SHORTER.items():
        name = name.replace(long, short)
    return name


def keys(column: Column[Any]) -> list[str]:
    """Return the kinds of key that a column is."""
    marks = []
    if column.primary_key:
        marks.append("PK")
    if column.foreign_keys:
        marks.append("FK")
    if is_unique(column):
        marks.append("UK")
    return marks


def connection(foreign_key: ForeignKeyConstraint) -> str:
    """Return the line of a foreign key: from one, or none or one, to many, or to none or one."""
    nullable = any(column.nullable for column in foreign_key.columns)
    one = "|o" if nullable else "||"
    many = "o|" if is_unique(*foreign_key.columns) else "o{"
    parent = foreign_key.referred_table.key
    child = foreign_key.table.key
    label = ", ".join(foreign_key.column_keys)
    return f'"{parent}" {one}--{many} "{child}" : "{label}"'


def is_unique(*columns: Column[Any]) -> bool:
    """Return whether these columns of a table are unique together."""
    table: Any = columns[0].table
    constraints = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    unique_sets = [set(item.columns) for item in constraints + indexes]
    return set(columns) in unique_sets
