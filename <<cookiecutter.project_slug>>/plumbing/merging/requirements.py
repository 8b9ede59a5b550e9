"""The merge of pinned packages: each with its hashes is one block."""

import re
from typing import NamedTuple

from plumbing.merging.text import Merged, TextMerge

PACKAGE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?P<extras>\[[^]]*\])?(?P<rest>.*)")
VERSION = re.compile(r"==\s*(\d+(?:\.\d+)*)(?=$|[\s;\\])")
TOP = ("", "", "")
END = ("~", "", "")
"""The keys of what is above the first package and below the last; the latter sorts behind all."""

Key = tuple[str, str, str]
"""The normalized name of a package, its extras and its marker."""


class Block(NamedTuple):
    """The lines of a package, or those above the first one."""

    key: Key
    text: str

    @property
    def version(self) -> tuple[int, ...] | None:
        """The pinned version, if it is a plain release."""
        match = VERSION.search(self.text.partition(";")[0])
        if match is None:
            return None
        numbers = [int(number) for number in match[1].split(".")]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        return tuple(numbers)


Blocks = dict[Key, Block]


def merge_requirements(base: str, ours: str, theirs: str, text_merge: TextMerge) -> Merged:
    """Merge three versions of a file of requirements, package by package."""
    versions = [blocks_of(text) for text in (base, ours, theirs)]
    if None in versions:
        return text_merge(base, ours, theirs)
    before, own, new = (found for found in versions if found is not None)
    order = list(own)
    for key in new:
        if key not in before and key not in own:
            order.insert(sorted_place(key, order), key)
    may_need_more = bool(own.keys() - before.keys())
    parts: list[Merged] = []
    for key in order:
        if key in before and key not in new and own[key] == before[key] and not may_need_more:
            continue
        parts.append(merge_block(before.get(key), own.get(key), new.get(key), text_merge))
    text = "".join(part.text for part in parts)
    return Merged(text, has_conflicts=any(part.has_conflicts for part in parts))


def blocks_of(text: str) -> Blocks | None:
    """Return the blocks of a file by their keys, or None if two have one key."""
    blocks: Blocks = {}
    above = ""
    lines = (text if text.endswith("\n") or not text else f"{text}\n").splitlines(keepends=True)
    key = TOP
    is_continued = False
    for line in lines:
        match = PACKAGE.match(line)
        if is_continued or (line.strip() and line[0].isspace()):
            blocks[key] = Block(key, blocks[key].text + line) if key in blocks else Block(key, line)
        elif match is None and key == TOP:
            blocks[TOP] = Block(TOP, blocks[TOP].text + line if TOP in blocks else line)
        elif match is None:
            above += line
        else:
            key = key_of(match)
            if key in blocks:
                return None
            blocks[key] = Block(key, above + line)
            above = ""
        is_continued = line.rstrip("\n").endswith("\\")
    if above:
        blocks[END] = Block(END, above)
    return blocks


def key_of(match: re.Match[str]) -> Key:
    name = re.sub(r"[-_.]+", "-", match["name"]).lower()
    extras = ",".join(sorted(re.findall(r"[\w.-]+", match["extras"] or "")))
    marker = match["rest"].partition(";")[2].partition(" #")[0].strip(" \t\\")
    return name, extras, " ".join(marker.split())


def sorted_place(key: Key, order: list[Key]) -> int:
    """Return where a new package goes: before the first one that sorts behind it."""
    for position, other in enumerate(order):
        if other > key:
            return position
    return len(order)


def merge_block(
    base: Block | None, ours: Block | None, theirs: Block | None, text_merge: TextMerge
) -> Merged:
    """Merge one block; if both sides have moved a version, the higher one wins."""
    if ours is None or theirs is None:
        present = ours or theirs
        assert present is not None
        return Merged(present.text, has_conflicts=False)
    if ours.text == theirs.text or (base and base.text == theirs.text):
        return Merged(ours.text, has_conflicts=False)
    if base and base.text == ours.text:
        return Merged(theirs.text, has_conflicts=False)
    own, new = ours.version, theirs.version
    if own and new and own != new:
        return Merged(max(ours, theirs, key=lambda block: block.version or ()).text, False)
    return text_merge(base.text if base else "", ours.text, theirs.text)
