"""Runs files of plumbing/ that the template needs as a project does.

The name of the template's folder cannot be that of a package, so a file is run by its path.  An import would
also leave a cache in that folder, and so in every project.
"""

import runpy
from pathlib import Path
from typing import Any

PLUMBING = Path(__file__).parents[1] / "<<cookiecutter.project_slug>>" / "plumbing"


def contents(path: str) -> dict[str, Any]:
    """Return what a file of plumbing/ defines, by name; it must import nothing of that package."""
    return runpy.run_path(str(PLUMBING / path))
