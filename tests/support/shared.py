"""What the processes of a run share: a folder, and what the first one that needs it makes there."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

folder: Path | None = None  # set for each run by a fixture


@contextmanager
def exclusive(name: str) -> Iterator[Path]:
    """Let one process at a time do something; yield the place of this name in the shared folder."""
    assert folder, "no run has begun"
    with open(folder / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield folder / name


def once(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder whose content the first process that asks for it makes."""
    with exclusive(name) as place:
        done = place.with_name(f"{name}.done")
        if not done.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            make(place)
            done.touch()
    return place
