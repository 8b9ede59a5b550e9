"""Writes docs/models.md: a diagram of the tables, in the language of Mermaid.

https://mermaid.js.org/syntax/entityRelationshipDiagram.html
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table

from plumbing.current import metadata, root
from plumbing.diagram.columns import is_unique, keys, short_type

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
    words = [type_word(column), name, ", ".join(keys(column)), null]
    return " ".join(word for word in words if word)


def type_word(column: Column[Any]) -> str:
    """Return the type of a column in one word: Mermaid's types have no blanks and no quotes."""
    return short_type(column).replace(" ", "_").replace('"', "")


def connection(foreign_key: ForeignKeyConstraint) -> str:
    """Return the line of a foreign key: from one, or none or one, to many, or to none or one."""
    nullable = any(column.nullable for column in foreign_key.columns)
    one = "|o" if nullable else "||"
    many = "o|" if is_unique(*foreign_key.columns) else "o{"
    parent = foreign_key.referred_table.key
    child = foreign_key.table.key
    label = ", ".join(foreign_key.column_keys)
    return f'"{parent}" {one}--{many} "{child}" : "{label}"'
