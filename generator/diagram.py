"""The diagram of a fresh project: the same text that its plumbing/diagram/mermaid.py makes from the models.

That file says why the text is as it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from generator import shared
from generator.model import BASE_COLUMNS, Field, Model

LONGEST_TEXT = 50_000
ACROSS = 4
LONGEST_VALUES = 24
MERMAID_KEYWORDS = ("pk", "fk", "uk")
HEAD = """\
%%{init: {"er": {"entityPadding": 6, "nodeSpacing": 30, "rankSpacing": 60}}}%%
erDiagram
"""
LEFT_OUT = "It leaves out `created_at` and `updated_at`."
KEYS_ONLY = "It shows keys only, because there are many tables."

LAYERS = shared.contents("diagram/layers.py")
layers_of: Callable[[dict[str, set[str]]], dict[str, int]] = LAYERS["layers_of"]
is_wide: Callable[[dict[str, int]], bool] = LAYERS["is_wide"]

Connection = tuple[str, str, str, str]
"""The table on the right, the label, the table on the left, and the signs between them."""


@dataclass
class Column:
    name: str
    type: str
    keys: list[str]
    nullable: bool = False
    values: list[str] = field(default_factory=list)

    @property
    def is_key(self) -> bool:
        return "PK" in self.keys or "FK" in self.keys


@dataclass
class Reference:
    column: str
    target: Model
    nullable: bool = False
    unique: bool = False


@dataclass
class Table:
    """A table of a model or of a link."""

    key: str
    columns: list[Column]
    references: list[Reference]
    uniques: list[list[str]] = field(default_factory=list)


class Diagram(NamedTuple):
    """The text for Mermaid, and a sentence that says what it leaves out."""

    text: str
    left_out: str


def diagram(models: list[Model]) -> Diagram:
    """Return the diagram of the models."""
    tables = [model_table(model) for model in models]
    tables += [link_table(link) for model in models for link in model.links]
    tables.sort(key=lambda table: table.key)
    layers = layers_of({table.key: parents(table) for table in tables})
    text = drawn(tables, layers, only_keys=False)
    if len(text) <= LONGEST_TEXT:
        return Diagram(text, LEFT_OUT)
    return Diagram(drawn(tables, layers, only_keys=True), KEYS_ONLY)


def drawn(tables: list[Table], layers: dict[str, int], only_keys: bool) -> str:
    across = is_wide(layers)
    lines = ["direction LR"] if across else []
    for table in tables:
        lines += box(table, only_keys)
    connections = []
    for table in tables:
        is_turned = across and layers[table.key] >= ACROSS
        connections += [connection(table, reference, is_turned) for reference in table.references]
    lines += [f'"{left}" {signs} "{right}" : "{label}"' for right, label, left, signs in sorted(connections)]
    return HEAD + "".join(f"    {line}\n" for line in lines)


# The tables


def model_table(model: Model) -> Table:
    uniques = [columns for _, columns in model.uniques]
    columns = [column(field, uniques) for field in [model.id, *model.columns]]
    times = [name for name in BASE_COLUMNS if name != "id" and any(name in names for names in uniques)]
    columns += [Column(name, "timestamptz", ["UK"] if [name] in uniques else []) for name in times]
    references = [
        Reference(field.column, field.target, field.nullable, [field.column] in uniques)
        for field in model.references
        if field.target
    ]
    return Table(model.key, columns, references, uniques)


def column(field: Field, uniques: list[list[str]]) -> Column:
    marks = {
        "PK": field is field.model.id,
        "FK": field.target is not None,
        "UK": [field.column] in uniques,
    }
    keys = [mark for mark, applies in marks.items() if applies]
    values = field.arguments if field.type == "enum" else []
    return Column(field.column, column_type(field), keys, field.nullable, values)


def column_type(field: Field) -> str:
    field = field.stored
    if field.type == "enum":
        return "enum"
    arguments = f"({'_'.join(field.arguments)})" if field.arguments else ""
    return field.scalar.postgres + arguments + ("[]" if field.array else "")


def link_table(link: Field) -> Table:
    targets = link.link_columns.items()
    return Table(
        link.model.qualified(link.link_table),
        [Column(name, column_type(target.id), ["PK", "FK"]) for name, target in targets],
        [Reference(name, target) for name, target in targets],
    )


def parents(table: Table) -> set[str]:
    return {reference.target.key for reference in table.references} - {table.key}


# Boxes


def box(table: Table, only_keys: bool) -> list[str]:
    columns = [column for column in table.columns if column.is_key or not only_keys]
    return [f'"{table.key}" {{', *(f"    {describe(column, table)}" for column in columns), "}"]


def describe(column: Column, table: Table) -> str:
    name = f"*{column.name}" if column.name in MERMAID_KEYWORDS else column.name
    words = [column.type, name, ", ".join(column.keys), comment(column, table)]
    return " ".join(word for word in words if word)


def comment(column: Column, table: Table) -> str:
    parts = [
        "null" if column.nullable else "",
        unique_together(column, table),
        shortened(column.values),
    ]
    text = "; ".join(part for part in parts if part)
    text = re.sub(r"\s+", " ", text.replace('"', "'").replace("~", "-"))
    return f'"{text}"' if text else ""


def unique_together(column: Column, table: Table) -> str:
    groups = sorted(names for names in table.uniques if len(names) > 1)
    numbers = [str(number) for number, names in enumerate(groups, 1) if column.name in names]
    if not numbers:
        return ""
    return f"unique together {', '.join(numbers)}" if len(groups) > 1 else "unique together"


def shortened(values: list[str]) -> str:
    text = ", ".join(values)
    while len(text) > LONGEST_VALUES and len(values) > 1:
        values = values[:-1]
        text = ", ".join([*values, "…"])
    return text


# Lines


def connection(table: Table, reference: Reference, is_turned: bool) -> Connection:
    name = label(table, reference)
    if is_turned:
        signs = f"{'|o' if reference.unique else '}o'}--{'o|' if reference.nullable else '||'}"
        return reference.target.key, name, table.key, signs
    signs = f"{'|o' if reference.nullable else '||'}--{'o|' if reference.unique else 'o{'}"
    return table.key, name, reference.target.key, signs


def label(table: Table, reference: Reference) -> str:
    target = reference.target
    others = [other for other in table.references if other.target is target]
    is_plain = target.key == table.key or is_named_after(reference.column, target.table)
    return "" if is_plain and len(others) == 1 else reference.column


def is_named_after(column: str, table: str) -> bool:
    words = column.removesuffix("_id").split("_")
    endings = ["_".join(words[number:]) for number in range(len(words))]
    return any(table.startswith(ending[:-1] or ending) for ending in endings if ending)
