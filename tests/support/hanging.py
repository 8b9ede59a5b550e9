"""Simulate a PostgreSQL server that hangs: its processes are stopped, and its clients are told nothing."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.support.bake import Project


def processes(project: Project) -> list[int]:
    """Return the process ids of a project's server, the postmaster first."""
    file = Path(project.sql("SHOW data_directory")) / "postmaster.pid"
    postmaster = int(file.read_text().splitlines()[0])
    return [postmaster, *children(postmaster)]


def children(parent: int) -> list[int]:
    """Return the process ids of the children of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # an unrelated process may end meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(path.parent.name))
    return found


def send(ids: list[int], number: signal.Signals) -> None:
    """Send a signal to processes, some of which may have ended."""
    for id_ in ids:
        with suppress(ProcessLookupError):
            os.kill(id_, number)


@contextmanager
def paused(project: Project) -> Iterator[Callable[[], None]]:
    """Make the server of a project hang; yield a function that resumes it."""
    ids = processes(project)
    resume = partial(send, ids, signal.SIGCONT)
    send(ids, signal.SIGSTOP)
    try:
        yield resume
    finally:
        resume()
