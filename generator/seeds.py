"""The rows that a project starts with, in app/seeds.py: up to three of each model.

Row n has the n-th value of each column.  A column with too few values, such as a boolean, starts again with
the first.  The rows end before one that a unique constraint would reject.  As long as there are as many, some
rows have the same reference: of three posts, two have one author.
"""

import hashlib
from itertools import combinations
from keyword import iskeyword

from generator import layout
from generator.circles import ordered
from generator.model import Field, Model
from generator.nouns import plural
from generator.samples import is_unusual, samples

ROWS = 3
Values = dict[str, list[int]]
"""The numbers of a column's values, row by row, by the name of the column."""


def imports(models: list[Model]) -> list[str]:
    """Return the imports from the standard library."""
    lines = {"from collections.abc import Iterator"}
    for model in models:
        lines |= {field.scalar.imports for field in given_columns(model) if not field.target}
    lines -= {"", "from typing import Any"}
    return layout.sorted_imports(lines)


def statements(models: list[Model]) -> list[str]:
    """Return the lines that yield the rows: a list for each model, and the references that have to wait for it."""
    lists = list_names(models)
    counts: dict[str, int] = {}
    lines = []
    waiting: list[Field] = []
    for model in ordered(models):
        values = value_numbers(model, counts)
        calls = rows(model, values, lists, counts)
        waiting += [field for field in model.fields if must_wait(field, counts)]
        counts[model.name] = len(values)
        lines.append(layout.statement(f"    {lists[model.name]} = [{', '.join(calls)}]"))
        lines.append(f"    yield from {lists[model.name]}")
        for field in [field for field in waiting if field.target and field.target.name in counts]:
            waiting.remove(field)
            lines += later(field, lists, counts)
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
    """Return the length of the longest statement with a list's name that cannot be split.

    The other list in it has a name for which the same is true, so that twice the longer one is enough.
    """
    circle = [field for field in model.fields + model.referrers if field.closes_circle or field.is_link]
    own = [field for field in model.fields if field.target is model]
    return len(f"    {name}[-1]. = [{name}[0]]") + max((len(field.name) for field in own + circle), default=0)


def must_wait(field: Field, counts: dict[str, int]) -> bool:
    """Return whether the rows that a field refers to are made only with the model's own, or after these."""
    return field.target is not None and field.target.name not in counts


def later(field: Field, lists: dict[str, str], counts: dict[str, int]) -> list[str]:
    """Return the statement that sets a reference once the rows of both models exist.

    A row that refers to its own model is the last, and refers to the first.
    """
    assert field.target
    source = f"{lists[field.model.name]}[0]"
    target = f"{lists[field.target.name]}[0]"
    if field.target is field.model:
        if counts[field.model.name] == 1:
            return []
        source = f"{lists[field.model.name]}[-1]"
    value = f"[{target}]" if field.is_link else target
    return [f"    {source}.{field.name} = {value}"]


def rows(
    model: Model, values: list[dict[str, int]], lists: dict[str, str], counts: dict[str, int]
) -> list[str]:
    """Return the calls that make the rows; `values` are the numbers of the values in each."""
    columns = []
    for field in given_columns(model):
        choices = expressions(field, lists, counts)
        columns.append([f"{field.name}={choices[row[field.column]]}" for row in values])
    for link in model.links:
        if link.target and not must_wait(link, counts):
            targets = lists[link.target.name]
            columns.append([f"{link.name}={targets}[:{number}]" for number in range(1, len(values) + 1)])
    return [layout.call(model.name, [column[number] for column in columns]) for number in range(len(values))]


def expressions(field: Field, lists: dict[str, str], counts: dict[str, int]) -> list[str]:
    """Return the values that rows can have in a column, as Python."""
    if field.target:
        return [f"{lists[field.target.name]}[{number}]" for number in range(counts[field.target.name])]
    values = samples(field)
    if field.array:
        one, other, *_ = values
        return [f"[{one}]", f"[{other}]", f"[{one}, {other}]"]
    return values


