"""Lays Python out as `ruff format` does, so that formatting changes nothing in a fresh project.

Each function returns lines without the last line break.  Names may have 63 characters, so every
statement that holds one may have to be split; where ruff splits was found by trying.
"""

import re
from collections.abc import Mapping
from unicodedata import category, east_asian_width

WIDTH = 100


def literal(text: str) -> str:
    """Return `text` as a string literal, in double quotes unless it holds more of these."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = repr("\"'" + text)[3:-1].removeprefix("'").replace(r"\'", "'")
    return quote + body.replace(quote, "\\" + quote) + quote


def import_from(module: str, names: list[str]) -> str:
    """Return an import, the names sorted as ruff sorts them: constants, classes, functions."""

    def kind(name: str) -> int:
        return 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2

    names = sorted(names, key=lambda name: (kind(name), natural(name.lower()), natural(name)))
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def import_models(models: Mapping[str, str]) -> str:
    """Return the imports of models, given as {module: model}, in ruff's order."""
    modules = sorted(models, key=natural)
    return "\n".join(import_from(f"app.models.{module}", [models[module]]) for module in modules)


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return the key that sorts Item2 before Item10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]


def list_of(target: str, names: list[str]) -> str:
    """Return `target = ["name", ...]`."""
    return statement(f"{target} = [{', '.join(map(literal, names))}]")


def statement(line: str) -> str:
    """Return a statement that ends with a bracket, laid out."""
    indent = len(line) - len(line.lstrip())
    return fit(line, 0, indent)


def assign(target: str, annotation: str, value: str) -> str:
    """Return `target: annotation = value` in the body of a class, where the value is a call."""
    left = f"    {target}: {annotation} = "
    function = value.split("(")[0]
    if len(left) + len(f"{function}(") <= WIDTH:
        return left + fit(value, column=len(left), indent=4)
    if len(left) + 1 <= WIDTH:
        return f"{left}(\n        {fit(value, column=8, indent=8)}\n    )"
    generic, inner = annotation.removesuffix("]").split("[", 1)
    value = fit(value, column=len("    ] = "), indent=4)
    return f"    {target}: {generic}[\n        {inner}\n    ] = {value}"


def fit(text: str, column: int, indent: int, comma: str = "") -> str:
    """Return an expression that begins in `column` of a line indented by `indent`.

    If it is too long, its last bracket is split: the arguments of a call or an index go on a line of their own or
    on one each, the items of a list, tuple or dictionary on one each.
    """
    if column + width(text + comma) <= WIDTH or not text.endswith((")", "]", "}")):
        return text + comma
    head, items = split(text)
    pad, end = "\n" + " " * (indent + 4), "\n" + " " * indent + text[-1] + comma
    flat = ", ".join(items)
    is_call = re.search(r"\w[(\[]$", head)
    if is_call and indent + 4 + width(flat) <= WIDTH:
        return head + pad + flat + end
    comma = "," if len(items) > 1 or not is_call else ""
    return head + pad + pad.join(fit(item, indent + 4, indent + 4, comma) for item in items) + end


def split(text: str) -> tuple[str, list[str]]:
    """Split `head(a, b)` at the bracket that closes at its end, into `head(` and a, b."""
    depth, starts, commas = 0, [0], list[int]()
    for match in re.finditer(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{},]""", text):
        if match[0] in "([{":
            depth += 1
            starts, commas = (starts, commas) if depth > 1 else ([match.end()], [])
        depth -= match[0] in ")]}"
        commas += [match.start()] if match[0] == "," and depth == 1 else []
    ends = [*commas, len(text) - 1]
    starts += [comma + 1 for comma in commas]
    items = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return text[: starts[0]], [item for item in items if item]


def width(text: str) -> int:
    """Return how many columns a text takes: some characters take two, some none."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(c) in "WF" else category(c) not in ("Mn", "Me") for c in text)
