"""Start PostgreSQL servers through projects: one that a whole run shares, and those of single tests."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lessons.replay import remove_server
from tests.support import shared
from tests.support.bake import Baker, Project, psql

NAME = "server"


@contextmanager
def local_server(project: Project) -> Iterator[None]:
    """Run the local PostgreSQL of a project and leave nothing of it behind."""
    project.ok("python", "db_manage.py", "start")
    with server_removed(project):
        yield


@contextmanager
def server_removed(project: Project) -> Iterator[None]:
    """On exit, stop the local PostgreSQL of a project and remove its files outside the project."""
    try:
        yield
    finally:
        remove_server(project.path, project.ok)


def socket_folder(project: Path) -> str:
    return (project / ".postgres" / "socket").read_text()


def shared_server() -> str:
    """Return the socket folder of this run's server; the first process that needs the server starts it.

    It trusts every role except `guarded`, whose password nobody knows.
    """
    return socket_folder(Baker(shared.once(NAME, start) / "out").only())


def start(place: Path) -> None:
    project = Baker(place / "out").bake()
    project.ok("python", "db_manage.py", "start")
    project.variables["DATABASE_URL"] = f"postgresql://postgres@/postgres?host={socket_folder(project.path)}"
    rules = Path(project.sql("SHOW hba_file"))
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
    project.sql("CREATE ROLE guarded LOGIN PASSWORD 'x'")
    project.sql("ALTER SYSTEM SET fsync = off")  # surviving a power failure is not tested
    project.sql("SELECT pg_reload_conf()")


def stop_shared_server(folder: Path) -> None:
    """Stop the server of a run, if one was started."""
    output = folder / NAME / "out"
    if output.exists():
        project = Project(Baker(output).only())
        remove_server(project.path, project.ok)


def new_database(server: str, number: int) -> str:
    """Return the URL of a database that does not exist; each worker has its own names."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    return f"postgresql://postgres@/test_{worker}_{number}?host={server}"


def copy_database(url: str, original: str) -> None:
    """Create a database as a copy of another one, which must have no sessions."""
    # Without fsync, copying files takes a fifth of the time of writing them to the log.
    administer(url, f"CREATE DATABASE {name_of(url)} TEMPLATE {name_of(original)} STRATEGY FILE_COPY")


def drop_database(url: str) -> None:
    """Drop a database, if it exists, and end its sessions."""
    administer(url, f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")


def administer(url: str, statement: str) -> None:
    """Run a statement in another database of the same server."""
    elsewhere = url.replace(f"/{name_of(url)}?", "/postgres?")
    subprocess.run(
        [psql(), elsewhere, "-Xqc", "SET client_min_messages TO error", "-c", statement], check=True
    )


def name_of(url: str) -> str:
    found: list[str] = re.findall(r"/(\w+)\?", url)
    return found[0]
