"""The rows that a project starts with, in app/seeds.py: up to three of each model.

Row n has the n-th value of each column.  A column with too few values, such as a boolean, starts again with
the first.  The rows end before one that a unique constraint would reject.
"""

import hashlib
from keyword import iskeyword

from generator import layout
from generator.circles import ordered
from generator.model import Field, Model
from generator.nouns import plural

ROWS = 3
TEXT_LENGTH = 20
"""The greatest length of a text."""


def imports(models: list[Model]) -> list[str]:
    """Return the imports from the standard library."""
    lines = {"from collections.abc import Iterator"}
    for model in models:
        lines |= {field.scalar.imports for field in given_columns(model) if not field.target}
    lines -= {"", "from typing import Any"}
    return layout.sorted_imports(lines)


def statements(models: list[Model]) -> list[str]:
    """Return the lines that yield the rows: a list for each model, then its references to itself."""
    lists = list_names(models)
    counts: dict[str, int] = {}
    lines = []
    made: list[Model] = []
    for model in ordered(models):
        rows = value_numbers(model, counts)
        counts[model.name] = len(rows)
        name = lists[model.name]
        calls = [row(model, number, values, lists, made) for number, values in enumerate(rows)]
        lines.append(layout.statement(f"    {name} = [{', '.join(calls)}]"))
        lines.append(f"    yield from {name}")
        made.append(model)
        if len(rows) > 1:
            lines += self_references(model, name)
    return lines


def list_names(models: list[Model]) -> dict[str, str]:
    """Return the name of each model's list: its plural, where that is free and short enough.

    Otherwise it comes from the model's name, not from its number: a model that is declared later, above it,
    must not rename a list to which the owner of a project has added rows.
    """
    names: dict[str, str] = {}
    for number, model in enumerate(models, start=1):
        digest = hashlib.md5(model.name.encode(), usedforsecurity=False).hexdigest()
        choices = [plural(model.module), f"rows_{digest[-4:]}", f"rows_{number}"]
        names[model.name] = next(
            name
            for name in choices
            if name not in names.values()
            and not iskeyword(name)
            and longest_statement(model, name) <= layout.WIDTH
        )
    return names


def longest_statement(model: Model, name: str) -> int:
    """Return the length of the longest statement with a list's name that cannot be split."""
    own = [len(field.name) for field in model.fields if field.target is model]
    return len(f"    {name}[-1]. = [{name}[0]]") + max(own, default=0)


def self_references(model: Model, name: str) -> list[str]:
    """Return the statements that make the last row of a list refer to the first."""
    lines = []
    for field in model.fields:
        if field.target is model:
            value = f"[{name}[0]]" if field.is_link else f"{name}[0]"
            lines.append(f"    {name}[-1].{field.name} = {value}")
    return lines


def row(model: Model, number: int, values: dict[str, int], lists: dict[str, str], made: list[Model]) -> str:
    """Return the call that makes one row."""
    arguments = []
    for field in given_columns(model):
        arguments.append(f"{field.name}={expression(field, values[field.column], lists)}")
    for link in model.links:
        if link.target and link.target is not model and link.target in made:
            arguments.append(f"{link.name}={lists[link.target.name]}[:{number + 1}]")
    return layout.call(model.name, arguments)


# Which values


def value_numbers(model: Model, counts: dict[str, int]) -> list[dict[str, int]]:
    """Return for each row which value each column has, by its number.

    `counts` says how many rows the models before this one have.
    """
    sizes = {field.column: value_count(field, counts) for field in [model.id, *model.columns]}
    rows = []
    for number in range(row_count(model, sizes)):
        values = {}
        for field in given_columns(model):
            values[field.column] = (number + lead(field)) % sizes[field.column]
        rows.append(values)
    return rows


def given_columns(model: Model) -> list[Field]:
    """Return the columns that get a value.

    A default is left to the database, unless the column is part of a unique constraint.  References to the
    model itself are set once its rows exist.
    """
    unique = {column for _, names in model.uniques for column in names}
    keys = [model.id] if model.id.default is None and not model.id.is_numbered else []
    columns = [field for field in model.columns if field.target is not model and not field.closes_circle]
    return keys + [field for field in columns if field.default is None or field.column in unique]


def value_count(field: Field, counts: dict[str, int]) -> int:
    """Return how many different values the rows can have in a column, at most ROWS."""
    if (
        field.target is field.model or field.closes_circle
    ):  # NULL in all rows but one, and no NULL equals another
        return ROWS
    if field.target:
        return counts[field.target.name]
    if field.type == "boolean" and not field.array:
        return 2
    if field.type == "enum":
        return min(ROWS, len(field.arguments))
    return ROWS


def row_count(model: Model, sizes: dict[str, int]) -> int:
    """Return how many rows the unique constraints allow.

    A column with n values repeats the first one after n rows.  A constraint on several columns allows as many
    rows as its column with the most values, since rows that are closer together differ in that column.
    """
    limits = [max(sizes.get(column, 1) for column in columns) for _, columns in model.uniques]
    return min([ROWS, *limits])


def lead(field: Field) -> int:
    """Return how many rows a reference is ahead of the model's first one to the same target.

    With it the two players of a game are different people.
    """
    if not field.target:
        return 0
    rivals = [other for other in field.model.references if other.target is field.target]
    return rivals.index(field)


# The values as Python


def expression(field: Field, number: int, lists: dict[str, str]) -> str:
    """Return the value with a number, which starts at 0."""
    if field.target:
        return f"{lists[field.target.name]}[{number}]"
    if not field.array:
        return sample(field, number)
    if number == 2:
        return f"[{sample(field, 0)}, {sample(field, 1)}]"
    return f"[{sample(field, number)}]"


def sample(field: Field, number: int) -> str:
    """Return one value of a scalar type."""
    if field.type == "boolean":
        return "False" if number else "True"
    if field.type == "enum":
        return layout.literal(field.arguments[number])
    if field.type == "numeric" and is_fraction(field):
        return f'Decimal("0.{number + 1}")'
    if field.scalar.sample:
        return field.scalar.sample.format(n=number + 1)
    return text(field, number)


def is_fraction(field: Field) -> bool:
    """Return whether a numeric column has all its digits after the decimal point, as in numeric(3,3)."""
    return len(field.arguments) == 2 and field.arguments[0] == field.arguments[1]


def text(field: Field, number: int) -> str:
    """Return the name of the column and a number, or only the number if the column is too short."""
    length = int(field.arguments[0]) if field.arguments else TEXT_LENGTH
    room = min(length, TEXT_LENGTH) - len(" 1")
    if room < 1:
        return f'"{number + 1}"'
    words = field.name.replace("_", " ")[:room]
    return f'"{words} {number + 1}"'
