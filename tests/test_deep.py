"""What takes long, or more than the pinned packages: only in `make test-deep`."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PROJECT_ENVIRONMENT, ROOT, Baker, Project, environment, server_removed
from load import served, steady
from test_interruptions import SESSIONS
from test_live import UPGRADE, add_orders, ask, recipes, write
from wire import SOCKET

from lessons.projects import example
from lessons.replay import LESSONS, blocks

pytestmark = pytest.mark.deep


def test_lowest_cookiecutter(tmp_path: Path) -> None:
    """The lowest version that the README names gives the same bytes."""
    files = Baker(tmp_path / "new").bake().files()
    venv, output = tmp_path / "venv", tmp_path / "old"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "-q", "cookiecutter==2.6.0"], check=True)
    command = [f"{venv}/bin/cookiecutter", str(ROOT), "--no-input", "-o", str(output)]
    subprocess.run(command, check=True, env=environment(HOME=str(tmp_path)))
    assert Project(output / "flask_project").files() == files
    bad = subprocess.run([*command, "project_slug=../evil"], env=environment(HOME=str(tmp_path)))
    assert bad.returncode == 1


def test_pasted_commands(baker: Baker) -> None:
    """The last lines that cookiecutter prints, pasted into a shell, up to the server."""
    printed = baker.run(str(ROOT), "--no-input").stdout
    lines = re.findall(r"^    (.+)$", printed, re.MULTILINE)
    assert lines[-1] == "flask run --debug"
    project = Project(baker.only())
    with server_removed(project):
        shell = subprocess.run(
            ["bash", "-e"],
            input="\n".join([*lines[:-1], "flask routes"]),
            env=environment(),
            capture_output=True,
            text=True,
        )
        assert shell.returncode == 0, shell.stdout + shell.stderr
        assert "/readyz" in shell.stdout


def test_uv(baker: Baker) -> None:
    """uv sync and uv run work from the same pyproject.toml."""
    project = baker.bake()
    uv = str(Path(sys.executable).with_name("uv"))
    with server_removed(project):
        project.ok(uv, "sync", "-q", "--python", sys.executable)
        output = project.ok(uv, "run", "-q", "python", "db_manage.py", "setup")
        assert "Ready. Next: flask run --debug" in output
        assert "passed" in project.ok(uv, "run", "-q", "pytest", "-q")


def test_lessons_elsewhere(tmp_path: Path) -> None:
    """Other folders, time zones, languages and widths give the same bytes."""
    for columns, zone, language in (
        ("40", "Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("250", "America/St_Johns", "C"),
    ):
        (tmp_path / columns).mkdir()
        variables = {"TMPDIR": str(tmp_path / columns), "TZ": zone, "LC_ALL": language, "COLUMNS": columns}
        command = [sys.executable, "-m", "lessons.replay", "--check"]
        replayed = subprocess.run(
            command, cwd=ROOT, env=environment(**variables), stdout=subprocess.PIPE, text=True
        )
        assert replayed.stdout.endswith(" lessons replayed, 0 changed\n"), replayed.stdout


def test_head_of_the_first_lesson(tmp_path: Path) -> None:
    """What it says about making its project, typed in a copy of this repository."""
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns("build", ".git", "*cache*"))
    lesson = (LESSONS / "01-first-migration.md").read_text()
    typed = next(block.body for block in blocks(lesson) if block.language == "text")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    identity = {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    variables = environment(PATH=path, HOME=str(tmp_path), **identity)
    subprocess.run(["bash", "-e"], input=typed, cwd=copy, env=variables, check=True, text=True)
    project = Project(tmp_path / "address_book")
    with server_removed(project):
        assert "Ready. Next: flask run" in project.ok(".venv/bin/python", "db_manage.py", "setup")
    assert project.ok("git", "status", "--short") == ""


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("*.md")), ids=lambda path: path.stem)
def test_code_of_lessons(lesson: Path, tmp_path: Path) -> None:
    """It is formatted and typed at the end, but for a class on db.Model, which lesson 01 shows not to be."""
    example(lesson, tmp_path / "project")
    project = Project(tmp_path / "project")
    left_out = ["--exclude", "app/models/user.py"] if lesson.stem == "01-first-migration" else []
    project.ok("ruff", "format", "--no-cache", "--diff", *left_out, ".")
    project.ok("mypy", f"--cache-dir={PROJECT_ENVIRONMENT / 'mypy_cache'}", *left_out, ".")


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
    """Run a real one before the server; yield the folder of its socket."""
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
    """Through a real one migrations are refused; where sessions are not shared, it may be named as the server."""
    ready.ok("flask", "db", "downgrade", "base")
    with pgbouncer(server, mode) as folder:
        ready.variables["DATABASE_URL"] = ready.variables["DATABASE_URL"].replace(server, folder)
        for upgrade in (("flask", "db", "upgrade"), UPGRADE):
            result = ready.run(*upgrade)
            assert result.returncode > 0 and result.stderr.count("\n") == 1
            assert "let DATABASE_DIRECT_URL name the server itself" in result.stderr
        assert '"applied": []' in ready.ok("python", "db_manage.py", "status", "--json")
        if mode == "session":
            ready.variables["DATABASE_DIRECT_URL"] = ready.variables["DATABASE_URL"]
            runs = [ready.start("flask", "db", "upgrade") for _ in range(4)]
            outputs = [run.communicate()[0] for run in runs]
            assert [run.returncode for run in runs] == [0] * 4, outputs


def test_pgbouncer_under_load(ready: Project, server: str) -> None:
    """2,000 requests of 32 clients share four sessions, none fails; beside them the revisions of the README."""
    add_orders(ready)
    expected = write(ready, recipes(ready))
    direct = ready.variables["DATABASE_URL"]
    with pgbouncer(server, "transaction") as folder:
        ready.variables["DATABASE_URL"] = direct.replace(server, folder)
        ready.variables["DATABASE_DIRECT_URL"] = direct
        with served(ready, workers=4) as gunicorn, steady(gunicorn, 32, ask, pause=0) as load:
            load.more(1000)
            assert ready.ok(*UPGRADE).splitlines() == expected
            assert "[x] 0006_step" in ready.ok("python", "db_manage.py", "status", "--check")
            load.more(1000)
            assert ready.sql(f"SELECT count(*) FROM ({SESSIONS})", DATABASE_URL=direct) == "4"
        assert load.failed() == []
        ready.sql(
            "DROP INDEX shop.ix_orders_state", "ALTER TABLE shop.orders DROP state", DATABASE_URL=direct
        )
        assert "models and diagram match" in ready.ok("python", "db_manage.py", "check")
