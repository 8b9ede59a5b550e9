"""A word of the declaration, which can report an error at its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from generator import errors


@dataclass(frozen=True)
class Word:
    """A word or a separator of the declaration, and where it starts."""

    text: str
    source: str = field(repr=False)
    offset: int

    @property
    def line(self) -> int:
        return self.source.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        return self.offset - self.source.rfind("\n", 0, self.offset)

    def fail(self, message: str, choices: Iterable[str] = (), wrong: str = "") -> NoReturn:
        """Stop cookiecutter with one line, which suggests the choice that is closest to the wrong word.

        Without `wrong` the whole word is compared with the choices.
        """
        close = get_close_matches(wrong or self.text, choices, n=1)
        hint = f", did you mean {close[0]!r}?" if close else ""
        errors.fail(f"models:{self.line}:{self.column}: {message}{hint}")
