"""How the template stops: with one line, before anything is written."""

import sys
from typing import NoReturn

from cookiecutter.exceptions import FailedHookException


def fail(message: str) -> NoReturn:
    """Stop cookiecutter with one line and exit status 1.

    It is the only exception that cookiecutter prints as a line.
    """
    raise FailedHookException(printable(message))


def printable(message: str) -> str:
    """Return a message on one line, in characters that stdout can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    line = "".join(character if character.isprintable() else escaped(character) for character in message)
    return line.encode(encoding, "backslashreplace").decode(encoding)


def escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
