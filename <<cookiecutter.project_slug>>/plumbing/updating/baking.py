"""Generates a fresh project with cookiecutter, however that is installed."""

import json
import re
import shutil
import subprocess  # nosec B404 # it runs cookiecutter, without a shell
import sys
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from plumbing.errors import UserError
from plumbing.updating import git
from plumbing.updating.record import FILES, RECORD, Record, parse, parse_files

FIRST_EDITION = "releases/0.1.0.zip"
"""The version without a record, which later versions of the template bring along."""


@dataclass(frozen=True)
class Fresh:
    """A fresh project: its folder, and its record."""

    folder: Path
    record: Record

    @property
    def version(self) -> str:
        """The version of the template."""
        return self.record.version or ""


@dataclass(frozen=True)
class Template:
    """A template: a folder, an address or a zip file, and the branch, tag or commit if it is not the newest."""

    location: str
    checkout: str | None = None

    def bake(self, folder: Path, answers: dict[str, str] | Path, page: str = "") -> Fresh:
        """Generate a fresh project in a folder that does not exist.

        `answers` are texts, or a configuration file of cookiecutter.  Raises UserError.
        """
        out = self.generate(folder, answers, page)
        if not out.joinpath(RECORD).is_file():
            raise UserError(
                f"{without_secrets(self.location)} does not keep a record of the answers: it is another template, or"
                " one from before version 0.2.0."
            )
        record = out.joinpath(RECORD).read_text(encoding="utf-8")
        files = out.joinpath(FILES).read_text(encoding="utf-8")
        return Fresh(out, parse(record, parse_files(files)))

    def generate(self, folder: Path, answers: dict[str, str] | Path, page: str = "") -> Path:
        """Run cookiecutter; return the folder of the project.  Raises UserError."""
        folder.mkdir(parents=True)
        config = answers if isinstance(answers, Path) else configuration(folder, answers, page)
        location = self.location
        words = ["--no-input", "--output-dir", "out", "--config-file", str(config)]
        if self.checkout:
            words += ["--checkout", self.checkout]
            if Path(location).is_dir():
                # To be cloned: a folder is taken as it is.
                location = f"git+{Path(location).as_uri()}"
        result = subprocess.run(  # nosec B603 # the words are ours, and the location is one of them
            [*cookiecutter(), location, *words],
            cwd=folder,
            # What Python would leave in the template's folder.
            env=git.environment(PYTHONDONTWRITEBYTECODE="1"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
        if result.returncode:
            raise UserError(without_secrets(failure(result.stdout + result.stderr, self.location)))
        (out,) = folder.joinpath("out").iterdir()
        return out

    def first_edition(self, folder: Path) -> "Template":
        """Return the version of this template that kept no record.

        `folder` is one in which this template has been baked.  Raises UserError.
        """
        clones = folder / "clones"
        places = [Path(self.location), *(clones.iterdir() if clones.exists() else ())]
        for place in places:
            if place.joinpath(FIRST_EDITION).is_file():
                return Template(str(place / FIRST_EDITION))
            if zipfile.is_zipfile(place):
                with zipfile.ZipFile(place) as archive:
                    for name in archive.namelist():
                        if name.endswith(f"/{FIRST_EDITION}"):
                            return Template(archive.extract(name, folder / "unpacked"))
        raise UserError(
            f"{without_secrets(self.location)} has no {FIRST_EDITION}, which a project without a record needs."
        )


def located(location: str) -> str:
    """Return the location of a template in a form that is valid in every folder.  Raises UserError."""
    path = Path(location).expanduser()
    if path.exists():
        return str(path.resolve())
    if ":" in location:
        return location
    raise UserError(f"{location} does not exist: name a folder, a git address or a zip file.")


def cookiecutter() -> list[str]:
    """Return the command that runs cookiecutter.  Raises UserError."""
    if program := shutil.which("cookiecutter"):
        return [program]
    if find_spec("cookiecutter"):
        return [sys.executable, "-m", "cookiecutter"]
    if program := shutil.which("uvx"):
        return [program, "cookiecutter"]
    if program := shutil.which("pipx"):
        return [program, "run", "cookiecutter"]
    raise UserError("cookiecutter is not installed. Install it: pipx install cookiecutter")


def configuration(folder: Path, answers: dict[str, str], page: str) -> Path:
    """Write the file from which cookiecutter takes the answers; it keeps everything else in the folder, too."""
    context = {question: verbatim(answer) for question, answer in answers.items()}
    content = {
        "default_context": context | {"__page": page},
        "cookiecutters_dir": str(folder / "clones"),
        "replay_dir": str(folder / "replay"),
    }
    path = folder / "config.json"
    text = json.dumps(content, ensure_ascii=False)
    # It is read as YAML, in which JSON's \ud83c\udf89 would be two characters.
    ascii_text = re.sub("[^ -~]", lambda match: f"\\U{ord(match[0]):08x}", text)
    path.write_text(ascii_text, encoding="utf-8")
    return path


def verbatim(answer: str) -> str:
    """Return an answer so that the template, which renders it, gives it back."""
    left, right = "<", ">"  # this file is rendered, too: it must not have two of them in a row
    delimiter = re.compile(f"{left}[{left}%#]")
    return delimiter.sub(lambda match: f"{2 * left}'{match[0]}'{2 * right}", answer)


def without_secrets(text: str) -> str:
    """Return a text without the user names and passwords in its addresses."""
    return re.sub(r"(?<=://)[^/\s@]+@", "", text)


def failure(output: str, location: str) -> str:
    """Return the line in which cookiecutter, or git below it, says what is wrong."""
    if found := re.search(r"^models:\d+:\d+: .+", output, re.MULTILINE | re.DOTALL):
        return found[0].rstrip()  # a line for each mistake, and the source of the first one
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in lines:
        if line.startswith("fatal: "):
            return f"{location} cannot be cloned: {line.removeprefix('fatal: ')}"
    silent = f"cookiecutter failed without a message. To see why, run: cookiecutter {location}"
    last = lines[-1] if lines else silent
    if "UnknownRepoType" in last:
        return f"{location} does not say that it is a git repository: write git+{location}"
    if "Traceback (most recent call last):" in lines or "A valid repository for" in output:
        return f"{location} is not a template: {last}"
    return last
