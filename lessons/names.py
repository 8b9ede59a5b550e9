"""Give the project of a lesson another name, for your own course."""

import re
import shlex

from generator.answers import slug

NAME = re.compile(r'project_name="(.*?)"')


def renamed(text: str, name: str) -> str:
    """Return a lesson with its project renamed, in the output too; without a name, return it unchanged."""
    if not name or not (old := NAME.search(text)):
        return text
    return text.replace(slug(old[1]), slug(name)).replace(old[0], f"project_name={shlex.quote(name)}")
