"""The merge of pages in Markdown, section by section."""

import re

from plumbing.merging.sequence import merged_order
from plumbing.merging.text import Merged, TextMerge

HEADING = re.compile(r"#{1,6} .*")
FENCE = re.compile(r" *(```+|~~~+)")

Sections = dict[tuple[str, int], str]
"""The text of each section, without blank lines at its end, by its heading and how often that occurs above."""


def merge_markdown(base: str, ours: str, theirs: str, text_merge: TextMerge) -> Merged:
    """Merge three pages: sections are added, removed and moved as a whole, and changed line by line."""
    pages = [sections(text) for text in (base, ours, theirs)]
    if [joined(page) for page in pages] != [base, ours, theirs]:
        return text_merge(base, ours, theirs)
    old, own, new = pages
    result: Sections = {}
    has_conflicts = False
    for key in merged_order(old, own, new):
        if key not in new and (key not in old or old[key] != own[key]):
            result[key] = own[key]  # the owner's own, or changed by the owner: it stays
        elif key in own and key in new:
            texts = [with_end(page.get(key)) for page in pages]
            merged = text_merge(*texts)
            result[key] = merged.text.rstrip("\n")
            has_conflicts |= merged.has_conflicts
        elif key in new and key not in old:
            result[key] = new[key]
    return Merged(joined(result), has_conflicts)


def sections(text: str) -> Sections:
    """Split a page at its headings; what is above the first one has an empty heading."""
    found: Sections = {}
    lines: list[str] = []
    heading = ""
    fence = None

    def end_section() -> None:
        number = sum(1 for name, _ in found if name == heading)
        if lines:
            found[heading, number] = "\n".join(lines).rstrip("\n")

    for line in text.split("\n"):
        marker = FENCE.match(line)
        if fence is None and HEADING.fullmatch(line):
            end_section()
            lines = []
            heading = line
        elif marker and fence is None:
            fence = marker[1]
        elif marker and fence is not None and marker[1].startswith(fence):
            fence = None
        lines.append(line)
    end_section()
    return found


def joined(page: Sections) -> str:
    """Return a page with a blank line between its sections."""
    return "\n\n".join(page.values()) + "\n"


def with_end(section: str | None) -> str:
    return "" if section is None else f"{section}\n"
