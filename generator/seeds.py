"""The rows that a project begins with: up to three of each model, as its constraints admit."""

from itertools import product
from keyword import iskeyword

from generator import layout
from generator.model import Field, Model, plural

ROWS = 3
Values = tuple[int | None, ...]
"""The numbers of the values of a column, row by row; None leaves it NULL."""


def statements(models: list[Model]) -> list[str]:
    """Return the lines that yield the rows: a list for each model, then its references to itself."""
    lists = variables(models)
    counts: dict[str, int] = {}
    lines = []
    for model in models:
        rows = [row(model, number, values, lists) for number, values in enumerate(choose(model, counts))]
        counts[model.name], name = len(rows), lists[model.name]
        lines.append(layout.statement(f"    {name} = [{', '.join(rows)}]"))
        lines.append(f"    yield from {name}")
        for field in [f for f in model.fields if f.target is model and len(rows) > 1]:
            other = f"[{name}[0]]" if field.is_link else f"{name}[0]"
            lines.append(f"    {name}[-1].{field.name} = {other}")
    return lines


def imports(models: list[Model]) -> list[str]:
    """Return the imports of the standard library."""
    lines = {f.scalar.imports for model in models for f in given(model)} - {"", "from typing import Any"}
    lines.add("from collections.abc import Iterator")
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def variables(models: list[Model]) -> dict[str, str]:
    """Return the name of the list of each model: its plural, where that is free and short enough."""
    names: dict[str, str] = {}
    for number, model in enumerate(models, start=1):
        name = plural(model.module)
        longest = max((len(f.name) for f in model.fields if f.target is model), default=0)
        fits = len(f"    {name}[-1]. = [{name}[0]]") + longest <= layout.WIDTH
        free = name not in names.values() and not iskeyword(name)
        names[model.name] = name if fits and free else f"rows_{number}"
    return names


def row(model: Model, number: int, values: dict[str, int | None], lists: dict[str, str]) -> str:
    """Return the call that makes one row."""
    arguments = []
    for field in given(model):
        if (value := values[field.column]) is not None:
            arguments.append(f"{field.name}={expression(field, value, lists)}")
    for link in model.links:
        if link.target and link.target is not model:
            arguments.append(f"{link.name}={lists[link.target.name]}[:{number + 1}]")
    return f"{model.name}({', '.join(arguments)})"


def expression(field: Field, number: int, lists: dict[str, str]) -> str:
    """Return the value of that number, which begins at 0, as Python."""
    if field.target:
        return f"{lists[field.target.name]}[{number}]"
    if field.array:
        items = [sample(field, n) for n in ([number], [0, 1])[number == 2]]
        return f"[{', '.join(items)}]"
    return sample(field, number)


def sample(field: Field, number: int) -> str:
    if field.type == "boolean":
        return ("True", "False")[number]
    if field.type == "enum":
        return layout.literal(field.arguments[number])
    if field.type == "numeric" and field.arguments[:1] == field.arguments[1:] != []:
        return f'Decimal("0.{number + 1}")'
    if field.scalar.sample:
        return field.scalar.sample.format(n=number + 1)
    words = field.name.replace("_", " ")[:18]
    longest = int(field.arguments[0]) if field.arguments else 20
    return f'"{f"{words[: longest - 2]} {number + 1}" if longest > 2 else number + 1}"'


# Which values


def given(model: Model) -> list[Field]:
    """Return the columns that get a value: one with a default need not, unless it must differ."""
    unique = {column for _, columns in model.uniques for column in columns}
    return [f for f in model.columns if f.target is not model and (f.default is None or f.column in unique)]


def choose(model: Model, counts: dict[str, int]) -> list[dict[str, int | None]]:
    """Return the numbers of the values of each row, for as many rows as there can be."""
    sizes = {f.column: size(f, counts) for f in given(model)}
    # A column that differs in each row makes its groups unique, and so does one that is mostly NULL.
    groups = [columns for _, columns in model.uniques if all(sizes.get(c, ROWS) < ROWS for c in columns)]
    groups.sort(key=len)  # what admits few rows is found out first
    nullable = {f.column for f in model.columns if f.nullable and f.default is None}
    kinds = {c: [*range(sizes[c]), *([None] if c in nullable else [])] for group in groups for c in group}
    for count in range(ROWS, 0, -1):
        options = {column: diverse(kind, count) for column, kind in kinds.items()}
        if (found := search(list(kinds), groups, options, {})) is not None:
            shifts = shifted(given(model))
            numbers: dict[str, Values] = {
                c: tuple((n + shifts[c]) % size for n in range(count)) for c, size in sizes.items()
            }
            return [{c: values[n] for c, values in (numbers | found).items()} for n in range(count)]
    raise AssertionError("a row alone breaks no unique constraint")


def shifted(fields: list[Field]) -> dict[str, int]:
    """Return by how many rows a second reference to one model is ahead: nobody plays against himself."""
    targets = [f.target for f in fields]
    return {f.column: targets[:n].count(f.target) if f.target else 0 for n, f in enumerate(fields)}


def diverse(kinds: list[int | None], count: int) -> list[Values]:
    """Return every way to fill a column, those with the most different values first."""
    return sorted(product(kinds, repeat=count), key=lambda values: -len(set(values)))


def search(
    columns: list[str], groups: list[list[str]], options: dict[str, list[Values]], chosen: dict[str, Values]
) -> dict[str, Values] | None:
    """Return one of its options for each column, so that each group differs in every row."""
    if len(chosen) == len(columns):
        return chosen
    column = columns[len(chosen)]
    for values in options[column]:
        tried = chosen | {column: values}
        complete = [group for group in groups if column in group and tried.keys() >= set(group)]
        if all(differs([tried[name] for name in group]) for group in complete):
            found = search(columns, groups, options, tried)
            if found is not None:
                return found
    return None


def differs(group: list[Values]) -> bool:
    """Return whether no two rows are the same; a NULL is the same as nothing."""
    rows = [values for values in zip(*group, strict=True) if None not in values]
    return len(set(rows)) == len(rows)


def size(field: Field, counts: dict[str, int]) -> int:
    """Return how many values there are to choose from; ROWS are enough."""
    if field.target:
        return counts[field.target.name]
    sizes = {"boolean": 2, "enum": len(field.arguments)}
    return ROWS if field.array else min(ROWS, sizes.get(field.type, ROWS))
