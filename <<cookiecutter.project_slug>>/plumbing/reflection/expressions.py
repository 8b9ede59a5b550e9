"""Reads the expressions that PostgreSQL prints: constants, defaults and the checks of enums."""

import re

QUOTED = r"'(?:[^']|'')*'"
TYPE = r"""
    (?:
        character\ varying | double\ precision | bit\ varying
        | (?:timestamp|time)(?:\(\d\))?\ with(?:out)?\ time\ zone
        | interval(?:\ \w+(?:\ to\ \w+)?)?
        | (?:(?:"(?:[^"]|"")+"|\w+)\.)?(?:"(?:[^"]|"")+"|\w+)
    )
    (?:\(-?\d+(?:,\s*-?\d+)?\))?
    (?:\[\])*
"""
PARTS = re.compile(
    rf"""
    (?P<text>{QUOTED} | "(?:[^"]|"")*")
    | (?P<cast>::{TYPE})
    | (?P<bracket>[()])
    | (?P<other>[^'"():]+ | :)
    """,
    re.VERBOSE,
)
CONSTANT = re.compile(rf"{QUOTED}|-?[\d.]+(?:[eE][+-]?\d+)?|true|false")
ARRAY = re.compile(r"ARRAY\[(.*)\]")
ELEMENT = re.compile(r"[A-Za-z0-9_.+-]+")  # needs no quotes
COLUMN = r'(?:"(?:[^"]|"")+"|[\w$]+)'
ONE = re.compile(rf"(?P<column>{COLUMN}) = (?P<value>{QUOTED})")
ANY = re.compile(rf"(?P<column>{COLUMN}) = ANY ARRAY\[(?P<values>{QUOTED}(?:, {QUOTED})*)\]")


def bare(expression: str) -> str:
    """Return an expression without casts and brackets, which only matter where there are operators."""
    kept = []
    for match in PARTS.finditer(expression):
        if match["text"] or match["other"]:
            kept.append(match[0])
    return "".join(kept).strip()


def constant(expression: str) -> str | None:
    """Return the text of a constant: that of 'it''s'::text is it's, that of ARRAY['a', 'b'] is {a,b}.

    Return None for any other expression.
    """
    text = bare(expression)
    if CONSTANT.fullmatch(text):
        return unquoted(text) if text.startswith("'") else text
    array = ARRAY.fullmatch(text)
    if array is None:
        return None
    elements = [constant(element) for element in array[1].split(", ")] if array[1] else []
    if not all(element and ELEMENT.fullmatch(element) for element in elements):
        return None
    return "{" + ",".join(str(element) for element in elements) + "}"


def unquoted(literal: str) -> str:
    return literal[1:-1].replace("''", "'")


def unquoted_name(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def allowed_values(check: str) -> tuple[str, list[str]] | None:
    """Return the column and the texts of a check such as state IN ('new', 'paid'), None for others.

    PostgreSQL prints that as = ANY (ARRAY[...]), a single value as =; `OR` between values is the same.
    """
    condition = bare(check.removeprefix("CHECK ").removesuffix(" NOT VALID"))
    if found := ANY.fullmatch(condition):
        values = [unquoted(value) for value in re.findall(QUOTED, found["values"])]
        return unquoted_name(found["column"]), values
    names = set()
    values = []
    for part in split_or(condition):
        one = ONE.fullmatch(part)
        if not one:
            return None
        names.add(unquoted_name(one["column"]))
        values.append(unquoted(one["value"]))
    return (names.pop(), values) if len(names) == 1 else None


def split_or(condition: str) -> list[str]:
    """Split at OR, but not inside quotes."""
    parts = [""]
    for word in re.findall(rf"{QUOTED}| OR |[^' ]+|.", condition):
        if word == " OR ":
            parts.append("")
        else:
            parts[-1] += word
    return parts
