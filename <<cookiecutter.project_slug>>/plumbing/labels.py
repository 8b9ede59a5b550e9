"""Labels a row with the column that describes it best: a post with its title, a user with its name."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sqlalchemy import Column, Enum, String, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstanceState, Mapper

from plumbing.diagram.columns import is_unique

# The columns that name a row, the best first.
BEST_NAMES = (
    "name",
    "title",
    "full_name",
    "display_name",
    "username",
    "email",
    "label",
    "subject",
    "slug",
    "code",
)
SECRETS = ("password", "secret", "token", "hash")  # in the name of a column that names no row
LONGEST = 80  # characters of a label


def label(row: object) -> str:
    """Return a short text for an object of a model, such as "Hello world", or "Post 5".

    It never raises a SQLAlchemy error: if the label cannot be read, for example because the row was
    deleted, it consists of the class and the primary key.
    """
    state: InstanceState[Any] = inspect(row, raiseerr=True)
    column = label_column(columns_of(state.mapper))
    if column is not None:
        attribute = state.mapper.get_property_by_column(column).key
        with suppress(SQLAlchemyError):
            value = getattr(row, attribute)
            if value:
                return shortened(str(value))
    name = type(row).__name__
    if state.identity is None:
        return f"new {name}"
    key = ", ".join(str(part) for part in state.identity)
    return f"{name} {key}"


def label_column(columns: Iterable[Column[Any]]) -> Column[Any] | None:
    """Return the column that names a row of a table; if there is none, the primary key does.

    That is a text column with a name of BEST_NAMES, else the first that is unique, else the first.
    """
    texts = [column for column in columns if is_text(column)]
    named: dict[str, Column[Any]] = {column.name.lower(): column for column in reversed(texts)}
    for name in BEST_NAMES:
        if name in named:
            return named[name]
    others = [column for column in texts if not column.primary_key]
    unique = [column for column in others if is_unique(column)]
    found = [*unique, *others]
    return found[0] if found else None


def columns_of(mapper: Mapper[Any]) -> list[Column[Any]]:
    """Return the columns of a model, with those that it inherits."""
    return [column for column in mapper.columns if isinstance(column, Column)]


def is_text(column: Column[Any]) -> bool:
    """Return whether a column holds text about its own row.

    The text of an enum says little, and that of a foreign key is about another row.
    """
    is_string = isinstance(column.type, String) and not isinstance(column.type, Enum)
    is_secret = any(word in column.name.lower() for word in SECRETS)
    return is_string and not is_secret and not column.foreign_keys


def shortened(text: str) -> str:
    """Return a text in one line, with at most as many characters as a label has."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
