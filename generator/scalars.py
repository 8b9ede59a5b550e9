"""The types of the declaration language: what each is in Python, SQLAlchemy and PostgreSQL."""

import datetime as dt
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Scalar:
    """One type, as source text."""

    python: str
    """The annotation in a model."""
    sql: str
    """The class of SQLAlchemy, in a model and in a migration."""
    postgres: str
    """The name in PostgreSQL, as the diagram shows it."""
    sample: str = ""
    """The value in a seed row; generator/samples.py fills in what is in braces."""
    arguments: tuple[str, ...] = ()
    """The names of the arguments that a declaration may give, as Alembic renders them."""
    fixed: tuple[str, ...] = ()
    """Arguments that are the same for every column."""
    imports: str = ""
    """The import from the standard library that the annotation needs."""


DATES = "import datetime as dt"
TYPES = {
    "string": Scalar("str", "String", "varchar", arguments=("length",)),
    "text": Scalar("str", "Text", "text"),
    "smallint": Scalar("int", "SmallInteger", "smallint", "{value}"),
    "integer": Scalar("int", "Integer", "integer", "{value}"),
    "bigint": Scalar("int", "BigInteger", "bigint", "{value}"),
    "float": Scalar("float", "Double", "double_precision", "{value}"),
    "numeric": Scalar(
        "Decimal",
        "Numeric",
        "numeric",
        'Decimal("{value}")',
        arguments=("precision", "scale"),
        imports="from decimal import Decimal",
    ),
    "boolean": Scalar("bool", "Boolean", "boolean"),
    "date": Scalar("dt.date", "Date", "date", "dt.date({year}, {month}, {n})", imports=DATES),
    "time": Scalar("dt.time", "Time", "time", "dt.time({hour}, 0)", imports=DATES),
    "datetime": Scalar(
        "dt.datetime",
        "DateTime",
        "timestamptz",
        "dt.datetime({year}, {month}, {n}, tzinfo=dt.UTC)",
        fixed=("timezone=True",),
        imports=DATES,
    ),
    "interval": Scalar("dt.timedelta", "Interval", "interval", "dt.timedelta(days={n})", imports=DATES),
    "uuid": Scalar("UUID", "Uuid", "uuid", "UUID(int={n})", imports="from uuid import UUID"),
    "json": Scalar(
        "Any",
        "JSONB",
        "jsonb",
        '{{"number": {n}}}',
        fixed=("none_as_null=True",),
        imports="from typing import Any",
    ),
    "bytes": Scalar("bytes", "LargeBinary", "bytea", 'b"{n}"'),
    "enum": Scalar("str", "Enum", "varchar"),
}
KEY_TYPES: dict[str, tuple[str, ...]] = {"integer": (), "bigint": (), "uuid": ("uuid",), "string": ()}
"""The types of a key, and the defaults that each may have."""


# Defaults

Check = Callable[[str, list[str]], bool]


@dataclass(frozen=True)
class Default:
    """What a default of a type must be."""

    rule: str
    """What to write instead of a wrong one, for the error."""
    fits: Check
    """Whether a text is such a default, given the arguments of the type."""
    functions: dict[str, str] = field(default_factory=dict)
    """Words that stand for an SQL function."""


def matches(pattern: str, convert: Callable[[str], object] = str) -> Check:
    """Return the check for text that matches a pattern and that a function can convert."""

    def fits(text: str, _: list[str]) -> bool:
        if not re.fullmatch(pattern, text, re.ASCII):
            return False
        try:
            convert(text)
        except ValueError:
            return False
        return True

    return fits


def whole(bits: int) -> Default:
    """Return the rule of a signed integer."""
    limit = 2 ** (bits - 1)
    numbers = range(-limit, limit)
    is_whole = matches(r"[+-]?\d{1,19}")

    def fits(text: str, arguments: list[str]) -> bool:
        return is_whole(text, arguments) and int(text) in numbers

    return Default(f"a whole number from {numbers[0]} to {numbers[-1]}", fits)


def is_text(text: str, arguments: list[str]) -> bool:
    if not arguments:
        return True
    length = int(arguments[0])
    return len(text) <= length


def is_float(text: str, _: list[str]) -> bool:
    """Return whether PostgreSQL accepts a number: it rejects what would be rounded to 0 or to infinity."""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", text, re.ASCII):
        return False
    number = float(text)
    is_zero = Decimal(text) == 0
    return math.isfinite(number) and (number == 0) == is_zero


def is_decimal(text: str, arguments: list[str]) -> bool:
    """Return whether a number fits without being rounded."""
    match = re.fullmatch(r"[+-]?0*(?P<whole>\d*)(?<=\d)(?:\.(?P<fraction>\d+))?", text, re.ASCII)
    if not match:
        return False
    precision, scale = 2000, 1000
    if arguments:
        precision = int(arguments[0])
        scale = int(arguments[1]) if len(arguments) > 1 else 0
    whole_digits = len(match["whole"])
    fraction_digits = len(match["fraction"] or "")
    return whole_digits <= precision - scale and fraction_digits <= scale


