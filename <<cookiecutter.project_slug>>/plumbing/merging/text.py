"""Git's own merge of lines, for texts of any kind and for parts of them."""

import subprocess  # nosec B404 # it runs git
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LABELS = ("yours", "base", "template")
MARKER_SIZE = 7
MOST_CONFLICTS = 127  # git counts up to here in its exit status; a higher one is an error


class Merged(NamedTuple):
    """The result of a merge: if it has conflicts, the text has git's markers around each."""

    text: str
    has_conflicts: bool


TextMerge = Callable[[str, str, str], Merged]
"""Merges the text of the base, that of the owner and that of the template."""


def text_merge(marker_size: int = MARKER_SIZE) -> TextMerge:
    """Return the function that merges line by line, with conflict markers of that length."""

    def merge(base: str, ours: str, theirs: str) -> Merged:
        if ours in (base, theirs):
            return Merged(theirs, has_conflicts=False)
        if theirs == base:
            return Merged(ours, has_conflicts=False)
        with tempfile.TemporaryDirectory() as folder:
            return merge_files(Path(folder), (ours, base, theirs), marker_size)

    return merge


def merge_files(folder: Path, texts: tuple[str, str, str], marker_size: int) -> Merged:
    """Let git merge the texts: ours, base, theirs.  What git cannot merge, such as binaries, is ours."""
    command = ["git", "merge-file", "-p", "-q", f"--marker-size={marker_size}"]
    for label in LABELS:
        command += ["-L", label]
    for label, text in zip(LABELS, texts, strict=True):
        path = folder / label
        path.write_bytes(encoded(text))
        command.append(str(path))
    result = subprocess.run(command, capture_output=True)  # nosec B603 # files and labels are ours
    if not 0 <= result.returncode <= MOST_CONFLICTS:
        return Merged(texts[0], has_conflicts=True)
    return Merged(decoded(result.stdout), has_conflicts=result.returncode != 0)


def encoded(text: str) -> bytes:
    """Return the bytes of a text that `decoded` made, whatever they are."""
    return text.encode("utf-8", "surrogateescape")


def decoded(content: bytes) -> str:
    """Return bytes as a text; those that are not UTF-8 come through unchanged."""
    return content.decode("utf-8", "surrogateescape")
