"""The PostgreSQL that a project starts by itself."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bake import PROJECT_ENVIRONMENT, Baker, Project
from tests.support.servers import local_server, server_removed, socket_folder
from tests.support.wire import listen


def manage(project: Project, *words: str) -> str:
    return project.ok("python", "db_manage.py", *words)


def rows(project: Project) -> str:
    return project.sql("SELECT count(*) FROM users.users")


def test_life(baker: Baker) -> None:
    """Setup twice, stop, start, and the rows are still there."""
    project = baker.bake()
    with local_server(project):
        first, second = manage(project, "setup"), manage(project, "setup")
        assert first.startswith("Running: local PostgreSQL\nCreating: database flask_project_dev\n")
        assert "Applying: 0001_initial" in first
        assert second == (
            "Running: local PostgreSQL\nExists: database flask_project_dev\nReady. Next: flask run --debug\n"
        )
        project.sql("INSERT INTO users.users (username, email) VALUES ('anna', 'a@b')")
        status = manage(project, "status", "--check").splitlines()
        assert re.fullmatch(
            r"Database: flask_project_dev, local PostgreSQL \d+\.\d+ \(development\)", status[0]
        )
        assert status[1:] == ["Schemas:  blog, users", "[x] 0001_initial"]

        url = manage(project, "url")
        assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
        assert manage(project, "stop") == "Not running: local PostgreSQL\n"
        assert manage(project, "start") == "Starting: local PostgreSQL\n"
        assert manage(project, "url") == url
        assert rows(project) == "1"

        # Reachable for its own user only, and not by the network.
        folder = Path((project.path / ".postgres" / "socket").read_text())
        assert folder.stat().st_mode & 0o777 == 0o700
        assert project.sql("SHOW listen_addresses") == ""
        assert project.sql("SHOW timezone") == "UTC"
        assert project.sql("SHOW server_encoding") == "UTF8"


def test_tests_start_it(baker: Baker) -> None:
    """pytest starts it, uses databases of its own, and leaves none behind."""
    project = baker.bake()
    project.ok("pytest", "-q", "-n", "2", "-p", "no:cacheprovider")
    with local_server(project):
        names = project.sql("SELECT datname FROM pg_database", DATABASE_URL=url_of(project))
        assert set(names.split()) == {"postgres", "template0", "template1"}


def test_many_starts_at_once(baker: Baker) -> None:
    project = baker.bake()
    command = ("python", "db_manage.py", "start")
    runs = [project.start(*command) for _ in range(8)]
    outputs = [run.communicate()[0] for run in runs]
    with local_server(project):
        assert sorted(outputs) == 7 * ["Running: local PostgreSQL\n"] + ["Starting: local PostgreSQL\n"]


def test_crash(baker: Baker) -> None:
    """Killed, its pid file then naming a process of someone else: it starts, and has its rows."""
    project = baker.bake()
    with local_server(project):
        manage(project, "setup")
        project.sql("INSERT INTO users.users (username, email) VALUES ('anna', 'a@b')")
        pid_file = Path(project.sql("SHOW data_directory")) / "postmaster.pid"
        kill_server(int(pid_file.read_text().split()[0]))
        assert project.run("python", "db_manage.py", "status").returncode == 2
        lines = pid_file.read_text().splitlines()
        other = subprocess.Popen(["sleep", "600"], user=pid_file.stat().st_uid, cwd="/")
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        assert manage(project, "start") == "Starting: local PostgreSQL\n"
        assert rows(project) == "1"
        other.kill()
        other.wait()


def test_slow_stop(baker: Baker) -> None:
    """A server that takes longer to stop than pg_ctl waits is one line, and stops later."""
    project = baker.bake()
    with local_server(project):
        manage(project, "setup")
        pid = int(project.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"))
        os.kill(pid, signal.SIGSTOP)  # a shutdown ends with a checkpoint
        try:
            stopped = project.run("python", "db_manage.py", "stop", PGCTLTIMEOUT="1")
        finally:
            os.kill(pid, signal.SIGCONT)
        assert stopped.returncode == 2
        assert re.fullmatch(r"Error: PostgreSQL did not stop: .*does not shut down\n", stopped.stderr)
        while Path("/proc", str(pid)).exists():
            time.sleep(0.05)
        assert manage(project, "start") == "Starting: local PostgreSQL\n"


def kill_server(pid: int) -> None:
    """Kill the server, and wait until its children have noticed: then its memory is free."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(pid, signal.SIGKILL)
    while any(Path("/proc", task).exists() for task in tasks):
        time.sleep(0.05)


