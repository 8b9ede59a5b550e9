"""The default of the declaration that says what one of PostgreSQL's says."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from plumbing.reflection.expressions import bare, constant
from plumbing.reflection.types import Type

BARE_VALUE = re.compile(r"[A-Za-z0-9_.+-]+")
SPAN = re.compile(
    r"(?:(?P<year>\d+) years? ?)?(?:(?P<month>\d+) mons? ?)?(?:(?P<day>\d+) days? ?)?"
    r"(?:(?P<hour>\d+):(?P<minute>\d\d):(?P<second>\d\d))?"
)
TIME = r"\d\d:\d\d:\d\d(?:\.\d{1,6})?"
DATE = r"[12]\d{3}-\d\d-\d\d"
ELEMENT = re.compile(r'"(?:[^"\\]|\\.)*"|[^,{}"]+')

# The functions that `now` and `uuid` stand for, and those that do nearly the same.
NOW = {
    "date": ("CURRENT_DATE",),
    "time": ("CURRENT_TIME",),
    "datetime": ("CURRENT_TIMESTAMP", "now", "transaction_timestamp"),
}
NEARLY_NOW = (
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "clock_timestamp",
    "'now'",
    "now",
    "statement_timestamp",
    "timezone'utc', now",
    "now AT TIME ZONE 'utc'",
    "CURRENT_TIMESTAMP AT TIME ZONE 'utc'",
    "transaction_timestamp",
)
NEARLY_UUID = ("public.uuid_generate_v4", "uuid_generate_v4", "extensions.uuid_generate_v4")


@dataclass(frozen=True)
class Default:
    """A default as the declaration writes it, or nothing, and what it does not say."""

    text: str = ""
    note: str = ""


def default_of(expression: str, type_: Type, values: list[str] | None = None) -> Default:
    """Return the default of a column; `values` are those of an enum."""
    plain = bare(expression)
    if plain.upper() == "NULL":
        return Default()
    found = None if type_.array else function(plain, type_.name)
    if found:
        return Default(found.text, found.note and f"default {expression}")
    text = constant(expression)
    if text is not None:
        converted = convert(text, type_, values)
        if converted is not None and is_written(converted):
            return Default(written(converted))
    return Default(note=f"default {expression}")


def function(plain: str, kind: str) -> Default | None:
    """Return `now` or `uuid` for a function, with a note where it is not quite the same."""
    name = re.sub(r"\(\d\)$", "", plain)
    if kind in NOW:
        if name in NOW[kind]:
            return Default("now")
        if name in NEARLY_NOW:
            return Default("now", "nearly")
    if kind == "uuid":
        if name == "gen_random_uuid":
            return Default("uuid")
        if name in NEARLY_UUID:
            return Default("uuid", "nearly")
    return None


def is_written(text: str) -> bool:
    """Return whether a declaration can hold a text: on one line, and without what cannot be printed."""
    return text.isprintable()


def written(text: str) -> str:
    """Return a value of the declaration, in quotes where it needs them."""
    if BARE_VALUE.fullmatch(text) and text.lower() != "null":
        return text
    return "'" + text.replace("'", "''") + "'"


def convert(text: str, type_: Type, values: list[str] | None) -> str | None:
    """Return a constant as the declaration takes it, None if it does not."""
    if values is not None:
        return text if text in values else None
    if type_.array:
        return array(text, type_)
    converter = CONVERTERS.get(type_.name)
    return converter(text, type_) if converter else None


def array(text: str, type_: Type) -> str | None:
    """Return an array, whose elements must need no quotes."""
    if not (text.startswith("{") and text.endswith("}")) or "{" in text[1:]:
        return None
    found = []
    for raw in ELEMENT.findall(text[1:-1]):
        element = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw.startswith('"') else raw
        converted = convert(element, Type(type_.name, type_.arguments), None)
        if converted is not None and type_.name == "bytes":
            converted = bytes.fromhex(converted[2:]).decode("ascii", "replace")
        is_bare = converted is not None and BARE_VALUE.fullmatch(converted)
        if not is_bare or raw.lower() == "null" or str(converted).lower() == "null":
            return None
        found.append(str(converted))
    return "{" + ",".join(found) + "}"


def text_value(text: str, type_: Type) -> str | None:
    return text if not type_.arguments or len(text) <= int(type_.arguments) else None


def whole(bits: int) -> Callable[[str, Type], str | None]:
    """Return the converter of a signed integer."""
    limit = 2 ** (bits - 1)

    def convert_whole(text: str, _: Type) -> str | None:
        if not re.fullmatch(r"-?\d{1,19}", text) or int(text) not in range(-limit, limit):
            return None
        return text

    return convert_whole


def floating(text: str, _: Type) -> str | None:
    return text if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d{1,3})?", text) else None


def decimal(text: str, type_: Type) -> str | None:
    """Return a decimal number that fits without being rounded."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return None
    precision, _, scale = type_.arguments.partition(",")
    whole_digits, _, fraction = f"{abs(number):f}".partition(".")
    fits = len(fraction) <= int(scale or 0) and len(whole_digits.lstrip("0")) <= int(
        precision or 0
    ) - int(scale or 0)
    return text if fits or not type_.arguments else None


def boolean(text: str, _: Type) -> str | None:
    return {"t": "true", "f": "false"}.get(text, text if text in ("true", "false") else None)


def date(text: str, _: Type) -> str | None:
    return text if re.fullmatch(DATE, text) else None


def time(text: str, _: Type) -> str | None:
    return text if re.fullmatch(TIME, text) else None


def moment(text: str, _: Type) -> str | None:
    """Return a time with its zone, which PostgreSQL prints as UTC."""
    match = re.fullmatch(rf"({DATE} {TIME})\+00", text)
    return f"{match[1]}Z" if match else None


def interval(text: str, _: Type) -> str | None:
    """Return an interval in words: 1 day 02:00:00 is 1 day 2 hours."""
    match = SPAN.fullmatch(text)
    if not match:
        return None
    parts = []
    for unit, number in match.groupdict().items():
        if number and int(number):
            parts.append(f"{int(number)} {unit}{'s' if int(number) > 1 else ''}")
    if any(len(part.split()[0]) > 6 for part in parts):
        return None
    return " ".join(parts) or "0 seconds"


def uuid(text: str, _: Type) -> str | None:
    return text if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) else None


def json_value(text: str, _: Type) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return None if value is None or "\\u0000" in text else text


def binary(text: str, _: Type) -> str | None:
    return text if re.fullmatch(r"\\x(?:[0-9a-f]{2})*", text) else None


CONVERTERS: dict[str, Callable[[str, Type], str | None]] = {
    "string": text_value,
    "text": text_value,
    "smallint": whole(16),
    "integer": whole(32),
    "bigint": whole(64),
    "float": floating,
    "numeric": decimal,
    "boolean": boolean,
    "date": date,
    "time": time,
    "datetime": moment,
    "interval": interval,
    "uuid": uuid,
    "json": json_value,
    "bytes": binary,
}
