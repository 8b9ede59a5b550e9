"""English plurals, by plumbing/nouns.py: a project that reads a database needs the same ones.

The name of the template's folder cannot be that of a package, so the file is run by its path.  An import would
also leave a cache in that folder, and so in every project.
"""

import runpy
from collections.abc import Callable
from pathlib import Path

NOUNS = runpy.run_path(str(Path(__file__).parents[1] / "<<cookiecutter.project_slug>>/plumbing/nouns.py"))
plural: Callable[[str], str] = NOUNS["plural"]
singular: Callable[[str], str] = NOUNS["singular"]
