"""A three-way merge that understands the files of a project: Python, Markdown, pinned packages.

It imports nothing else of this package, so that it can run for git without an application.
"""

from pathlib import PurePosixPath

from plumbing.merging.diagram import merge_diagram
from plumbing.merging.markdown import merge_markdown
from plumbing.merging.python import merge_python
from plumbing.merging.requirements import merge_requirements
from plumbing.merging.text import MARKER_SIZE, Merged, text_merge

__all__ = ["Merged", "merge"]

DIAGRAM = "docs/models.md"
RECORD = ".template.*"  # of the newest fresh project, whatever two branches have made of it


def merge(path: str, base: str, ours: str, theirs: str, marker_size: int = MARKER_SIZE) -> Merged:
    """Merge what the owner and the template have made of a file of the project.

    `path` is that in the project, such as app/models/user.py.  Conflict markers have the length
    `marker_size`.
    """
    merge_lines = text_merge(marker_size)
    if ours in (base, theirs) or theirs == base:
        return merge_lines(base, ours, theirs)
    if has_crlf(ours):
        merged = merge(path, with_lf(base), with_lf(ours), with_lf(theirs), marker_size)
        return Merged(merged.text.replace("\n", "\r\n"), merged.has_conflicts)
    name = PurePosixPath(path)
    if name.match(RECORD):
        return Merged(theirs, has_conflicts=False)
    if name.suffix == ".py":
        return merge_python(path, base, ours, theirs, merge_lines)
    if name.match("requirements*.txt"):
        return merge_requirements(base, ours, theirs, merge_lines)
    if name.match(DIAGRAM):
        return merge_diagram(base, ours, theirs)
    if name.suffix == ".md":
        return merge_markdown(base, ours, theirs, merge_lines)
    return merge_lines(base, ours, theirs)


def has_crlf(text: str) -> bool:
    """Return whether every line of a text ends as on Windows."""
    return "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r")


def with_lf(text: str) -> str:
    return text.replace("\r\n", "\n")
