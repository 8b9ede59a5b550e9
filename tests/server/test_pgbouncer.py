"""Test a project behind a real PgBouncer: only in `make test-deep`, and only where PgBouncer is installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.bake import Project
from tests.support.commands import applying
from tests.support.load import served, steady
from tests.support.sessions import SESSIONS
from tests.support.shop import UPGRADE, add_orders, ask, recipes, write
from tests.support.wire import SOCKET

pytestmark = pytest.mark.deep


PGBOUNCER = """
[databases]
* = host={server} user=postgres
[pgbouncer]
pool_mode = {mode}
default_pool_size = 4
listen_addr =
listen_port = 5432
unix_socket_dir = {folder}
auth_type = any
"""


@contextmanager
def pgbouncer(server: str, mode: str) -> Iterator[str]:
    """Run PgBouncer in front of the server; yield the folder of its socket."""
    if not shutil.which("pgbouncer"):
        pytest.skip("PgBouncer is not installed")
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    settings = folder / "pgbouncer.ini"
    settings.write_text(PGBOUNCER.format(server=server, mode=mode, folder=folder))
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    with subprocess.Popen(["pgbouncer", "-q", *user, settings]) as pooler:
        try:
            while not (folder / SOCKET).exists():
                assert pooler.poll() is None
            yield str(folder)
        finally:
            pooler.terminate()
    shutil.rmtree(folder)


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_pgbouncer(ready: Project, server: str, mode: str) -> None:
    """Migrations through it are refused; if sessions are not shared, DATABASE_DIRECT_URL may name it."""
    ready.ok("flask", "db", "downgrade", "base")
    with pgbouncer(server, mode) as folder:
        ready.variables["DATABASE_URL"] = ready.variables["DATABASE_URL"].replace(server, folder)
        for upgrade in (("flask", "db", "upgrade"), UPGRADE):
            result = ready.run(*upgrade)
            assert result.returncode > 0 and result.stderr.count("\n") == 1
            assert "set DATABASE_DIRECT_URL to the server itself" in result.stderr
        assert '"applied": []' in ready.ok("python", "db_manage.py", "status", "--json")
        if mode == "session":
            ready.variables["DATABASE_DIRECT_URL"] = ready.variables["DATABASE_URL"]
            runs = [ready.start("flask", "db", "upgrade") for _ in range(4)]
            outputs = [run.communicate()[0] for run in runs]
            assert [run.returncode for run in runs] == [0] * 4, outputs


def test_pgbouncer_under_load(ready: Project, server: str) -> None:
    """2,000 requests of 32 clients share four sessions, and none fails while live migrations run."""
    add_orders(ready)
    names = write(ready, recipes(ready))
    direct = ready.variables["DATABASE_URL"]
    with pgbouncer(server, "transaction") as folder:
        ready.variables["DATABASE_URL"] = direct.replace(server, folder)
        ready.variables["DATABASE_DIRECT_URL"] = direct
        with served(ready, workers=4) as gunicorn, steady(gunicorn, 32, ask, pause=0) as load:
            load.more(1000)
            assert ready.ok(*UPGRADE).splitlines() == applying(names)
            assert "[x] 0006_step" in ready.ok("python", "db_manage.py", "status", "--check")
            load.more(1000)
            assert ready.sql(f"SELECT count(*) FROM ({SESSIONS})", DATABASE_URL=direct) == "4"
        assert load.failed() == []
        ready.sql(
            "DROP INDEX shop.ix_orders_state", "ALTER TABLE shop.orders DROP state", DATABASE_URL=direct
        )
        assert "models and diagram match" in ready.ok("python", "db_manage.py", "check")
