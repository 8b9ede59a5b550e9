"""The merge driver for git: python -m plumbing.merging %O %A %B %L %P."""

import sys
from pathlib import Path

from plumbing.merging import merge
from plumbing.merging.text import Merged, decoded, encoded, text_merge


def main(base: str, ours: str, theirs: str, marker_size: str, path: str) -> int:
    """Merge three files into that of the owner; return 1 if there are conflicts in it.

    Whatever goes wrong, git's own merge of the lines is the result.
    """
    texts = [decoded(Path(name).read_bytes()) for name in (base, ours, theirs)]
    merged = merged_texts(path, int(marker_size), *texts)
    Path(ours).write_bytes(encoded(merged.text))
    return int(merged.has_conflicts)


def merged_texts(path: str, marker_size: int, base: str, ours: str, theirs: str) -> Merged:
    try:
        return merge(path, base, ours, theirs, marker_size)
    except Exception:  # a bug in this package must not stop git
        return text_merge(marker_size)(base, ours, theirs)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
