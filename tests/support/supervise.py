"""Run a command, and let none of the processes it starts outlive it.

    python -m tests.support.supervise [--signs] COMMAND...

The command has its own session, so Ctrl-C reaches only this process.  This process then ends all the others;
the command gets a few seconds to end on its own, if it handles the signal.  On Linux this process adopts
orphans, such as servers; elsewhere it cannot see them.  With --signs it prints now and then that the command
is still running.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # on Linux, in prctl.h
GRACE = 3  # seconds that the command gets after Ctrl-C
SIGNS = 15  # seconds between signs of life
SECONDS = 30  # for processes that are about to end on their own


def descendants() -> dict[int, str]:
    """Return the id and name of each descendant of this process that has not ended."""
    names: dict[int, str] = {}
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            before, _, after = path.read_text().rpartition(")")
            number, _, name = before.partition(" (")
            state, parent = after.split()[:2]
            children.setdefault(int(parent), []).append(int(number))
            if state not in "ZX":
                names[int(number)] = name
    found, new = [], [os.getpid()]
    while new:
        new = [child for parent in new for child in children.get(parent, [])]
        found += new
    return {number: names[number] for number in found if number in names}


def reap(command: int) -> int | None:
    """Reap processes that have ended; return the command's status if it is one of them."""
    found = None
    with suppress(ChildProcessError):
        while True:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                break
            if number == command:
                found = os.waitstatus_to_exitcode(status)
    return found


def wait(command: int) -> int:
    """Wait for the command to end and return its status."""
    while True:
        number, status = os.waitpid(-1, 0)
        if number == command:
            return os.waitstatus_to_exitcode(status)


def files_of(number: int) -> list[Path]:
    """Return the folders outside its project that a PostgreSQL process uses."""
    words = Path(f"/proc/{number}/cmdline").read_text().split("\0")
    data = Path(os.readlink(f"/proc/{number}/cwd"))
    if "-D" in words:
        data /= words[words.index("-D") + 1]
    outside = data.is_relative_to("/var/tmp") and data.parents[1].name.startswith("postgres-")
    found = [data.parents[1]] if outside else []
    if (base := data / "base").is_symlink():  # in memory: see tests/support/shared.py
        found.append(Path(os.readlink(base)).parents[1])
    with suppress(OSError, IndexError):
        found.append(Path((data / "postmaster.pid").read_text().splitlines()[4]))
    return found


def end(processes: dict[int, str]) -> set[Path]:
    """End processes, PostgreSQL's so that they free their shared memory; return the files to remove."""
    files = set()
    for number, name in processes.items():
        with suppress(OSError):
            if name in ("initdb", "postgres"):
                files.update(files_of(number))
            os.kill(number, signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
    return files


def listens(command: int) -> bool:
    """Return whether a process handles Ctrl-C itself."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{command}/status").read_text().splitlines()
        caught = next(line for line in lines if line.startswith("SigCgt:")).split()[1]
        return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)
    return sys.platform != "linux"


def interrupt(command: int) -> set[Path]:
    """Pass Ctrl-C on to the command if it handles it, and give it time; end its other processes."""
    files: set[Path] = set()
    if not listens(command):
        return files
    os.kill(command, signal.SIGINT)
    ended = None
    deadline = time.monotonic() + GRACE
    time.sleep(0.3)  # let it see the signal before it sees what happens to its children
    while ended is None and time.monotonic() < deadline:
        files |= end({number: name for number, name in descendants().items() if number != command})
        time.sleep(0.05)
        ended = reap(command)
    return files


def end_all(files: set[Path]) -> None:
    """End everything that is left, by force if necessary, and remove the files of servers."""
    for attempt in range(40):
        if not (left := descendants()):
            break
        files |= end(left if attempt < 20 else dict.fromkeys(left, ""))
        time.sleep(0.05)
        reap(0)
    for folder in files:
        shutil.rmtree(folder, ignore_errors=True)


def left_behind() -> list[str]:
    """Return the names of processes that do not end soon after the command."""
    deadline = time.monotonic() + SECONDS
    while (left := descendants()) and time.monotonic() < deadline:
        time.sleep(0.1)
        reap(0)
    return sorted(left.values())


def main() -> int:
    signs = sys.argv[1] == "--signs"
    command = sys.argv[1 + signs :]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if signs:
        signal.signal(
            signal.SIGALRM,
            lambda *_: print("Still running:", Path(command[0]).name, "...", command[-1], flush=True),
        )
        signal.setitimer(signal.ITIMER_REAL, SIGNS, SIGNS)
    process = None
    try:
        process = subprocess.Popen(
            command,
            env=os.environ | {"SUPERVISED": "1"},
            start_new_session=True,
            # The command ignores Ctrl-C until it is ready and sets a handler.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
        status = wait(process.pid)
        left = left_behind()
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        end_all(interrupt(process.pid) if process else set())
        print("Interrupted.", file=sys.stderr)
        return 130
    if left:
        end_all(set())
        print(f"Left behind: {', '.join(left)}", file=sys.stderr)
    return status or bool(left)


if __name__ == "__main__":
    sys.exit(main())
