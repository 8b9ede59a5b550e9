"""How the template stops: with a line for each mistake, before anything is written."""

import sys
from typing import NoReturn

from cookiecutter.exceptions import FailedHookException


def fail(*lines: str) -> NoReturn:
    """Stop cookiecutter with exit status 1 and these lines.

    It is the only exception that cookiecutter prints without a traceback.
    """
    raise FailedHookException("\n".join(printable(line) for line in lines))


def printable(message: str) -> str:
    """Return a message on one line, in characters that stdout can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    line = "".join(character if character.isprintable() else escaped(character) for character in message)
    return line.encode(encoding, "backslashreplace").decode(encoding)


def escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
