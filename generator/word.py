"""A word of the declaration, and the mistakes that are found in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import TracebackType
from typing import NoReturn

from generator import errors
from generator.layout import width

SHOWN = 10
"""The greatest number of mistakes that are shown."""
LINE_WIDTH = 100
"""The greatest width of a source line below the mistakes; of a longer one, a part is shown."""
MARGIN = 20
"""How much of a longer line is shown before the mistake."""


@dataclass(frozen=True)
class Word:
    """A word or a separator of the declaration, and where it starts."""

    text: str
    source: str = field(repr=False)
    offset: int
    is_corrected: bool = field(default=False, repr=False)
    """Whether the text is that of a hint, in the place of a word with a mistake."""

    @property
    def line(self) -> int:
        return self.source.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        return self.offset - self.line_start + 1

    @property
    def line_start(self) -> int:
        """The offset of the line."""
        return self.source.rfind("\n", 0, self.offset) + 1

    def fail(self, message: str, choices: Iterable[str] = (), wrong: str = "") -> NoReturn:
        """Raise Mistake, which suggests the choice that is closest to the wrong word.

        Without `wrong` the whole word is compared with the choices.
        """
        if self.is_corrected:
            raise Consequence(self)
        close = get_close_matches(wrong or self.text, choices, n=1)
        hint = f", did you mean {close[0]!r}?" if close else ""
        raise Mistake(self, f"{message}{hint}")

    def pointed_out(self) -> list[str]:
        """Return the line of the source, and below it a caret under the word."""
        line = self.source[self.line_start :].split("\n")[0].rstrip()
        place = self.offset - self.line_start
        start = max(0, place - MARGIN) if len(line) > LINE_WIDTH else 0
        shown = errors.printable(line[start : start + LINE_WIDTH].replace("\t", " "))
        before = errors.printable(line[start:place].replace("\t", " "))
        return [f"    {shown}", " " * (4 + width(before)) + "^"]


class Mistake(Exception):
    """A mistake in a declaration."""

    def __init__(self, word: Word, message: str) -> None:
        super().__init__(message)
        self.word = word
        self.message = message

    def __str__(self) -> str:
        return errors.printable(f"models:{self.word.line}:{self.word.column}: {self.message}")


class Consequence(Mistake):
    """A mistake that follows from another one, and so is not shown."""

    def __init__(self, word: Word) -> None:
        super().__init__(word, "")


class Mistakes:
    """Collects the mistakes of a declaration: after one, `with mistakes:` continues behind its block.

    As an example, a block reads one field.
    """

    def __init__(self) -> None:
        self.found: list[Mistake] = []

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Mistake):
            return False
        if not isinstance(error, Consequence):
            self.found.append(error)
        return True

    def report(self) -> None:
        """Stop with a line for each mistake, and the source of the first one; do nothing if there is none."""
        if not self.found:
            return
        found = without_fragments(sorted(self.found, key=lambda mistake: mistake.word.offset))
        lines = [str(mistake) for mistake in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"and {len(found) - SHOWN} more")
        errors.fail(*lines, *found[0].word.pointed_out())


def without_fragments(mistakes: list[Mistake]) -> list[Mistake]:
    """Return the mistakes without those in pieces of a word, such as `text` in `title: text`.

    A piece is a word that directly follows another mistake on its line, and has no colon behind its start.
    """
    kept = []
    end = -1
    for mistake in mistakes:
        word = mistake.word
        is_piece = ":" not in word.text.lstrip(":") and not word.text[:1].isupper()
        follows = end >= 0 and not re.search(r"[^ \t;]", word.source[end : word.offset])
        if not (is_piece and follows):
            kept.append(mistake)
        end = word.offset + len(word.text)
    return kept
