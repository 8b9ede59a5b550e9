"""Run commands of a project in forks of tests/support/warm.py, which has already loaded the libraries."""

import contextlib
import json
import os
import select
import shlex
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
Result = subprocess.CompletedProcess[str]


class Fork:
    """A running command, with as much of subprocess.Popen's interface as the tests use."""

    def __init__(self, report: int) -> None:
        """Take a pipe that delivers a line with the process id and, at the end, one with the status."""
        self.report = os.fdopen(report)
        self.pid = int(self.report.readline())
        self.returncode: int | None = None
        self.lock = threading.Lock()  # one thread may kill it while another waits

    def poll(self) -> int | None:
        with self.lock:
            running = self.returncode is None and not select.select([self.report], [], [], 0)[0]
        return None if running else self.wait()

    def wait(self) -> int:
        with self.lock:
            if self.returncode is None:
                self.returncode = int(self.report.readline())
                self.report.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class PipedFork(Fork):
    """A fork with one pipe for its input, and one for stdout and stderr together."""

    def __init__(self, report: int, stdin: int, stdout: int) -> None:
        super().__init__(report)
        self.stdin, self.stdout = os.fdopen(stdin, "w"), os.fdopen(stdout)

    def communicate(self, text: str = "") -> tuple[str, None]:
        """Send the rest of the input; return everything printed until the end."""
        with contextlib.suppress(BrokenPipeError):  # it has ended without reading its input
            if not self.stdin.closed:
                self.stdin.write(text)
                self.stdin.close()
        output = "" if self.stdout.closed else self.stdout.read()
        self.stdout.close()
        self.wait()
        return output, None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self.kill()
        self.communicate()


class Warm:
    """Starts the process that forks, and asks it to run commands."""

    def __init__(self, python: str, variables: dict[str, str], names: tuple[str, ...]) -> None:
        """Take the names of the programs to run."""
        self.python, self.names = python, names
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.folder = tempfile.TemporaryDirectory(prefix="warm-", dir="/tmp")  # short, as sockets require
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(self.address)
        listener.listen(100)
        numbers = [theirs.fileno(), listener.fileno()]
        # It has its own session, so that it can still stop a server after Ctrl-C.
        self.process = subprocess.Popen(
            [python, HERE / "warm.py", *map(str, numbers)],
            env=variables,
            pass_fds=numbers,
            start_new_session=True,
        )
        theirs.close()
        listener.close()

    @property
    def address(self) -> str:
        """The socket for tests/support/client.py."""
        return f"{self.folder.name}/socket"

    def programs(self) -> Path:
        """Return a folder with the programs; `python` runs whatever it can in a fork."""
        folder = Path(self.folder.name, "bin")
        if not folder.exists():
            folder.mkdir()
            client = shlex.join([self.python, "-IS", str(HERE / "client.py"), self.address])
            for name in self.names:
                real = f'case $1 in db_manage.py | -c) ;; *) exec {shlex.quote(self.python)} "$@" ;; esac\n'
                first = real if name == "python" else ""
                (folder / name).write_text(f'#!/bin/sh\n{first}exec {client} {name} "$@"\n')
                (folder / name).chmod(0o755)
        return folder

    def fork(
        self, folder: Path, command: tuple[str, ...], variables: dict[str, str], files: list[int]
    ) -> int:
        """Run a command with these files as stdin, stdout and stderr; return the pipe for a Fork."""
        os.umask(mask := os.umask(0))
        request = {"folder": str(folder), "command": command, "variables": variables, "umask": mask}
        report, their_report = os.pipe()
        socket.send_fds(self.socket, [json.dumps(request).encode()], [*files, their_report])
        os.close(their_report)
        return report

    def start(self, folder: Path, command: tuple[str, ...], variables: dict[str, str]) -> PipedFork:
        its_stdin, stdin = os.pipe()
        stdout, its_stdout = os.pipe()
        report = self.fork(folder, command, variables, [its_stdin, its_stdout, its_stdout])
        os.close(its_stdin)
        os.close(its_stdout)
        return PipedFork(report, stdin, stdout)

    def run(
        self, folder: Path, command: tuple[str, ...], variables: dict[str, str], text: str = ""
    ) -> Result:
        """Run a command to its end, with a text as its input."""
        with (
            tempfile.TemporaryFile() as stdin,
            tempfile.TemporaryFile() as stdout,
            tempfile.TemporaryFile() as stderr,
        ):
            stdin.write(text.encode())
            stdin.seek(0)
            files = [stdin.fileno(), stdout.fileno(), stderr.fileno()]
            status = Fork(self.fork(folder, command, variables, files)).wait()
            stdout.seek(0)
            stderr.seek(0)
            return Result(command, status, stdout.read().decode(), stderr.read().decode())
