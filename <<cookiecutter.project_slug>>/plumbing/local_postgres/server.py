"""The server: which programs run it, as which user, on which data folder."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess  # nosec B404 # it runs PostgreSQL's programs
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbing.errors import PostgresError
from plumbing.local_postgres import files
from plumbing.local_postgres.files import give
from plumbing.local_postgres.processes import (
    Deadline,
    Launch,
    exists,
    launched,
    named_process,
    reason,
)
from plumbing.local_postgres.programs import (
    copied,
    is_safe_in_a_shell,
    programs,
    require_package,
)

PORT = 5432  # which names the socket; nothing listens on the network


class Server:
    """The programs to run, the user to run them as, and the data folder."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.project_home = home
        self.home = home  # of the data
        self.programs = programs()
        self.account = files.server_account(root, home)
        in_english = os.environ | {"LC_ALL": "C"}  # as reason() expects it
        self.options: dict[str, Any] = {
            "cwd": "/",
            "stdin": subprocess.DEVNULL,
            "env": in_english,
        }
        outside = files.find_outside(root, home)
        if outside and (outside / "data").exists() and not files.data_folders(home):
            self.home = outside / "data"
        if os.getuid() == 0:
            self.give_up_root()
        self.data = self.home / self.major_version()
        self.log = self.home / "server.log"

    def give_up_root(self) -> None:
        """Run the programs as another user, without access to closed folders such as /root."""
        self.options |= self.account.options()
        if not self.reaches(self.home):
            self.home = self.make_outside() / "data"
            self.home.mkdir(exist_ok=True)
            self.home.chmod(0o755)  # whatever the umask
            give(self.home, self.account)
        if not self.reaches(self.programs / "pg_ctl"):
            require_package(self.programs)
            self.programs = copied(self.programs, self.make_outside())

    def make_outside(self) -> Path:
        """Return a folder outside of the project that every user can enter."""
        return files.make_outside(self.root, self.project_home, self.account)

    def run(self, program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program as the user of the server."""
        return run(self.programs / program, *arguments, **self.options)

    def reaches(self, path: Path) -> bool:
        """Return whether the user of the server can enter a folder or run a program."""
        return reaches(path, self.options)

    def major_version(self) -> str:
        """Return the major version of the programs.  Raises PostgresError."""
        asked = self.run("pg_ctl", "--version")
        found = re.search(r"\d+", asked.stdout)
        if asked.returncode or not found:
            said = reason(asked.stderr or asked.stdout)
            raise PostgresError(f"{self.programs / 'pg_ctl'} does not run: {said}")
        return found[0]

    def prepare(self) -> None:
        """Make the data folder if it is missing, and remove what another server has left in it."""
        if not self.data.exists():
            self.initialise()
        elif os.getuid() == 0 and self.data.stat().st_uid != self.account.uid:
            files.give_all(self.data, self.account)
        process = named_process(self.data)
        # After a crash the number may be another program's; in a copy it is the original's server.
        if process and exists(process.pid) and not process.is_alive():
            (self.data / "postmaster.pid").unlink()

    def initialise(self) -> None:
        """Create the data folder aside and rename it, so that a half-made one is never used."""
        aside = self.data.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        try:
            if os.getuid() == 0 and not self.account.has_name():
                self.initialise_as_nobody(aside)
            else:
                self.initdb(aside, self.options)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        aside.rename(self.data)

    def initialise_as_nobody(self, target: Path) -> None:
        """Create a data folder for a user without an account name, which initdb requires."""
        account = files.nobody()
        with open_folder() as folder:
            give(folder, account)
            self.initdb(folder / "data", self.options | account.options())
            shutil.move(folder / "data", target)
        files.give_all(target, self.account)

    def initdb(self, data: Path, options: dict[str, Any]) -> None:
        """Create a data folder.  initdb gets a relative path, because the full one may have a line break."""
        arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
        if int(self.data.name) > 16:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with self.initdb_programs(options) as folder:
            made = run(
                folder / "initdb", "-D", data.name, *arguments, **options | {"cwd": data.parent}
            )
        if made.returncode:
            said = reason(made.stderr).removeprefix("initdb: ")
            raise PostgresError(f"initdb: {said}")

    @contextlib.contextmanager
    def initdb_programs(self, options: dict[str, Any]) -> Iterator[Path]:
        """Yield the programs where initdb can run: it hands their path to a shell."""
        program = self.programs / "initdb"
        if is_safe_in_a_shell(program) and reaches(program, options):
            yield self.programs
            return
        require_package(self.programs)
        with open_folder() as folder:
            yield copied(self.programs, folder)

    @contextlib.contextmanager
    def launched(self, socket_folder: Path) -> Iterator[Launch]:
        """Launch the server.  Its path and those of its files never get into a shell."""
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            self.data,
            "-k",
            socket_folder,
            "-c",
            "listen_addresses=",
            "-c",
            "timezone=UTC",
            "-p",
            str(PORT),
        ]
        self.log.touch()
        give(self.log, self.account)
        with self.claimed() as claim, launched(command, self.log, claim, self.options) as launch:
            yield launch

    @contextlib.contextmanager
    def claimed(self) -> Iterator[int | None]:
        """Yield a descriptor whose lock lasts until the last process of the server has ended.

        By postmaster.pid, PostgreSQL recognizes no server in another container.  After a crash, its
        other processes take a moment to end.
        """
        try:
            descriptor = os.open(self.data / "PG_VERSION", os.O_RDONLY)
        except FileNotFoundError:  # the server will say what is missing
            yield None
            return
        try:
            self.lock(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def lock(self, descriptor: int) -> None:
        """Lock a file of the data folder.  Raises PostgresError if another server has locked it."""
        deadline = Deadline()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if deadline.has_passed():
                    raise PostgresError(
                        f"{self.data} is in use by another server, perhaps in a container:"
                        " stop that one first."
                    ) from None
                time.sleep(0.05)
            except OSError:  # a disk on the network may have no such locks
                return


def run(
    program: Path, *arguments: str | Path, **options: Any
) -> "subprocess.CompletedProcess[str]":
    """Run a program, without a shell, and capture what it prints."""
    command = [program, *arguments]
    return subprocess.run(  # nosec B603 # without a shell
        command, **options, capture_output=True, text=True, errors="replace"
    )


def reaches(path: Path, options: dict[str, Any]) -> bool:
    """Return whether the user that a program runs as can enter a folder or run a program."""
    test = run(Path("/bin/sh"), "-c", 'test -x "$0"', path, **options)
    return test.returncode == 0


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a new folder that every user can enter and only this one can change."""
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=files.FOR_DATA) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
