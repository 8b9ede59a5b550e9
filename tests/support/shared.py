"""Share a folder among the processes of a run, with contents that the first process to need them creates."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

folder: Path | None = None  # set by a fixture in each run
IN_MEMORY = Path("/dev/shm")  # on Linux; it may be small in a container


@contextmanager
def exclusive(name: str) -> Iterator[Path]:
    """Let one process at a time run a block; yield the path with this name in the shared folder."""
    assert folder, "no run has begun"
    with open(folder / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield folder / name


def once(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder whose content is created by the first process that asks for it."""
    with exclusive(name) as place:
        done = place.with_name(f"{name}.done")
        if not done.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            make(place)
            done.touch()
    return place


def clusters() -> dict[str, str]:
    """Return variables that tell tests/support/warm.py where a run keeps new PostgreSQL data folders.

    MEMORY is the place for their databases, each of which is 300 files: some disks take long to create so
    many.
    """
    if folder is None:
        return {}
    found = {"CLUSTERS": str(folder / "clusters")}
    if os.access(IN_MEMORY, os.W_OK):
        found["MEMORY"] = os.readlink(once("memory", make_memory) / "link")
    return found


def make_memory(place: Path) -> None:
    memory = Path(tempfile.mkdtemp(prefix="clusters-", dir=IN_MEMORY))
    memory.chmod(0o711)  # if root runs the tests, the servers belong to another user
    (place / "link").symlink_to(memory)


def free_memory(base: Path) -> None:
    """Remove whatever a run has in memory; `base` is its folder."""
    if (link := base / "memory" / "link").is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
