"""Gives the project of a lesson another name, for a course of one's own."""

import re
import shlex

from generator.answers import slug

NAME = re.compile(r'project_name="(.*?)"')


def renamed(text: str, name: str) -> str:
    """Return a lesson whose project has another name, also in what its commands print; as it is for no name."""
    if not name or not (old := NAME.search(text)):
        return text
    return text.replace(slug(old[1]), slug(name)).replace(old[0], f"project_name={shlex.quote(name)}")
