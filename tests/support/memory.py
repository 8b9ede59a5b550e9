"""Databases in memory: each is 300 files, which some disks take long to create."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # of Linux; in a container there may be very little of it
ENOUGH = 2 << 30  # bytes


def folder_in_memory(owner: int) -> Path | None:
    """Return a new folder for the user of a server, or None if there is not enough memory."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        return None
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=MEMORY))
    if os.getuid() == 0:
        os.chown(folder, owner, -1)
    return folder


def statements(folder: Path) -> list[str]:
    """Return what makes a server create databases in a folder: they are copies of template1, beside it."""
    return [
        f"CREATE TABLESPACE memory LOCATION '{folder}'",
        "ALTER DATABASE template1 SET TABLESPACE memory",
    ]

