"""The local PostgreSQL of one project: whether it runs, where it listens, start and stop."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbing.errors import PostgresError
from plumbing.local_postgres import files
from plumbing.local_postgres.files import Account, give, postgres_errors
from plumbing.local_postgres.processes import Deadline, Process, end, find_process
from plumbing.local_postgres.server import PORT, Server

CONNECT_TIMEOUT = 5  # seconds
SOCKET = f".s.PGSQL.{PORT}"
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

    def address(self) -> dict[str, Any]:
        """Return where to connect, as libpq arguments that variables like PGHOSTADDR cannot override."""
        return {"host": self.host(), "hostaddr": "", "port": PORT}

    def running(self) -> bool:
        """Return whether the server accepts connections; one that is starting up does not."""
        from psycopg import pq  # late: remove() works without it
        from psycopg.conninfo import make_conninfo

        address = make_conninfo(
            **self.address(),
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
        with postgres_errors(), self.locked():
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
                raise PostgresError(
                    f"PostgreSQL (process {process.pid}) does not respond yet. Run the command again"
                    " in a while."
                )
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
                        f" Run the command again; {server.log} shows its progress."
                    )
                time.sleep(0.02)

    def stop(self) -> bool:
        """Stop the server, and end its connections.

        Returns False if it was not running.  Waits as start() does.  Raises PostgresError.
        """
        if not self.home.exists():
            return False
        with postgres_errors(), self.locked():
            return self.end_process()

    def remove(self) -> None:
        """Stop the server and delete its data, also those that are outside of the project."""
        self.stop()
        with postgres_errors():
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
        """Allow one process at a time to start or stop the server."""
        self.make_home()
        descriptor = open_lock(self.home / "lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # until it is closed, or this process ends
            yield
        finally:
            os.close(descriptor)

    def make_home(self) -> None:
        """Create .postgres, and give the server's user what root creates in it."""
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
        if not prefix or folder.parent != files.FOR_SOCKETS or not folder.name.startswith(prefix):
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

        A Unix socket takes a path of at most 107 characters.
        """
        folder = self.recorded_folder()
        if folder and self.owns(folder):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                give(folder, account)
            if folder.lstat().st_uid == account.uid:
                return folder
        folder = Path(tempfile.mkdtemp(prefix=self.prefix(), dir=files.FOR_SOCKETS))
        give(folder, account)
        files.replace(self.socket_file, str(folder), account)
        return folder


def open_lock(path: Path) -> int:
    """Open the file of the lock; reading is enough where another user has made it."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return os.open(path, os.O_RDONLY)
