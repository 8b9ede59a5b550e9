"""Test server faults: every command and page answers with one line, a remedy, and no password.

A cause is a context manager that yields the URL of a database in trouble.
"""

import itertools
import os
import re
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bake import Baker, Project
from tests.support.load import until
from tests.support.servers import local_server
from tests.support.wire import listen, observed, pooled

WAYS = {
    "flask db upgrade": ("flask", "db", "upgrade"),
    "db_manage.py upgrade": ("python", "db_manage.py", "upgrade"),
    "db_manage.py status": ("python", "db_manage.py", "status"),
    "db_manage.py check": ("python", "db_manage.py", "check"),
}
GOOD = r"(Applying|Creating|Reverting): .+"


@dataclass
class World:
    """A project with its own server, and two databases to copy: one at base and one at the head revision."""

    project: Project
    folder: Path
    server: str
    numbers: Iterator[int]
    at_head: bool = False
    moment: int = 0  # the number of the message at which the fault occurs

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements as the administrator; return psql's output."""
        return Project(self.folder, {"DATABASE_URL": self.url(database)}).sql(*statements)

    def url(self, database: str, user: str = "postgres", folder: str | Path = "") -> str:
        return f"postgresql://{user}:s3cret@/{database}?host={folder or self.server}"

    def new(self) -> str:
        """Return the name of a new database, upgraded or empty."""
        name = f"world_{next(self.numbers)}"
        self.sql(
            f"CREATE DATABASE {name} TEMPLATE {'at_head' if self.at_head else 'template0'} STRATEGY FILE_COPY"
        )
        return name

    def control(self, *words: str) -> None:
        """Run pg_ctl on the server, as the user that the server runs as."""
        code = (
            "from pathlib import Path; from plumbing.local_postgres import LocalPostgres;"
            "s = LocalPostgres(Path()).server();"
            f"r = s.run('pg_ctl', '-D', s.data, '-l', s.data.with_name('log'), *{words});"
            "print(r.stdout, r.stderr); raise SystemExit(r.returncode)"
        )
        self.project.ok("python", "-c", code)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the server for the length of a block."""
        self.project.ok("python", "db_manage.py", "stop")
        try:
            yield
        finally:
            self.project.ok("python", "db_manage.py", "start")


Cause = Callable[[World], AbstractContextManager[str]]
CAUSES: dict[str, tuple[Cause, dict[str, str]]] = {}


def cause(upgrade: str, status: str = "same", check: str = "same") -> Callable[[Cause], Cause]:
    """Register a cause with the message of each command; "" means that it has nothing to complain about."""
    said = {"upgrade": upgrade, "status": status, "check": check}
    expected = {name: upgrade if text == "same" else text for name, text in said.items()}

    def register(function: Cause) -> Cause:
        CAUSES[function.__name__.replace("_", " ")] = (function, expected)
        return function

    return register


@cause("Run it again")
@contextmanager
def connection_cut(world: World) -> Iterator[str]:
    """Cut the connection halfway: upgrade has created a table, the others have sent a query."""
    seen = itertools.count()
    with observed(world.server, world.folder, lambda _: next(seen) < world.moment):
        yield world.url(world.new(), folder=world.folder)


@cause("Run it again")
@contextmanager
def session_ended(world: World) -> Iterator[str]:
    """End the session as an administrator would."""
    seen, name = itertools.count(), world.new()

    def forward(_: bytes) -> bool:
        if next(seen) == world.moment:
            world.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        return True

    with observed(world.server, world.folder, forward):
        yield world.url(name, folder=world.folder)


@cause("Run it again")
@contextmanager
def server_restarted(world: World) -> Iterator[str]:
    seen, restarting = itertools.count(), threading.Lock()

    def forward(_: bytes) -> bool:
        if next(seen) == world.moment:
            with restarting:
                world.control("restart", "-w", "-m", "fast")
        return True

    with observed(world.server, world.folder, forward):
        yield world.url(world.new(), folder=world.folder)
    with restarting:  # the client sees the end of the old server before this test sees the new one
        pass


@cause("Start the server, or correct DATABASE_URL")
@contextmanager
def server_stopped(world: World) -> Iterator[str]:
    name = world.new()
    with world.stopped():
        yield world.url(name)


@cause("Run: python db_manage.py start")
@contextmanager
def local_server_stopped(world: World) -> Iterator[str]:
    with world.stopped():
        yield ""


@cause("starting up. Try again later: upgrade --wait SECONDS waits for it")
@contextmanager
def server_starting_up(world: World) -> Iterator[str]:
    """Restore an archive, which takes a while."""
    data, name = Path(world.sql("SHOW data_directory")), world.new()
    with world.stopped():
        (data / "recovery.signal").touch()
        folder = Path(world.server)
        folder.mkdir(mode=0o700)
        os.chown(folder, data.stat().st_uid, -1)
        world.control("start", "-W", "-o", f"-c listen_addresses= -k {folder} -c restore_command='sleep 600'")
        until(lambda: list(folder.iterdir()))
        try:
            yield world.url(name)
        finally:
            world.control("stop", "-w", "-m", "immediate")
            (data / "recovery.signal").unlink()


@cause("No space left on device. Free space on the disk of the server", status="", check="")
@contextmanager
def disk_full(world: World) -> Iterator[str]:
    """Fill a tablespace on a disk that has room for two pages."""
    name, disk = world.new(), Path(tempfile.mkdtemp(dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k,mode=777", "tmpfs", str(disk)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        disk.rmdir()
        pytest.skip("it takes root to mount a small disk")
    try:
        os.chown(disk, Path(world.sql("SHOW data_directory")).stat().st_uid, -1)
        world.sql(f"CREATE TABLESPACE small LOCATION '{disk}'")
        world.sql(f"ALTER DATABASE {name} SET default_tablespace = small")
        yield world.url(name)
        world.sql(f"DROP DATABASE {name}", "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


@cause("Correct user and password in DATABASE_URL")
@contextmanager
def wrong_password(world: World) -> Iterator[str]:
    yield world.url(world.new(), user="guarded")


@cause("Correct user and password in DATABASE_URL")
@contextmanager
def no_such_role(world: World) -> Iterator[str]:
    yield world.url(world.new(), user="nobody_of_this_name")


@cause("Run: python db_manage.py create")
@contextmanager
def no_such_database(world: World) -> Iterator[str]:
    yield world.url("nothing")


@cause("Its administrator can add an entry for this user and host")
@contextmanager
def not_admitted(world: World) -> Iterator[str]:
    yield world.url(world.new(), user="rejected")


@cause("Peer authentication failed .* Correct user and password in DATABASE_URL")
@contextmanager
def not_that_user(world: World) -> Iterator[str]:
    """Refuse other users with the rule that Debian has for its sockets."""
    yield world.url(world.new(), user="peer")


@cause("is not permitted to log in. Correct user and password in DATABASE_URL")
@contextmanager
def may_not_log_in(world: World) -> Iterator[str]:
    yield world.url(world.new(), user="group")


@cause("invalid sslmode value: .* Correct sslmode in DATABASE_URL")
@contextmanager
def wrong_sslmode(world: World) -> Iterator[str]:
    yield world.url(world.new()) + "&sslmode=maybe"


@cause("Its owner can GRANT CONNECT ON DATABASE")
@contextmanager
def may_not_connect(world: World) -> Iterator[str]:
    name = world.new()
    world.sql(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    yield world.url(name, user="plain")


@cause(
    "for schema public. An administrator can run: python db_manage.py schemas --owner", status="", check=""
)
@contextmanager
def may_not_create_in_public(world: World) -> Iterator[str]:
    """Since PostgreSQL 15 only its owner may create objects there."""
    name = world.new()
    yield world.url(name, user="plain")


@cause("for database .* An administrator can run: python db_manage.py schemas --owner", status="", check="")
@contextmanager
def may_not_create_schemas(world: World) -> Iterator[str]:
    name = world.new()
    world.sql("GRANT CREATE ON SCHEMA public TO plain", database=name)
    yield world.url(name, user="plain")


@cause("")
@contextmanager
def search_path_with_our_schemas(world: World) -> Iterator[str]:
    """This is not a fault and must not be reported as one."""
    name = world.new()
    world.sql(f"ALTER DATABASE {name} SET search_path = blog, users, public")
    yield world.url(name)


@cause("too many connections.* Try again later, or close other sessions")
@contextmanager
def too_many_connections(world: World) -> Iterator[str]:
    name = world.new()
    world.sql(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    yield world.url(name, user="plain")


@cause("set DATABASE_DIRECT_URL to the server itself", status="")
@contextmanager
def pooler(world: World) -> Iterator[str]:
    """A session lock would pass to another client with the next transaction."""
    with pooled(world.server, world.folder):
        yield world.url(world.new(), folder=world.folder)


@cause("The server is a standby or read-only", status="", check="")
@contextmanager
def read_only(world: World) -> Iterator[str]:
    name = world.new()
    world.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    yield world.url(name)


@cause("Start the server, or correct DATABASE_URL")
@contextmanager
def no_answer(world: World) -> Iterator[str]:
    """Accept the connection and say nothing."""

    def serve(client: socket.socket) -> None:
        with client:
            while client.recv(1000):
                pass

    with listen(world.folder, serve):
        yield world.url("x", folder=world.folder) + "&connect_timeout=2"


@cause("Start the server, or correct DATABASE_URL")
@contextmanager
def nobody_listens(world: World) -> Iterator[str]:
    yield "postgresql://anna:s3cret@localhost:1/shop"


@cause("Correct the host in DATABASE_URL")
@contextmanager
def unknown_host(world: World) -> Iterator[str]:
    yield "postgresql://anna:s3cret@nowhere.invalid/shop"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    project = Baker(tmp_path_factory.mktemp("faults") / "out").bake()
    with local_server(project):
        server = (project.path / ".postgres" / "socket").read_text()
        world = World(project, Path(), server, itertools.count(1))
        rules = Path(world.sql("SHOW hba_file"))
        rules.write_text(
            "local all guarded scram-sha-256\nlocal all rejected reject\nlocal all peer peer\n"
            + rules.read_text()
        )
        world.sql(
            "CREATE ROLE guarded LOGIN PASSWORD 'x'",
            "CREATE ROLE plain LOGIN",
            "CREATE ROLE rejected LOGIN",
            "CREATE ROLE peer LOGIN",
            'CREATE ROLE "group"',
        )
        world.sql("ALTER SYSTEM SET fsync = off")  # surviving a power failure is not tested
        world.sql("CREATE DATABASE at_head TEMPLATE template0", "SELECT pg_reload_conf()")
        project.ok("flask", "db", "upgrade", DATABASE_URL=world.url("at_head"))
        for schema in ("public", "users", "blog"):
            usage = f"GRANT USAGE ON SCHEMA {schema} TO plain"
            world.sql(usage, f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO plain", database="at_head")
        yield world


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CAUSES)
def test_fault(servers: World, tmp_path: Path, name: str, way: str) -> None:
    """The output is one line with a remedy after the progress, without a traceback or password."""
    function, said = CAUSES[name]
    servers.folder, servers.at_head = tmp_path, not way.endswith("upgrade")
    servers.moment = 6 if way.endswith("status") else 40
    expected = said[way.split()[-1]]
    with function(servers) as url:
        result = servers.project.run(*WAYS[way], DATABASE_URL=url)
    output = result.stdout + result.stderr
    assert "s3cret" not in output and "Traceback" not in output, output
    faults = [line for line in result.stderr.splitlines() if not re.fullmatch(GOOD, line)]
    if not expected:
        assert (result.returncode, faults) == (0, []), output
        return
    assert result.returncode == (2 if "db_manage.py" in way else 1), output
    assert len(faults) == 1 and faults[0].startswith("Error: "), output
    assert re.search(expected, faults[0]), output


PAGE = """
from sqlalchemy import text

