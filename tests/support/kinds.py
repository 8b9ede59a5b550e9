"""Read tests/project/kinds/*.py: kinds of models that an owner may add, and kinds of changes to them.

The first line of such a file says what the kind is, and where it comes from.  Then come the files to put
into a project without models, each below its path:

    # app/models/token.py
    # app/seeds.py

Migrations that an owner writes by hand are files, too.  A change of the models has a second state, whose
files are put on top of the first; a file without content is removed:

    # then: app/models/token.py

Options such as `# models: ...` may come before the files: they are the fields of Kind.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.bake import ROOT, Baker, Project

FOLDER = ROOT / "tests" / "project" / "kinds"
SECTION = re.compile(r"# (then: )?((?:app|migrations|tests)/[\w/]+\.py)")
OPTION = re.compile(r"# (models|irreversible|unchanged): (.+)")

Files = dict[str, str]


@dataclass
class Kind:
    """The files to put into a project and, for a change of the models, those of its second state."""

    name: str
    about: str
    models: str = ""  # the declaration that the project is generated from
    irreversible: str = ""  # why a downgrade of the change does not restore the first schema
    unchanged: str = ""  # why `migrate` has nothing to write in the second state
    first: Files = field(default_factory=dict)
    then: Files = field(default_factory=dict)

    def bake(self, baker: Baker) -> Project:
        """Return a project in its first state."""
        project = baker.bake(models=self.models)
        lay(project.path, self.first)
        return project


def read(path: Path) -> Kind:
    about, *lines = path.read_text().splitlines()
    assert about.startswith("# "), path
    kind = Kind(path.stem, about[2:])
    into: list[str] = []
    files: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if section := SECTION.fullmatch(line):
            into = files[section[1] or "", section[2]] = []
        elif not files and (option := OPTION.fullmatch(line)):
            setattr(kind, option[1], option[2])
        else:
            into.append(line)
    for (state, name), text in files.items():
        content = "\n".join(text).strip("\n")
        (kind.then if state else kind.first)[name] = f"{content}\n" if content else ""
    return kind


def kinds() -> list[Kind]:
    """Return all kinds, sorted by name."""
    return [read(path) for path in sorted(FOLDER.glob("*.py"))]


def lay(folder: Path, files: Files) -> None:
    """Write files to a folder and make its subfolders packages; remove files that have no content."""
    for name, content in files.items():
        path = folder / name
        if not content:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
