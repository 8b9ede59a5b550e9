"""Reduce declarations to one form, so that two that describe the same database are the same text.

Anything the database does not hold is dropped or replaced:

* the names of the models, which follow from their tables, and their order;
* the names of reverse relationships;
* `unique(id)`: PostgreSQL drops a constraint that repeats the primary key;
* the line that sets the key of all models: each model gets its own;
* the order of links and groups among the fields; an index that a reference has anyway or `unique` implies;
* the spelling of a default: PostgreSQL keeps only the value.
"""

import contextlib
import datetime as dt
import json
import re
from collections.abc import Iterator
from decimal import Decimal

from cookiecutter.exceptions import FailedHookException

from generator import answers
from generator.model import DELETE_RULES, Field, Model

UNITS = {"year": (12, 0), "month": (1, 0), "week": (0, 7 * 86400), "day": (0, 86400)}
UNITS |= {"hour": (0, 3600), "minute": (0, 60), "second": (0, 1)}


def canonical(declaration: str) -> str:
    """Return what a declaration says about the database."""
    models = sorted(answers.declared(declaration), key=lambda model: model.key)
    return "\n".join(line for model in models for line in lines(model))


def needless(declaration: str) -> list[str]:
    """Return the references that name their other side although it would get a name without that."""
    found = []
    for match in re.finditer(r"^( +\w+:(?:\w+\.)?[A-Z]\w*)\(\w+\)", declaration, re.MULTILINE):
        shorter = declaration[: match.start()] + match[1] + declaration[match.end() :]
        with contextlib.suppress(FailedHookException):
            answers.declared(shorter)
            found.append(match[0])
    return found


def lines(model: Model) -> Iterator[str]:
    yield model.key
    yield f"    id:{typed(model.id)}{default(model.id)}"
    for field in model.columns:
        yield f"    {column(field)}"
    for link in sorted(model.links, key=lambda link: link.name):
        assert link.target
        yield f"    {link.name}:{link.target.key}[]"
    for flag in ("unique", "index"):
        for columns in sorted(model.grouped(flag)):
            if (flag, columns) == ("unique", ["id"]):
                continue
            yield f"    {flag}({','.join(columns)})"


def column(field: Field) -> str:
    kind = field.target.key if field.target else typed(field)
    null = "?" if field.nullable else ""
    flags = [flag for flag in DELETE_RULES if flag in field.flags]
    flags += [flag for flag in ("unique", "index") if getattr(field, flag)]
    return f"{field.name}:{kind}{null}{default(field)}{''.join(f':{flag}' for flag in flags)}"


def typed(field: Field) -> str:
    arguments = list(field.arguments)
    if field.type == "numeric" and arguments[1:] == ["0"]:
        arguments.pop()
    return f"{field.type}{arguments or ''}{'[]' if field.array else ''}"


def default(field: Field) -> str:
    if field.default is None:
        return ""
    if field.function:
        return f"={field.default}"
    return f"={array(field) if field.array else value(field.type, field.default)!r}"


def array(field: Field) -> list[object]:
    assert field.default is not None
    elements = [element for element in field.default[1:-1].split(",") if element]
    return [value(field.type, element) for element in elements]


def value(kind: str, text: str) -> object:
    """Return a default as PostgreSQL would hold it."""
    match kind:
        case "smallint" | "integer" | "bigint":
            return int(text)
        case "float":
            return float(text)
        case "numeric":
            return Decimal(text).normalize()
        case "date":
            return dt.date.fromisoformat(text)
        case "time":
            return dt.time.fromisoformat(text)
        case "datetime":
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        case "interval":
            return span(text)
        case "uuid":
            return text.lower()
        case "json":
            return json.dumps(json.loads(text, parse_float=Decimal), sort_keys=True, default=str)
        case "bytes":
            return text.lower() if text.startswith("\\x") else "\\x" + text.encode().hex()
    return text


def span(text: str) -> list[int]:
    """Return the months, days and seconds of an interval, which PostgreSQL stores separately."""
    total = [0, 0, 0]
    for number, unit in re.findall(r"(\d+) (\w+?)s?(?= |$)", text):
        months, seconds = UNITS[unit]
        total[0] += int(number) * months
        total[1] += int(number) * (seconds // 86400)
        total[2] += int(number) * (seconds % 86400)
    return total
