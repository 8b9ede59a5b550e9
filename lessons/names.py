"""Rename the project of a lesson, so that a course can use its own name."""

import re
import shlex

from generator.answers import slug

NAME = re.compile(r'project_name="(.*?)"')


def renamed(text: str, name: str) -> str:
    """Return a lesson with its project renamed, in output too; unchanged if no name is given."""
    if not name or not (old := NAME.search(text)):
        return text
    return text.replace(slug(old[1]), slug(name)).replace(old[0], f"project_name={shlex.quote(name)}")
