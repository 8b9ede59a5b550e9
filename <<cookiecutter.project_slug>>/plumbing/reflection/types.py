"""The type of the declaration that is nearest to one of PostgreSQL's."""

import re
from dataclasses import dataclass

from plumbing.reflection.catalogue import Column

FORM = re.compile(
    r"(?P<name>[^(\[]+?)(?:\((?P<arguments>[^)]*)\))?(?P<zone> with(?:out)? time zone)?(?P<array>\[\])?"
)
EXACT = {
    "bigint": "bigint",
    "boolean": "boolean",
    "bytea": "bytes",
    "date": "date",
    "double precision": "float",
    "integer": "integer",
    "interval": "interval",
    "jsonb": "json",
    "smallint": "smallint",
    "text": "text",
    "time without time zone": "time",
    "timestamp with time zone": "datetime",
    "uuid": "uuid",
}
"""The types that a declaration says exactly."""
NEAREST = {
    "bit": "string",
    "bit varying": "string",
    "hstore": "json",
    "json": "json",
    "money": "numeric(19,2)",
    "name": "string(63)",
    '"char"': "string(1)",
    "oid": "bigint",
    "real": "float",
    "time with time zone": "time",
    "timestamp without time zone": "datetime",
    "vector": "float[]",
    "xid": "bigint",
}
"""The others, but for those whose values are best kept as text."""
FALLBACK = "text"
NO_ARRAYS = ("json", "enum")
LONGEST_STRING = 10485760
LARGEST_PRECISION = 1000


@dataclass(frozen=True)
class Type:
    """A type as the declaration writes it, and what PostgreSQL has that it does not say."""

    name: str
    arguments: str = ""
    array: bool = False
    note: str = ""

    def __str__(self) -> str:
        arguments = f"({self.arguments})" if self.arguments else ""
        return f"{self.name}{arguments}{'[]' if self.array else ''}"


def type_of(column: Column) -> Type:
    """Return the type of a column.  The values of an enum are left to the caller."""
    found = nearest(column.type, column.kind)
    note = found.note and shown(column.declared_type)
    if column.kind == "c" and not found.array and note:
        note = f"composite type {note}"
    elif column.declared_type != column.type:
        note = f"domain {shown(column.declared_type)} ({shown(column.type)})"
    return Type(found.name, found.arguments, found.array, note)


def shown(type_: str) -> str:
    """Return a type as a person writes it."""
    return type_.removeprefix("public.")


def nearest(printed: str, kind: str = "b") -> Type:
    """Return the type for one that PostgreSQL prints, such as character varying(20)[]."""
    match = FORM.fullmatch(printed)
    if not match:
        return Type(FALLBACK, note=printed)
    name = match["name"].removeprefix("public.") + (match["zone"] or "")
    arguments = match["arguments"] or ""
    array = match["array"] is not None
    scalar = scalar_type(name, arguments, kind)
    if array and scalar.array:  # an array of vectors
        return Type("json", note=printed)
    if array and scalar.name in NO_ARRAYS:
        return Type("json", note=printed)
    return Type(scalar.name, scalar.arguments, array or scalar.array, scalar.note)


def scalar_type(name: str, arguments: str, kind: str) -> Type:
    """Return the type for one that is not an array."""
    printed = f"{name}({arguments})" if arguments else name
    match name:
        case "character varying":
            return Type("string", arguments)
        case "character" | "bpchar":
            return Type("string", arguments, note=printed)
        case "numeric":
            return numeric(arguments)
    if name.startswith("interval "):  # hour to minute
        return Type("interval", note=printed)
    if name in EXACT:
        return Type(EXACT[name], note=printed if arguments else "")
    if kind == "c":
        return Type("json", note=printed)
    if name in NEAREST:
        declared = nearest_of(NEAREST[name])
        return Type(declared.name, declared.arguments, declared.array, printed)
    return Type(FALLBACK, note=printed)


def nearest_of(declared: str) -> Type:
    """Return a type of the table above."""
    match = re.fullmatch(r"(\w+)(?:\(([\d,]+)\))?(\[\])?", declared)
    assert match is not None
    return Type(match[1], match[2] or "", match[3] is not None)


def numeric(arguments: str) -> Type:
    """Return the type of a number; PostgreSQL 15 and later also have negative and larger scales."""
    precision, _, scale = arguments.partition(",")
    if not arguments:
        return Type("numeric")
    if not 0 <= int(scale or 0) <= int(precision):
        return Type("numeric", note=f"numeric({arguments})")
    return Type("numeric", precision if scale == "0" else arguments)
