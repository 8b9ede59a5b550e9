"""Ownership of the local PostgreSQL's files, and their place if its user cannot reach .postgres.

PostgreSQL refuses to run as root.  If root starts it, it runs as the project's owner, or as nobody.
"""

import contextlib
import hashlib
import os
import pwd
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbing.errors import PostgresError

# Folders in which mkdtemp() makes others: nobody can guess their names, or change what they hold.
FOR_SOCKETS = Path("/tmp")  # nosec B108 # see above; a path in it is short enough for a socket
FOR_DATA = Path("/var/tmp")  # nosec B108 # see above; it is kept when the machine restarts

ANY_NUMBER = "[1-9]*[0-9]"  # the name of a data folder: a major version
OVERFLOW = 65534  # the number of nobody, where the system has no such name


@dataclass(frozen=True)
class Account:
    """A user and a group, by their numbers."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Return the arguments that make subprocess.run() run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def has_name(self) -> bool:
        """Return whether the system knows the user; initdb refuses to run otherwise."""
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            return False
        return True


def nobody() -> Account:
    """Return the user nobody."""
    try:
        user = pwd.getpwnam("nobody")
    except KeyError:
        return Account(OVERFLOW, OVERFLOW)
    return Account(user.pw_uid, user.pw_gid)


def server_account(root: Path, home: Path) -> Account:
    """Return who runs the server of a project: the owner of its data, or of its folder, or nobody."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid())
    owners = [folder.stat().st_uid for folder in data_folders(home)]
    owners.append(root.stat().st_uid)
    people = [owner for owner in owners if owner not in (0, nobody().uid)]
    return account_of(people[0]) if people else nobody()


def account_of(uid: int) -> Account:
    """Return a user with the group that the system gives it, or one of the same number."""
    try:
        return Account(uid, pwd.getpwuid(uid).pw_gid)
    except KeyError:
        return Account(uid, uid)


def data_folders(home: Path) -> list[Path]:
    """Return the data folders in a folder, newest first."""
    found = [path for path in home.glob(ANY_NUMBER) if path.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.name), reverse=True)


def give(path: Path, account: Account) -> None:
    """Give a file that root created to a user."""
    if os.getuid() == 0:
        # A disk may be read only, know no owners, or be on the network and refuse root.
        with contextlib.suppress(OSError):
            os.chown(path, account.uid, -1, follow_symlinks=False)


def give_all(folder: Path, account: Account) -> None:
    """Give a folder, and everything in it, to a user."""
    give(folder, account)
    for path in folder.rglob("*"):
        give(path, account)


def replace(path: Path, text: str, account: Account) -> None:
    """Replace a file in one step, so that no other user's file, and no other link to it, is changed."""
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    aside.write_text(text)
    give(aside, account)
    aside.rename(path)


def is_closed(mode: int) -> bool:
    """Return whether a mode is that of a folder, not of a link, which others cannot change."""
    return stat.S_ISDIR(mode) and not mode & (stat.S_IWGRP | stat.S_IWOTH)


def find_outside(root: Path, home: Path) -> Path | None:
    """Return the folder outside of a project that is the project's, if there is one."""
    folders = [recorded_outside(home), older_outside(root)]
    for folder in folders:
        if folder and is_of_root(folder) and is_of(folder, root):
            return folder
    return None


def make_outside(root: Path, home: Path, account: Account) -> Path:
    """Return the folder outside of a project, made if necessary.

    Every user can enter it, and only root can change it.  It is drawn at random, so that nobody can
    prepare it, and noted in .postgres/outside, so that a project that is moved finds it.
    """
    folder = find_outside(root, home)
    if not folder:
        folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=FOR_DATA))
        folder.chmod(0o755)
    (folder / "project").write_bytes(os.fsencode(root))
    (folder / "project").chmod(0o644)
    replace(home / "outside", str(folder), account)
    return folder


def recorded_outside(home: Path) -> Path | None:
    """Return the folder that .postgres/outside names; in the copy of a project, the original's."""
    try:
        text = (home / "outside").read_text()
    except (OSError, UnicodeDecodeError):
        return None
    folder = Path(text)
    in_place = folder.parent == FOR_DATA and folder.name.startswith("postgres-")
    return folder if in_place else None


def older_outside(root: Path) -> Path:
    """Return the folder that older versions of this file made for a project."""
    digest = hashlib.sha256(os.fsencode(root / ".postgres")).hexdigest()
    return FOR_DATA / f"postgres-{digest[:12]}"


def is_of_root(folder: Path) -> bool:
    """Return whether only root can have put something into a folder."""
    with contextlib.suppress(FileNotFoundError):
        found = folder.lstat()
        return found.st_uid == 0 and is_closed(found.st_mode)
    return False


def is_of(folder: Path, root: Path) -> bool:
    """Return whether a folder outside belongs to the project in `root`.

    It notes the path of a project.  If that is another one, which uses it, this is a copy.
    """
    try:
        noted = Path(os.fsdecode((folder / "project").read_bytes()))
    except FileNotFoundError:  # an older version made it
        return True
    return noted == root or recorded_outside(noted / ".postgres") != folder


@contextlib.contextmanager
def postgres_errors() -> Iterator[None]:
    """Turn an OSError into a PostgresError that says what is wrong, and where."""
    try:
        yield
    except OSError as error:
        raise PostgresError(f"The local PostgreSQL: {describe(error)}") from error


def describe(error: OSError) -> str:
    """Return what the system said, about which file, and whose that is if it was refused."""
    message = error.strerror or str(error)
    if not error.filename:
        return message
    path = Path(os.fsdecode(error.filename))
    if isinstance(error, PermissionError):
        place, owner = visible(path)
        return (
            f"{path}: {message}. {place} belongs to {owner}: run the command as that user, or root."
        )
    return f"{path}: {message}."


def visible(path: Path) -> tuple[Path, str]:
    """Return a file, or the folder above it that can be seen, and the name of its owner."""
    for place in (path, *path.parents):
        with contextlib.suppress(OSError, KeyError):
            uid = place.lstat().st_uid
            return place, user_name(uid)
    return path, "another user"


def user_name(uid: int) -> str:
    """Return the name of a user, or the number if there is no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
