"""Merge the pins of a project without the API and of one with it, for `make pins`.

    python tests/support/pins.py WITHOUT WITH TARGET

Each is a requirements file as `uv pip compile` writes it, sorted by name.  Packages that only the project
with the API needs are marked as conditional in the target; the pins that both share must be the same.
"""

import re
import sys
from itertools import groupby
from pathlib import Path

MARKS = "<% if with_api() %>\n", "<% endif %>\n"


def entries(text: str) -> tuple[str, dict[str, str]]:
    """Return the header of a requirements file and the lines of each package."""
    header, *found = re.split(r"^(?=[a-z\d])", text, flags=re.MULTILINE)
    return header, {lines.partition("==")[0]: lines for lines in found}


def merged(without: str, with_api: str) -> str:
    """Return the file from which the template generates either one."""
    header, fewer = entries(without)
    _, more = entries(with_api)
    if different := [name for name in fewer if more.get(name) != fewer[name]]:
        sys.exit(f"Error: {', '.join(different)}: the two projects pin different versions.")
    parts = [header]
    for is_shared, names in groupby(more, key=fewer.__contains__):
        lines = "".join(more[name] for name in names)
        parts.append(lines if is_shared else lines.join(MARKS))
    return "".join(parts)


if __name__ == "__main__":
    first, second, target = map(Path, sys.argv[1:])
    target.write_text(merged(first.read_text(), second.read_text()))
