"""Prepare the project of `make demo` and serve it until Ctrl-C, a signal or the end of the terminal.

    python tests/support/demo.py FOLDER PORT COMMAND...

COMMAND installs whatever is missing.  Two demos prepare one after the other but can serve at the same
time, on two ports.  The last one to end stops the local PostgreSQL, unless it was already running before
the first.  This file must run on any Python 3, because only COMMAND checks the version.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SECONDS = 1.0  # between checks that the terminal still exists
BUILD = Path("build")
STARTED = BUILD / "demo.started"  # exists while the server runs because a demo started it
# Without compiled files, every start would compile all packages again.
FOREIGN = {"APP_ENV", "FLASK_ENV", "FLASK_APP", "FLASK_DEBUG", "SECRET_KEY", "DATABASE_URL"}
FOREIGN |= {"PYTHONDONTWRITEBYTECODE"}
# What `flask run --debug` prints before it serves, without colors; the line with the PIN comes last.
BEFORE = (" * ", "WARNING: This is a development server.", "Press CTRL+C")
LAST = " * Debugger PIN"
STARTS = "Starting: local PostgreSQL"  # printed by setup if the server was not running
Output = Callable[[Iterable[str]], None]


def show(line: str) -> None:
    """Print a line, if the terminal still exists."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


class Ended(Exception):
    """A signal has asked the demo to end."""


class Demo:
    """One run of `make demo`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.ended = False
        self.process: subprocess.Popen[str] | None = None  # the process that a signal ends
        self.parent = os.getppid()
        self.terminals = select.poll()
        for number in filter(os.isatty, range(3)):
            self.terminals.register(number, 0)  # only reports that the terminal has ended
        for number in ENDS:
            signal.signal(number, self.end)

    def end(self, number: int, frame: FrameType | None) -> None:
        self.ended = True
        self.end_process()

    def is_abandoned(self) -> bool:
        """Return whether make or the terminal is gone.  Without a shell, only make is told of the latter."""
        return os.getppid() != self.parent or bool(self.terminals.poll(0))

    def end_process(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)

    def run(self, *command: str, in_project: bool = True, show_output: Output | None = None) -> int:
        """Run a command; a signal ends it together with everything it has started.

        A function can be given that reads what the command prints and decides what to show.
        """
        if self.ended:
            raise Ended
        # It has its own session: Ctrl-C and the end of the terminal reach only this process.
        self.process = subprocess.Popen(
            command,
            cwd=self.folder if in_project else None,
            env=self.environment() if in_project else None,
            start_new_session=True,
            stdout=subprocess.PIPE if show_output else None,
            stderr=subprocess.STDOUT if show_output else None,
            text=True,
        )
        reader = threading.Thread(target=show_output, args=(self.process.stdout,), daemon=True)
        if show_output:
            reader.start()
        status = None
        while status is None:
            self.ended = self.ended or self.is_abandoned()
            if self.ended:
                self.end_process()
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self.process.wait(timeout=SECONDS)
        if show_output:
            reader.join(SECONDS)  # a process that is not ended here could still hold the pipe
        self.process = None
        if self.ended:
            raise Ended
        return status

    def manage(self, *arguments: str) -> int:
        """Run a db_manage.py command to its end, show its output and note if it starts the server."""
        if not Path(self.program("python")).exists():
            return 1  # a signal has ended the installation
        with subprocess.Popen(
            [self.program("python"), *arguments],
            cwd=self.folder,
            env=self.environment(),
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout
            for line in process.stdout:
                if line.startswith(STARTS):
                    STARTED.touch()
                if not line.startswith("Ready."):  # that line names the command that runs next anyway
                    show(line.rstrip("\n"))
        return process.returncode

    def program(self, name: str) -> str:
        return str(self.folder.resolve() / ".venv" / "bin" / name)

    def environment(self) -> dict[str, str]:
        """Return the environment without the variables that the user's shell sets for other projects."""
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return kept | {"PYTHONUNBUFFERED": "1"}  # show output immediately, although it goes through a pipe

    def main(self, prepare: list[str]) -> int:
        with open(BUILD / "demo.preparing", "w") as preparing, open(BUILD / "demo.serving", "w") as serving:
            require_free(self.port)
            with self.locked(preparing):
                status = 1
                try:
                    status = self.run(*prepare, in_project=False) or self.set_up()
                finally:
                    if status:
                        self.stop_server(serving)
                if status:
                    return status
                fcntl.flock(serving, fcntl.LOCK_SH)
            try:
                require_free(self.port)
                command = (self.program("flask"), "run", "--debug", "--port", str(self.port))
                return self.run(*command, show_output=self.show_address)
            finally:
                with self.locked(preparing, wait_anyhow=True):
                    self.stop_server(serving)

    def show_address(self, lines: Iterable[str]) -> None:
        """Show the address as soon as flask serves, and everything it prints from then on."""
        serving = False
        for line in lines:
            plain = re.sub(r"\x1b\[[0-9;]*m", "", line)
            if serving or not plain.startswith(BEFORE) or plain.startswith(LAST):
                show(line.rstrip("\n"))
            if not serving and plain.startswith(LAST):
                serving = True
                show(f"Serving: http://127.0.0.1:{self.port} until Ctrl-C")

    def set_up(self) -> int:
        status = self.manage("db_manage.py", "setup")
        if self.ended:
            raise Ended
        return status

    def stop_server(self, serving: IO[str]) -> None:
        """Stop the server if a demo started it and no other demo is serving."""
        fcntl.flock(serving, fcntl.LOCK_UN)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(serving, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if STARTED.exists() and self.manage("db_manage.py", "stop") == 0:
                STARTED.unlink()

    @contextlib.contextmanager
    def locked(self, file: IO[str], wait_anyhow: bool = False) -> Iterator[None]:
        """Let one demo at a time run a block of code."""
        said = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not wait_anyhow and (self.ended or self.is_abandoned()):
                    raise Ended from None
                if not said and not wait_anyhow:
                    show("Waiting: another make demo, which prepares the project")
                said = True
                time.sleep(0.1)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def require_free(port: int) -> None:
    """Exit with one line that suggests another port if this one cannot be used."""
    error = error_at(port)
    if error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        other = next((number for number in range(8000, 8100) if not error_at(number)), 9000)
        sys.exit(f"Port {port} {reason}: make demo PORT={other}")


def error_at(port: int) -> OSError | None:
    """Return the error that would prevent listening on a port, without listening."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error
    return None


def main() -> int:
    folder, port, *prepare = sys.argv[1:]
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT={port} is not a port: make demo PORT=8000")
    try:
        BUILD.mkdir(exist_ok=True)
        return Demo(Path(folder), int(port)).main(prepare)
    except Ended:
        return 0
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main())
