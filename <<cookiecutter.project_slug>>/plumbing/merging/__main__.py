"""The merge driver for git: python -m plumbing.merging %O %A %B %L %P."""

import sys
from pathlib import Path

from plumbing.merging.text import decoded, encoded, text_merge


def main(base: str, ours: str, theirs: str, marker_size: str, path: str) -> int:
    """Merge three files into that of the owner; return 1 if there are conflicts in it.

    Whatever goes wrong, git's own merge of the lines is the result.
    """
    texts = [decoded(Path(name).read_bytes()) for name in (base, ours, theirs)]
    size = int(marker_size)
    try:
        from plumbing.merging import merge

        merged = merge(path, *texts, size)
    except Exception:
        merged = text_merge(size)(*texts)
    Path(ours).write_bytes(encoded(merged.text))
    return int(merged.has_conflicts)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
