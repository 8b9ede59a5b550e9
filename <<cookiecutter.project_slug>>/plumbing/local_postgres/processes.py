"""The process of a PostgreSQL server: find it, stop it, launch it, and find out why it ended."""

import contextlib
import os
import re
import select
import signal
import subprocess  # nosec B404 # it runs ps and PostgreSQL
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbing.errors import PostgresError

DEFAULT_TIMEOUT = 60  # seconds, as that of pg_ctl

# Runs the rest of its arguments in the background, so that nobody has to wait for the process.
IN_BACKGROUND = '"$@" &'

# A line of the server's log, or of what one of its programs prints.
MESSAGE = re.compile(r"\b(FATAL|PANIC|ERROR|error|fatal|DETAIL|detail|LOG): +(.*)")


class Deadline:
    """The time until which to wait for a server: $PGCTLTIMEOUT seconds from now, or 60."""

    def __init__(self) -> None:
        given = os.environ.get("PGCTLTIMEOUT", "")
        self.seconds = int(given) if given.isdecimal() else DEFAULT_TIMEOUT
        self.end = time.monotonic() + self.seconds

    def has_passed(self) -> bool:
        return time.monotonic() > self.end


@dataclass(frozen=True)
class Process:
    """The process that postmaster.pid names, in the data folder of its server."""

    pid: int
    data: Path

    def is_alive(self) -> bool:
        """Return whether the process is the server of this data folder.

        After a crash the number may be that of another program; in the copy of a project, it is
        that of the original's server.
        """
        if not Path("/proc/self").exists():  # as on macOS
            return self.is_listed() and self.notes_data_folder()
        process = Path("/proc", str(self.pid))
        try:
            if (process / "comm").read_text() != "postgres\n":
                return False
            return os.path.samestat((process / "cwd").stat(), self.data.stat())
        except PermissionError:  # it belongs to another user: is it the one whose the data are?
            return process.stat().st_uid == self.data.stat().st_uid
        except OSError:  # it has ended
            return False

    def is_listed(self) -> bool:
        """Return whether ps lists the process as a server."""
        command = ["ps", "-p", str(self.pid), "-o", "comm="]
        listed = subprocess.run(command, capture_output=True, text=True)  # nosec B603 # a number
        return Path(listed.stdout.strip()).name == "postgres"

    def notes_data_folder(self) -> bool:
        """Return whether postmaster.pid, which may be a copy, notes the folder that it is in."""
        with contextlib.suppress(OSError, IndexError):
            noted = (self.data / "postmaster.pid").read_bytes().splitlines()[1]
            return os.path.samefile(noted, self.data)
        return False


def named_process(data: Path) -> Process | None:
    """Return the process that postmaster.pid names, whether or not it is the server."""
    try:
        first = (data / "postmaster.pid").read_bytes().split()[0]
        return Process(int(first), data)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def find_process(data: Path) -> Process | None:
    """Return the process of the server that runs on a data folder, or None."""
    process = named_process(data)
    if process and process.is_alive():
        return process
    return None


def exists(pid: int) -> bool:
    """Return whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(process: Process) -> None:
    """Shut a server down, and wait for its end.  Raises PostgresError."""
    try:
        os.kill(process.pid, signal.SIGINT)  # a fast shutdown, which ends all connections
    except ProcessLookupError:
        return
    except PermissionError:
        raise PostgresError(
            f"PostgreSQL (process {process.pid}) belongs to another user: stop it as that user."
        ) from None
    deadline = Deadline()
    while process.is_alive():
        if deadline.has_passed():
            raise PostgresError(
                f"PostgreSQL did not stop: process {process.pid} is still running"
                f" after {deadline.seconds} seconds"
            )
        time.sleep(0.02)


class Launch:
    """A server that was launched: whether it has ended, and what it has written to its log."""

    def __init__(self, pipe: int, log: Path, start: int) -> None:
        self.pipe = pipe
        self.log = log
        self.start = start

    def has_ended(self) -> bool:
        """Return whether the server and all its processes have ended."""
        readable, _, _ = select.select([self.pipe], [], [], 0)
        return bool(readable)

    def reason(self) -> str:
        """Return the reason why it ended, if it gave one."""
        written = self.log.read_bytes()[self.start :].decode(errors="replace")
        return reason(written) or f"{self.log} may say why."


@contextlib.contextmanager
def launched(
    command: list[str | Path], log: Path, claim: int | None, options: dict[str, Any]
) -> Iterator[Launch]:
    """Launch a server that goes on when this process ends.  It keeps the descriptor `claim`.

    The shell gets the command as arguments, and reads no part of it.
    """
    reading, writing = os.pipe()
    kept = [writing] if claim is None else [writing, claim]
    try:
        with open(log, "ab") as output:
            start = output.tell()
            subprocess.run(  # nosec B603 # the shell reads IN_BACKGROUND only
                ["/bin/sh", "-c", IN_BACKGROUND, "sh", *command],
                stdout=output,
                stderr=output,
                pass_fds=kept,
                start_new_session=True,
                **options,
            )
        os.close(writing)
        writing = -1
        yield Launch(reading, log, start)
    finally:
        os.close(reading)
        if writing != -1:
            os.close(writing)


def reason(text: str) -> str:
    """Return in one line what a program that failed gave as the reason, or nothing.

    That is its first fatal message with the detail, after what is wrong with a configuration file,
    or all that it said.  What the server told its clients meanwhile is left out.
    """
    found = [(level.upper(), said.strip()) for level, said in MESSAGE.findall(text)]
    messages = [(level, said) for level, said in found if "the database system is" not in said]
    for place, (level, said) in enumerate(messages):
        if level not in ("LOG", "DETAIL"):
            before = messages[:place] if said.endswith("contains errors") else []
            after = [each for each in messages[place + 1 : place + 2] if each[0] == "DETAIL"]
            return ". ".join(each for _, each in [*before, (level, said), *after])
    return " ".join(text.split())