@pytest.fixture
def open_baker(tmp_path: Path) -> Iterator[Baker]:
    """Bakes where every user may look; pytest's own folder is closed."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Baker(Path(folder) / "out")


def test_half_made_data_folder(open_baker: Baker) -> None:
    """What a killed initdb left is no obstacle."""
    project = open_baker.bake()
    half = project.path / ".postgres" / "18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("0")
    with local_server(project):
        assert (project.path / ".postgres" / "18").is_dir()
        assert not half.exists()


def test_moved_project(open_baker: Baker) -> None:
    """A project that is renamed while its server runs still finds it."""
    project = open_baker.bake()
    manage(project, "start")
    project.path = project.path.rename(project.path.with_name("renamed"))
    with local_server(project):
        assert manage(project, "setup").startswith("Running: local PostgreSQL\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts it as another user")
def test_root_in_an_open_folder(open_baker: Baker) -> None:
    """Root has it run as nobody, and its data are in the project."""
    project = open_baker.bake()
    with local_server(project):
        data = Path(project.sql("SHOW data_directory", DATABASE_URL=url_of(project)))
        assert data.is_relative_to(project.path)
        assert data.owner() == "nobody"


def url_of(project: Project, database: str = "postgres") -> str:
    folder = (project.path / ".postgres" / "socket").read_text()
    return f"postgresql://postgres@/{database}?host={folder}"


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts it as another user")
def test_root_with_a_closed_umask(baker: Baker) -> None:
    """What lies outside the project for that user stays open to it."""
    project = baker.bake()
    with server_removed(project):
        assert "Ready." in project.ok("bash", "-c", "umask 077 && python db_manage.py setup")


def test_setup_waits(baker: Baker, tmp_path: Path) -> None:
    """Setup waits for the server of DATABASE_URL, as in a container that starts beside it."""
    other = Baker(tmp_path / "other").bake()
    with local_server(other):
        project = baker.bake()
        project.variables["DATABASE_URL"] = url_of(other, "late")
        folder = Path(socket_folder(other.path))
        manage(other, "stop")
        asked = threading.Event()

        def refuse(client: socket.socket) -> None:
            client.close()
            asked.set()

        folder.mkdir()
        with listen(folder, refuse):
            setup = project.start("python", "db_manage.py", "setup")
            assert asked.wait(300) and setup.poll() is None
        shutil.rmtree(folder)
        manage(other, "start")
        output = setup.communicate()[0]
    assert setup.returncode == 0, output
    assert output.startswith("Creating: database late\nApplying: 0001_initial\n")


def test_socket_folder_of_someone_else(baker: Baker, tmp_path: Path) -> None:
    """Only a folder of the server's own user serves for the socket."""
    project = baker.bake()
    (project.path / ".postgres").mkdir()
    record = project.path / ".postgres" / "socket"
    for foreign in (Path("/dev"), tmp_path / "file"):
        (tmp_path / "file").touch()
        record.write_text(str(foreign))
        with local_server(project):
            assert record.read_text() != str(foreign)


def test_psql_of_the_package(ready: Project) -> None:
    """Where no psql is installed, that of the package opens the database."""
    path = f"{PROJECT_ENVIRONMENT / 'bin'}"
    psql = ("python", "db_manage.py", "psql", "-XAtqc", "SELECT 1 + 1")
    result = ready.run(*psql, PATH=path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "2\n", "")