def is_json(text: str, _: list[str]) -> bool:
    """Return whether JSONB accepts a text: it rejects NaN, NUL and half a surrogate pair.

    `null` is rejected, too: it would be a value that looks like no value.
    """
    try:
        plain = json.dumps(json.loads(text), allow_nan=False, ensure_ascii=False)
        plain.encode()
    except (ValueError, RecursionError):
        return False
    return plain != "null" and "\\u0000" not in plain


DATE, TIME = r"[12]\d{3}-\d\d-\d\d", r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
ZONE = r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"
SPAN = r"\d{1,6} (second|minute|hour|day|week|month|year)s?"
DEFAULTS = {
    "string": Default("text that is no longer than the column", is_text),
    "text": Default("text", is_text),
    "smallint": whole(16),
    "integer": whole(32),
    "bigint": whole(64),
    "float": Default("a number, as in 0.5 or 1e-9", is_float),
    "numeric": Default("a decimal number with no more digits than the column", is_decimal),
    "boolean": Default("true or false", matches("true|false")),
    "date": Default(
        "now, or a date that exists, as in 2026-01-31",
        matches(DATE, dt.date.fromisoformat),
        {"now": "current_date"},
    ),
    "time": Default(
        "now, or a time as in '23:59'", matches(TIME, dt.time.fromisoformat), {"now": "current_time"}
    ),
    "datetime": Default(
        "now, or a time with its zone as in '2026-01-31 23:59Z'",
        matches(f"{DATE}[ T]{TIME}{ZONE}", dt.datetime.fromisoformat),
        {"now": "current_timestamp"},
    ),
    "interval": Default("an interval, as in '1 day' or '2 hours 30 minutes'", matches(f"{SPAN}( {SPAN})*")),
    "uuid": Default(
        "uuid for a random one, or a value as in 01234567-89ab-cdef-0123-456789abcdef",
        matches(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
        {"uuid": "gen_random_uuid"},
    ),
    "json": Default("JSON, as in '{}', but not null", is_json),
    "bytes": Default(
        r"ASCII text without a backslash, or as in '\x0aff'",
        matches(r"\\x([0-9a-fA-F]{2})*|[^\\\x80-\U0010ffff]*"),
    ),
    "enum": Default("one of its values", lambda text, values: text in values),
}


# Errors


def form(kind: str) -> str:
    """Return how a type is written: string(length)."""
    if kind == "enum":
        return "enum(value|value), each value once"
    arguments = TYPES[kind].arguments
    if arguments:
        return f"{kind}({', '.join(arguments)})"
    return f"{kind}, which takes no arguments"


def fault(kind: str, arguments: list[str], array: bool, default: str | None) -> str | None:
    """Return what is wrong with a type, its arguments or its default; None if all is well."""
    if message := argument_fault(kind, arguments):
        return message
    if array and kind in ("enum", "json"):
        return f"is not possible: there are no arrays of {kind}"
    if default is None:
        return None
    return default_error(kind, arguments, array, default)


def argument_fault(kind: str, arguments: list[str]) -> str | None:
    wrong = f"has wrong arguments: write {form(kind)}"
    if kind == "enum":
        has_duplicates = len(set(arguments)) < len(arguments)
        return wrong if not arguments or has_duplicates else None
    if len(arguments) > len(TYPES[kind].arguments):
        return wrong
    if not all(re.fullmatch(r"0|[1-9]\d{0,7}", argument, re.ASCII) for argument in arguments):
        return wrong
    numbers = [int(argument) for argument in arguments]
    if kind == "string" and numbers and not 1 <= numbers[0] <= 10485760:
        return "has an invalid length: PostgreSQL allows 1 to 10485760"
    if kind == "numeric" and numbers:
        precision = numbers[0]
        scale = numbers[1] if len(numbers) > 1 else 0
        if not 1 <= precision <= 1000 or scale > precision:
            return "has an invalid precision or scale: write a precision of 1 to 1000 and no larger scale"
    return None


def default_error(kind: str, arguments: list[str], array: bool, default: str) -> str | None:
    fits = DEFAULTS[kind].fits
    rule = DEFAULTS[kind].rule
    if array:
        fits = array_of(fits)
        rule = "'{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'"
    elif default in DEFAULTS[kind].functions:
        return None
    if fits(default, arguments):
        return None
    return f"has a default that does not fit: write {rule}"


def array_of(fits: Check) -> Check:
    """Return the check for an array as PostgreSQL writes it, of elements without quotes."""

    def fits_each(text: str, arguments: list[str]) -> bool:
        if not re.fullmatch(r"\{([A-Za-z0-9_.+-]+(,[A-Za-z0-9_.+-]+)*)?\}", text):
            return False
        elements = [element for element in text[1:-1].split(",") if element]
        return all(element.lower() != "null" and fits(element, arguments) for element in elements)

    return fits_each