# Which values


def value_numbers(model: Model, counts: dict[str, int]) -> list[dict[str, int]]:
    """Return for each row which value each column has, by its number.

    `counts` says how many rows the models before this one have.
    """
    given = given_columns(model)
    sizes = {field.column: value_count(field, counts) for field in [model.id, *model.columns]}
    values = {column: [number % size for number in range(ROWS)] for column, size in sizes.items()}
    references = [field for field in given if field.target]
    for field in references:
        values[field.column] = [(number + lead(field)) % sizes[field.column] for number in range(ROWS)]
    count = row_count(model, values)
    for fields in [*groups_by_target(references), *([field] for field in references)]:
        repeated = values | {field.column: repeating(field, sizes[field.column]) for field in fields}
        if row_count(model, repeated) == count and alike(references, repeated) <= alike(references, values):
            values = repeated
    return [{field.column: values[field.column][number] for field in given} for number in range(count)]


def given_columns(model: Model) -> list[Field]:
    """Return the columns that get a value.

    A default is left to the database, unless the column is part of a unique constraint, and so is what few rows
    have, if it may be NULL.  References to the model itself are set once its rows exist.
    """
    unique = {column for _, names in model.uniques for column in names}
    keys = [model.id] if model.id.default is None and not model.id.is_numbered else []
    columns = [field for field in model.columns if field.target is not model and not field.closes_circle]
    return keys + [field for field in columns if field.column in unique or not is_left_out(field)]


def is_left_out(field: Field) -> bool:
    return field.default is not None or (field.nullable and is_unusual(field))


def value_count(field: Field, counts: dict[str, int]) -> int:
    """Return how many different values the rows can have in a column, at most ROWS."""
    if field.target is field.model or field.closes_circle:
        return ROWS  # NULL in all rows but one, and no NULL equals another
    if field.target:
        return counts[field.target.name]
    if field.type == "boolean" and not field.array:
        return 2
    if field.type == "enum":
        return min(ROWS, len(field.arguments))
    return ROWS


def row_count(model: Model, values: Values) -> int:
    """Return how many rows there are before one that a unique constraint rejects.

    The columns that a model does not declare hold the time of the transaction, which is the same in each row.
    """
    same = [0] * ROWS
    count = ROWS
    for _, columns in model.uniques:
        keys = list(zip(*(values.get(column, same) for column in columns), strict=True))
        count = min([count, *(number for number in range(ROWS) if keys[number] in keys[:number])])
    return count


# References


def lead(field: Field) -> int:
    """Return how many rows a reference is ahead of the model's first one to the same target.

    With it the two players of a game are different people.
    """
    rivals = [other for other in field.model.references if other.target is field.target]
    return rivals.index(field)


def repeating(field: Field, size: int) -> list[int]:
    """Return the numbers of the values of a reference, where two rows have the same.

    For each second target it is another pair of rows, as of two comments on a post.
    """
    targets = list(dict.fromkeys(other.target.name for other in field.model.references if other.target))
    assert field.target
    shift = targets.index(field.target.name) % 2
    return [((number + shift) // 2 + lead(field)) % size for number in range(ROWS)]


def groups_by_target(references: list[Field]) -> list[list[Field]]:
    """Return the references in groups with the same target."""
    groups: dict[str, list[Field]] = {}
    for field in references:
        assert field.target
        groups.setdefault(field.target.name, []).append(field)
    return list(groups.values())


def alike(references: list[Field], values: Values) -> int:
    """Return how often two references of a row are to the same row."""
    pairs = [pair for group in groups_by_target(references) for pair in combinations(group, 2)]
    same = [zip(values[one.column], values[other.column], strict=True) for one, other in pairs]
    return sum(first == second for numbers in same for first, second in numbers)
