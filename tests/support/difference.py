"""Show what owners get from a newer template: the diff between fresh projects of two versions.

    python -m tests.support.difference --from 0.1.0 --to v0.3.0 --answers examples/shop.yaml

A version is a release in releases/, a tag or commit of this repository, or a folder that contains a template.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ROOT / "releases"
# .env has a random key, and the list of files changes a line for every changed file.
LEFT_OUT = (".env", ".template.files")


class DifferenceError(Exception):
    """The versions cannot be compared; the message says why."""


def template(version: str, folder: Path) -> Path:
    """Return a version's zip file or folder; a tag or commit is unpacked into `folder`."""
    if (release := RELEASES / f"{version}.zip").is_file():
        return release
    for name in (version, f"v{version}"):
        if commit := run("git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", folder=ROOT):
            return unpacked(commit, folder)
    path = Path(version).resolve()
    if path.joinpath("cookiecutter.json").is_file():
        return path
    raise DifferenceError(f"{version} is not a release, a tag, a commit or a folder with a template")


def unpacked(commit: str, folder: Path) -> Path:
    """Write the files of a commit of this repository to a folder, and return it."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    subprocess.run(["git", "archive", f"--output={archive}", commit], cwd=ROOT, check=True)
    subprocess.run(["tar", "-xf", str(archive)], cwd=folder, check=True)
    return folder


def bake(version: str, folder: Path, answers: str) -> Path:
    """Generate a version's project in a folder and return it.  Raises DifferenceError."""
    source = template(version, folder / "template")
    if answers and not Path(answers).is_file():
        raise DifferenceError(f"{answers} does not exist: ANSWERS is a file such as examples/shop.yaml")
    given = ["--config-file", str(Path(answers).resolve())] if answers else ["--default-config"]
    result = subprocess.run(
        [
            *(sys.executable, "-m", "cookiecutter", str(source), "--no-input"),
            *("--output-dir", str(folder / "out"), *given),
        ],
        # Cookiecutter keeps its replays in this folder; Python leaves nothing in the template's.
        env=os.environ | {"HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        lines = result.stdout.strip().splitlines() or ["no reason is given"]
        mistakes = [line for line in lines if line.startswith("models:")]  # the declaration's line follows
        raise DifferenceError(f"{version} makes no project: {[*mistakes, lines[-1]][0]}")
    (project,) = folder.joinpath("out").iterdir()
    for name in LEFT_OUT:
        project.joinpath(name).unlink(missing_ok=True)
    return project


def run(*command: str, folder: Path) -> str:
    """Return the line that a command prints, or nothing if it fails."""
    result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def show(old: str, new: str, answers: str = "") -> None:
    """Print the diff between two versions, as git shows it.  Raises DifferenceError."""
    with tempfile.TemporaryDirectory(prefix="diff-") as name:
        folder = Path(name).resolve()
        for side, version in (("a", old), ("b", new)):
            place = folder / f"template-{side}"
            place.mkdir()
            shutil.move(bake(version, place, answers), folder / side)
        # The folders are called a and b, which git would otherwise add as prefixes.
        words = ["--no-index", "--no-prefix", "--no-ext-diff", "--find-renames", "a", "b"]
        subprocess.run(["git", "diff", *words], cwd=folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.difference", description=__doc__)
    parser.add_argument("--from", dest="old", default="", help="the older version")
    parser.add_argument("--to", dest="new", default=str(ROOT), help="the newer one; else the work tree")
    parser.add_argument("--answers", default="", help="a configuration file for cookiecutter")
    arguments = parser.parse_args()
    if not arguments.old:
        sys.exit("FROM is missing. Name a release, a tag, a commit or a folder: make diff FROM=0.1.0")
    try:
        show(arguments.old, arguments.new or str(ROOT), arguments.answers)
    except DifferenceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
