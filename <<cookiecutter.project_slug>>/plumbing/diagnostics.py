"""What PostgreSQL says about an error beyond its first line, as far as it may be shown.

https://www.postgresql.org/docs/current/protocol-error-fields.html
"""

import re
from dataclasses import dataclass

from psycopg import Error
from sqlalchemy.exc import DBAPIError

from plumbing.errors import DEPENDENT_OBJECTS_STILL_EXIST

LONGEST = 300  # characters of a message or a detail
MOST_OBJECTS = 6

# Codes, or their beginnings: https://www.postgresql.org/docs/current/errcodes-appendix.html
VALUES = "22"  # the messages quote the value
QUOTES_ROWS = ("23503", "23505", "23P01")  # the details do
NAMES_OBJECTS = ("0A", "2BP01", "22003", "42", "55")  # the details name types, columns, views
HELPFUL = ("0A", "25", "42", "53", "54", "55")  # the hints say what to write


@dataclass(frozen=True)
class Diagnosis:
    """One error of PostgreSQL: its code, and three texts of one line, each of which may be empty."""

    code: str
    message: str
    detail: str
    hint: str


def diagnose(error: Exception, show_rows: bool) -> Diagnosis | None:
    """Return what the server said, or None if it did not raise the error.

    Without `show_rows`, no text has a value of a row.
    """
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, Error) or not original.sqlstate:
        return None
    said = original.diag
    code = original.sqlstate
    message = said.message_primary or ""
    if code.startswith(VALUES) and not show_rows:
        message = without_values(message)
    detail = said.message_detail or ""
    if not may_show(code, show_rows):
        detail = ""
    elif code == DEPENDENT_OBJECTS_STILL_EXIST:
        detail = dependents(detail)
    hint = said.message_hint or ""
    if not code.startswith(HELPFUL) or "CASCADE" in hint:  # that drops more than it says
        hint = ""
    return Diagnosis(code, one_line(message), one_line(detail), one_line(hint))


def may_show(code: str, show_rows: bool) -> bool:
    """Return whether the detail of an error of this kind may be shown."""
    return code.startswith(NAMES_OBJECTS) or (show_rows and code.startswith(QUOTES_ROWS))


def without_values(message: str) -> str:
    """Remove what a message quotes: 'invalid input syntax for type integer: "x"'."""
    return re.sub(r':? ".*"', "", message, flags=re.DOTALL)


def dependents(detail: str) -> str:
    """Return the objects that depend on what cannot be dropped: "view a, view b".

    The server writes a line for each: "view a depends on table t".
    """
    objects = [line.partition(" depends on ")[0] for line in detail.splitlines()]
    shown = list(dict.fromkeys(objects))
    more = len(shown) - MOST_OBJECTS
    if more > 0:
        shown[MOST_OBJECTS:] = [f"and {more} more"]
    return ", ".join(shown)


def one_line(text: str) -> str:
    """Return a text on one line that is not too long."""
    line = " ".join(text.replace("rule _RETURN on view", "view").split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
