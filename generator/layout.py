"""Lays Python out as `ruff format` does, so that formatting changes nothing in a fresh project.

Each function returns its lines without the last line break.  Names can have 63 characters, so any statement
that holds one may have to be split.  Where ruff splits was found by trying.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from unicodedata import category, east_asian_width

WIDTH = 100
INDENT = 4
STRINGS_AND_DELIMITERS = re.compile(
    r"""
    "(?:[^"\\]|\\.)*"
    | '(?:[^'\\]|\\.)*'
    | [()\[\]{},]
    """,
    re.VERBOSE,
)


# Expressions, each on one line


def literal(text: str) -> str:
    """Return `text` as a string literal, in double quotes unless it holds more of these."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    # repr() writes a text with both quotes in single quotes, and escapes only these.
    both_quotes = "\"'"
    escaped = repr(both_quotes + text)[len(repr(both_quotes)) - 1 : -1]
    body = escaped.replace(r"\'", "'")
    return quote + body.replace(quote, "\\" + quote) + quote


def call(function: str, arguments: Iterable[str]) -> str:
    return f"{function}({', '.join(arguments)})"


def tuple_of(items: list[str]) -> str:
    if len(items) == 1:
        return f"({items[0]},)"
    return f"({', '.join(items)})"


# Imports


def import_from(module: str, names: Iterable[str]) -> str:
    """Return an import, the names sorted as ruff sorts them: constants, classes, functions."""
    names = sorted(names, key=import_key)
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


@cache
def import_key(name: str) -> tuple[object, ...]:
    if name.isupper() and len(name) > 1:
        kind = 0
    elif name[0].isupper():
        kind = 1
    else:
        kind = 2
    return kind, natural(name.lower()), natural(name)


def import_models(models: Mapping[str, str]) -> str:
    """Return the imports of models, given as {module: model}, sorted as ruff sorts them."""
    modules = sorted(models, key=natural)
    return "\n".join(import_from(f"app.models.{module}", [models[module]]) for module in modules)


def sorted_imports(lines: Iterable[str]) -> list[str]:
    """Return imports of the standard library in ruff's order: `import` before `from`."""
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return the key that sorts Item2 before Item10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(False, int(part), part) if part.isdigit() else (True, 0, part) for part in parts]


# Statements


def list_of(target: str, names: list[str]) -> str:
    """Return `target = ["name", ...]`."""
    items = ", ".join(literal(name) for name in names)
    return statement(f"{target} = [{items}]")


def statement(line: str) -> str:
    """Return a statement that ends with a bracket."""
    indent = len(line) - len(line.lstrip())
    return fit(line, column=0, indent=indent)


def assign(target: str, annotation: str, value: str) -> str:
    """Return `target: annotation = value` in the body of a class, where the value is a call."""
    left = f"    {target}: {annotation} = "
    function, _, _ = value.partition("(")
    if len(left) + len(f"{function}(") <= WIDTH:
        return left + fit(value, column=len(left), indent=INDENT)
    if len(left) + len("(") <= WIDTH:
        in_brackets = fit(value, column=2 * INDENT, indent=2 * INDENT)
        return f"{left}(\n        {in_brackets}\n    )"
    generic, inner = annotation.removesuffix("]").split("[", 1)
    value = fit(value, column=len("    ] = "), indent=INDENT)
    return f"    {target}: {generic}[\n        {inner}\n    ] = {value}"


def fit(text: str, column: int, indent: int, comma: str = "") -> str:
    """Return an expression that starts in `column` of a line indented by `indent`.

    If it is too long, it is split at its last bracket.  The arguments of a call or of an index go together on
    a line of their own if they fit; otherwise, and in a list, tuple or dictionary, each item gets a line.
    """
    if column + width(text + comma) <= WIDTH or not text.endswith((")", "]", "}")):
        return text + comma
    head, items = split(text)
    inner = indent + INDENT
    line_break = "\n" + " " * inner
    end = "\n" + " " * indent + text[-1] + comma
    is_call = re.search(r"\w[(\[]$", head) is not None
    together = ", ".join(items)
    if is_call and inner + width(together) <= WIDTH:
        return head + line_break + together + end
    last_comma = "," if len(items) > 1 or not is_call else ""
    lines = [fit(item, column=inner, indent=inner, comma=last_comma) for item in items]
    return head + line_break + line_break.join(lines) + end


def split(text: str) -> tuple[str, list[str]]:
    """Split `head(a, b)` at the bracket that closes at its end, into `head(` and [a, b]."""
    depth = 0
    start = 0
    commas: list[int] = []
    for match in STRINGS_AND_DELIMITERS.finditer(text):
        found = match[0]
        if found in "([{":
            depth += 1
            if depth == 1:
                start = match.end()
                commas = []
        elif found in ")]}":
            depth -= 1
        elif found == "," and depth == 1:
            commas.append(match.start())
    starts = [start, *(comma + 1 for comma in commas)]
    ends = [*commas, len(text) - 1]
    items = [text[first:last].strip() for first, last in zip(starts, ends, strict=True)]
    return text[:start], [item for item in items if item]


def width(text: str) -> int:
    """Return how many columns a text takes: some characters take two, some none."""
    if text.isascii():
        return len(text)
    return sum(character_width(character) for character in text)


def character_width(character: str) -> int:
    if east_asian_width(character) in "WF":
        return 2
    if category(character) in ("Mn", "Me"):
        return 0
    return 1