from app import create_app
from app.extensions import db

app = create_app("production")


@app.get("/page")
def page():
    db.session.execute(text("CREATE TABLE page AS SELECT repeat(md5(n::text), 999) FROM generate_series(1, 99) n"))
    db.session.commit()
    return "page"


for kind in ("text/html", "application/json"):
    answer = app.test_client().get("/page", headers={"Accept": kind})
    print(answer.status_code, answer.headers.get("Retry-After"), repr(answer.text))
"""
UNAVAILABLE = [
    "server stopped",
    "server starting up",
    "disk full",
    "wrong password",
    "no such role",
    "no such database",
    "not admitted",
    "may not log in",
    "may not connect",
    "too many connections",
    "no answer",
    "nobody listens",
    "unknown host",
]


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_page(servers: World, tmp_path: Path, name: str) -> None:
    """The page asks the user to come back later, and in production does not give the reason."""
    servers.folder, servers.at_head = tmp_path, True
    key = {"FLASK_ENV": "production", "SECRET_KEY": 32 * "x"}
    with CAUSES[name][0](servers) as url:
        result = servers.project.run("python", "-c", PAGE, DATABASE_URL=url, **key)
    answers = result.stdout.splitlines()
    assert [answer.split()[:2] for answer in answers] == [["503", "5"]] * 2, result.stderr
    assert all("try again later" in answer for answer in answers)
    assert "s3cret" not in result.stderr
    assert len(result.stderr.splitlines()) == 2, result.stderr
    secrets = ("s3cret", "guarded", "anna", "localhost", "FATAL", "psycopg", "page (", str(tmp_path))
    assert not [secret for secret in secrets if secret in result.stdout]


def test_upgrade_waits_for_a_server_that_is_starting(servers: World, tmp_path: Path) -> None:
    """The server refuses it at first; it retries until the server has restored its archive."""
    servers.folder, servers.at_head = tmp_path, False
    name, data, asked = servers.new(), Path(servers.sql("SHOW data_directory")), itertools.count()
    refused = threading.Event()

    def forward(_: bytes) -> bool:
        if next(asked) == 2:
            refused.set()
        return True

    with servers.stopped(), restoring(servers, data) as go, observed(servers.server, tmp_path, forward):
        url = servers.url(name, folder=tmp_path)
        wait = ("python", "db_manage.py", "upgrade", "--wait", "300")
        upgrade = servers.project.start("env", f"DATABASE_URL={url}", *wait)
        until(lambda: refused.is_set() or upgrade.poll() is not None)
        go()
        output = upgrade.communicate()[0]
    assert (upgrade.returncode, output.splitlines()[0]) == (0, "Applying: 0001_initial"), output


@contextmanager
def restoring(world: World, data: Path) -> Iterator[Callable[[], None]]:
    """Start a server that restores an archive until the yielded function is called."""
    with tempfile.TemporaryDirectory(dir="/tmp") as archive:
        os.chmod(archive, 0o755)
        done = Path(archive, "done")
        (data / "recovery.signal").touch()
        folder = Path(world.server)
        folder.mkdir(mode=0o700)
        os.chown(folder, data.stat().st_uid, -1)
        command = f"while ! test -e {done}; do sleep 0.05; done; false"
        options = f"-c listen_addresses= -k {folder} -c restore_command='{command}'"
        world.control("start", "-W", "-o", options)
        try:
            until(lambda: list(folder.iterdir()))
            yield done.touch
        finally:
            done.touch()
            world.project.ok("python", "db_manage.py", "start")


def test_two_creates_at_once(servers: World, tmp_path: Path) -> None:
    """Both see that the database does not exist: one creates it, and the other finds it created."""
    servers.folder = tmp_path
    name, both = f"world_{next(servers.numbers)}", threading.Barrier(2)

    def forward(message: bytes) -> bool:
        if b"CREATE DATABASE" in message:
            both.wait(300)
        return True

    with observed(servers.server, tmp_path, forward):
        url = servers.url(name, folder=tmp_path)
        create = ("env", f"DATABASE_URL={url}", "python", "db_manage.py", "create")
        runs = [servers.project.start(*create) for _ in range(2)]
        outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert sorted(outputs) == [f"Creating: database {name}\n", f"Exists: database {name}\n"]
