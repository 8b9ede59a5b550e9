"""Writes docs/models.md: a diagram of the tables, in the language of Mermaid.

https://mermaid.js.org/syntax/entityRelationshipDiagram.html

The text is what Mermaid 11.5 and later can draw, because code hosts are slow to take a new version.
"""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table

from plumbing.current import metadata, root
from plumbing.diagram.columns import (
    is_one_to_one,
    keys,
    short_type,
    shown_columns,
    unique_together,
    values,
)
from plumbing.diagram.layers import is_wide, layers_of

LONGEST_TEXT = 50_000  # characters; Mermaid draws nothing longer
ACROSS = 4  # layers, from left to right
LONGEST_VALUES = 24  # characters of an enum's values in a box
MERMAID_KEYWORDS = ("pk", "fk", "uk")

PAGE = """\
# Models

`python db_manage.py diagram` draws this page from the models. {left_out}

```mermaid
{diagram}```
"""
LEFT_OUT = "It leaves out `created_at` and `updated_at`."
KEYS_ONLY = "It shows keys only, because there are many tables."

# Narrow boxes, close to each other: a page is about 1,000 pixels wide.
HEAD = """\
%%{init: {"er": {"entityPadding": 6, "nodeSpacing": 30, "rankSpacing": 60}}}%%
erDiagram
"""


Connection = tuple[str, str, str, str]  # table on the right, label, table on the left, signs


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
    text = diagram(tables, only_keys=False)
    if len(text) <= LONGEST_TEXT:
        return PAGE.format(left_out=LEFT_OUT, diagram=text)
    return PAGE.format(left_out=KEYS_ONLY, diagram=diagram(tables, only_keys=True))


def diagram(tables: list[Table], only_keys: bool) -> str:
    """Return the diagram in the language of Mermaid."""
    layers = layers_of({table.key: parents(table) for table in tables})
    across = is_wide(layers)
    lines = ["direction LR"] if across else []
    for table in tables:
        lines += box(table, only_keys)
    connections = []
    for table in tables:
        is_turned = across and layers[table.key] >= ACROSS
        connections += [connection(key, is_turned) for key in table.foreign_key_constraints]
    lines += [
        f'{left} {signs} {right} : "{label}"' for right, label, left, signs in sorted(connections)
    ]
    return HEAD + "".join(f"    {line}\n" for line in lines)


def parents(table: Table) -> set[str]:
    """Return the names of the other tables that a table refers to."""
    return {key.referred_table.key for key in table.foreign_key_constraints} - {table.key}


# Boxes


def box(table: Table, only_keys: bool) -> list[str]:
    """Return the lines of a table."""
    columns = shown_columns(table)
    if only_keys:
        columns = [column for column in columns if column.primary_key or column.foreign_keys]
    return [f"{entity(table)} {{", *(f"    {describe(column)}" for column in columns), "}"]


def entity(table: Table) -> str:
    """Return the name of a table, in quotes, without what Mermaid does not allow there."""
    name = re.sub(r'[%"\\\s]', "_", table.key)
    return f'"{name}"'


def describe(column: Column[Any]) -> str:
    """Return type, name, keys and comment of a column: varchar(64) email UK "null"."""
    name = f"*{column.name}" if column.name in MERMAID_KEYWORDS else one_word(column.name)
    words = [one_word(short_type(column)), name, ", ".join(keys(column)), comment(column)]
    return " ".join(word for word in words if word)


def one_word(text: str) -> str:
    """Return a type or a name as a word of Mermaid, with `_` for all that it does not allow.

    It allows neither blanks nor commas: numeric(10,2) is numeric(10_2).
    """
    word = re.sub(r"[^\w\[\]()-]", "_", text.replace('"', ""))
    return word if word[:1].isalpha() else f"_{word}"


def comment(column: Column[Any]) -> str:
    """Return what else there is to say about a column: "null; unique together; new, paid"."""
    parts = ["null" if column.nullable else "", unique_together(column), shortened(values(column))]
    text = "; ".join(part for part in parts if part)
    text = re.sub(r"\s+", " ", text.replace('"', "'").replace("~", "-"))
    return f'"{text}"' if text else ""


def shortened(values: list[str]) -> str:
    """Return values in a list, and no more of them than fit into a box."""
    text = ", ".join(values)
    while len(text) > LONGEST_VALUES and len(values) > 1:
        values = values[:-1]
        text = ", ".join([*values, "…"])
    return text


# Lines


def label(foreign_key: ForeignKeyConstraint) -> str:
    """Return the columns of a foreign key, or nothing where the tables say it: user_id of users."""
    columns = ", ".join(foreign_key.column_keys)
    target = foreign_key.referred_table
    others = [
        key for key in foreign_key.table.foreign_key_constraints if key.referred_table is target
    ]
    is_plain = target is foreign_key.table or is_named_after(columns, target.name)
    return "" if is_plain and len(others) == 1 else columns


def is_named_after(column: str, table: str) -> bool:
    """Return whether a column has the name of a table in it, in the singular: author_user_id, users."""
    words = column.removesuffix("_id").split("_")
    endings = ["_".join(words[number:]) for number in range(len(words))]
    return any(table.startswith(ending[:-1] or ending) for ending in endings if ending)


def connection(foreign_key: ForeignKeyConstraint, is_turned: bool) -> Connection:
    """Return the line of a foreign key: from one, or none or one, to many, or to none or one.

    The table on the left is drawn first.  That is the one that the key refers to, unless the line
    is turned, so that a long chain of tables does not make the diagram wide.
    """
    nullable = any(column.nullable for column in foreign_key.columns)
    unique = is_one_to_one(foreign_key)
    parent = entity(foreign_key.referred_table)
    child = entity(foreign_key.table)
    if is_turned:
        signs = f"{'|o' if unique else '}o'}--{'o|' if nullable else '||'}"
        return parent, label(foreign_key), child, signs
    signs = f"{'|o' if nullable else '||'}--{'o|' if unique else 'o{'}"
    return child, label(foreign_key), parent, signs
