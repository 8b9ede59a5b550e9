"""Lays Python out as `ruff format` does, so that formatting changes nothing in a fresh project.

Each function returns lines without the last line break.  Names may have 63 characters, so every
statement that holds one may have to be split; where ruff splits was found by trying.
"""

import re
from collections.abc import Mapping

WIDTH = 100


def literal(text: str) -> str:
    """Return `text` as a string literal, in double quotes unless it holds more of these."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = repr("\"'" + text)[3:-1].removeprefix("'").replace(r"\'", "'")
    return quote + body.replace(quote, "\\" + quote) + quote


def import_from(module: str, names: list[str]) -> str:
    """Return an import, the names sorted as ruff sorts them."""
    names = sorted(names, key=lambda name: (not name.isupper(), name))
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def import_models(models: Mapping[str, str]) -> str:
    """Return the imports of models, given as {module: model}, in ruff's order."""

    def numbers_by_value(module: str) -> list[tuple[bool, int, str]]:
        parts = re.findall(r"\d+|\D+", module)
        return [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]

    modules = sorted(models, key=numbers_by_value)
    return "\n".join(import_from(f"app.models.{module}", [models[module]]) for module in modules)


def list_of(target: str, names: list[str]) -> str:
    """Return `target = ["name", ...]`."""
    items = [literal(name) for name in names]
    line = f"{target} = [{', '.join(items)}]"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{target} = [", *(f"    {item}," for item in items), "]"])


def assign(target: str, annotation: str, function: str, arguments: list[str]) -> str:
    """Return `target: annotation = function(arguments)` in the body of a class."""
    left = f"    {target}: {annotation} = "
    if len(left) + len(f"{function}(") <= WIDTH:
        return left + call(function, arguments, column=len(left), indent=4)
    if len(left) + 1 <= WIDTH:
        return f"{left}(\n        {call(function, arguments, column=8, indent=8)}\n    )"
    generic, inner = annotation.removesuffix("]").split("[", 1)
    value = call(function, arguments, column=len("    ] = "), indent=4)
    return f"    {target}: {generic}[\n        {inner}\n    ] = {value}"


def call(function: str, arguments: list[str], column: int, indent: int) -> str:
    """Return a call that begins in `column` of a statement indented by `indent`."""
    flat = ", ".join(arguments)
    if column + len(f"{function}({flat})") <= WIDTH:
        return f"{function}({flat})"
    pad = "\n" + " " * (indent + 4)
    end = "\n" + " " * indent + ")"
    if indent + 4 + len(flat) <= WIDTH:
        return f"{function}({pad}{flat}{end}"
    comma = "," if len(arguments) > 1 else ""
    lines = [argument(text + comma, indent + 4) for text in arguments]
    return f"{function}({pad}" + pad.join(lines) + end


def argument(line: str, indent: int) -> str:
    """Return the line of one argument; a call on it that does not fit is split."""
    nested = re.fullmatch(r"(\w+)\((.*)\)(,?)", line)
    if not nested or indent + len(line) <= WIDTH:
        return line
    function, inner, comma = nested.groups()
    return call(function, inner.split(", "), column=WIDTH, indent=indent) + comma
