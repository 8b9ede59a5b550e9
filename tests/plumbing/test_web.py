"""Test health checks, errors, headers and the request log."""

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from jinja2 import DictLoader
from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, UnprocessableEntity
from werkzeug.test import TestResponse

from plumbing import serving, web
from plumbing.current import db
from plumbing.web import errors, health

SECRETS = ("anna", "s3cret", "localhost", "port 1", "0001_initial", "9999_lost")
NOWHERE = "postgresql://anna:s3cret@localhost:1/shop"


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that accepts connections and says nothing, like one that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def silent_url(silent: socket.socket) -> str:
    return f"postgresql://anna:s3cret@127.0.0.1:{silent.getsockname()[1]}/shop"


def connections(server: socket.socket) -> int:
    """Return the number of clients that have connected to a server that accepts none, and disconnect them."""
    server.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def join_threads() -> None:
    """Wait for the threads of /readyz, which may outlive the request."""
    for thread in threading.enumerate():
        if thread.name == health.THREAD:
            thread.join()


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Leave no threads that could disturb the next test."""
    yield
    join_threads()


Serve = Callable[..., Flask]


@pytest.fixture
def serve(
    create_app: Callable[[str], Flask], empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serve]:
    """Create an application, in production by default, with pages that fail."""

    apps = []

    def served(url: str = NOWHERE, environment: str = "production", **variables: str) -> Flask:
        given = {"SECRET_KEY": "x" * 32, "DATABASE_URL": url, **variables}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        app = with_pages(create_app(environment))
        apps.append(app)
        return app

    yield served
    for app in apps:
        with app.app_context():
            db().engine.dispose()


def with_pages(app: Flask) -> Flask:
    """Add pages that fail in several ways."""

    @app.get("/bug")
    def bug() -> str:
        raise RuntimeError("s3cret")

    @app.get("/busy")
    def busy() -> str:
        raise TimeoutError("QueuePool limit of size 5 overflow 10 reached")

    @app.get("/page")
    def page() -> str:
        return str(db().session.scalar(text("SELECT 1")))

    @app.get("/duplicate")
    def duplicate() -> str:
        raise IntegrityError("INSERT", {}, UniqueViolation("duplicate key"))

    @app.post("/body")
    def body() -> str:
        return str(len(request.get_data()))

    @app.get("/wrong")
    def wrong() -> str:
        abort(422, "The field is <wrong>")

    @app.get("/who")
    def who() -> dict[str, Any]:
        session["user"] = 1
        return {
            "address": request.remote_addr,
            "scheme": request.scheme,
            "host": request.host,
            "url": url_for("page", _external=True),
            "request_id": request.environ["request_id"],
        }

    return app


def ask(app: Flask, path: str, method: str = "GET", **headers: str) -> TestResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = b"x" * (2**20 + 1) if path.endswith("/body") else b""
    return app.test_client().open(path, method=method, headers=names, data=body, buffered=True)


# Health


def test_ready_whatever_the_server_does(serve: Serve, silent: socket.socket, silent_url: str) -> None:
    """It answers even if a connection takes ten minutes, to many requests at the same time and again later.

    Nothing piles up meanwhile: all of them wait for one connection.
    """
    app = serve(f"{silent_url}?connect_timeout=600")
    answers: list[tuple[Any, int]] = []

    def probe() -> None:
        response = ask(app, "/readyz")
        answers.append((response.json, response.status_code))

    for _ in range(3):
        threads = [Thread(target=probe) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    said = {"status": "not ready", "database": "no answer", "migrations": "unknown"}
    assert answers == [(said, 503)] * 12
    assert connections(silent) == 1


PROBE = """
from host import create_app

app = create_app("production")
print(app.test_client().get("/readyz").status_code)
"""


def test_a_process_ends_while_a_probe_hangs(
    create_app: Callable[[str], Flask], root: Path, silent_url: str
) -> None:
    """A worker that is told to stop does so."""
    variables = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": f"{silent_url}?connect_timeout=600",
    }
    command = [sys.executable, "-c", PROBE]
    output = subprocess.check_output(command, env=os.environ | variables, cwd=root, timeout=120)
    assert output == b"503\n"


def test_ready_while_a_table_is_locked(
    app: Flask, client: FlaskClient, session: Session, serve: Serve
) -> None:
    """The table alembic_version may be locked; readiness does not wait."""
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "migrations": "ok"}
    with app.app_context():
        url = db().engine.url.render_as_string(hide_password=False)
    with Session(session.get_bind().engine) as other:
        other.execute(text("LOCK TABLE alembic_version"))
        response = ask(serve(url), "/readyz")
        assert response.json == {"status": "not ready", "database": "ok", "migrations": "unknown"}
    join_threads()


def test_each_part(client: FlaskClient, session: Session) -> None:
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    pending = {"status": "not ready", "database": "ok", "migrations": "pending"}
    assert client.get("/readyz").json == pending
    session.execute(text("INSERT INTO alembic_version VALUES ('9999_lost')"))
    session.commit()
    assert client.get("/readyz").json == pending | {"migrations": "unknown"}


def test_health_says_nothing_of_where(serve: Serve) -> None:
    app = serve()
    for path in ("/healthz", "/readyz", "/page"):
        for kind in ("*/*", "application/json"):
            text = str(ask(app, path, Accept=kind).data)
            assert not [secret for secret in SECRETS if secret in text]


# Errors

ERRORS = [
    ("GET", "/nowhere", 404, "Not Found"),
    ("DELETE", "/healthz", 405, "Method Not Allowed"),
    ("POST", "/body", 413, "Request Entity Too Large"),
    ("GET", "/wrong", 422, "Unprocessable Entity"),
    ("GET", "/bug", 500, "Internal Server Error"),
    ("GET", "/page", 503, "Service Unavailable"),
    ("GET", "/busy", 503, "Service Unavailable"),
]


@pytest.mark.parametrize(("method", "path", "status", "name"), ERRORS)
def test_errors(serve: Serve, method: str, path: str, status: int, name: str) -> None:
    app = serve()
    response = ask(app, path, method, Accept="application/json")
    assert response.json is not None
    assert (response.status_code, response.json["status"], response.json["error"]) == (
        status,
        status,
        name,
    )
    assert response.content_type == "application/json"
    for kinds in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        page = ask(app, path, method, Accept=kinds)
        assert page.status_code == status
        assert f"{status} {name}" in page.text
        assert "<h1>" in page.text
        assert not [word for word in ("Traceback", "RuntimeError", "<wrong>", *SECRETS) if word in page.text]
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert ("GET" in response.headers.get("Allow", "")) == (status == 405)


@pytest.mark.parametrize(("method", "path", "status", "name"), ERRORS)
def test_errors_below_api(serve: Serve, method: str, path: str, status: int, name: str) -> None:
    """They are JSON, even for curl and browsers."""
    app = serve()
    for rule in list(app.url_map.iter_rules()):
        view = app.view_functions[rule.endpoint]
        app.add_url_rule(f"/api{rule.rule}", f"api {rule.endpoint}", view, methods=rule.methods)
    for kinds in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        found = ask(app, f"/api{path}", method, Accept=kinds).json
        assert found is not None and (found["status"], found["error"]) == (status, name)


def test_errors_of_fields(serve: Serve) -> None:
    """The JSON includes what the abort() of webargs and flask-smorest adds."""
    app = serve()

    def refuse() -> str:
        error = UnprocessableEntity()
        error.data = {"message": "No.", "errors": {"title": ["Too long."]}, "schema": object()}  # type: ignore[attr-defined]
        raise error

    app.add_url_rule("/api/refuse", view_func=refuse)
    expected = {
        "status": 422,
        "error": "Unprocessable Entity",
        "message": "No.",
        "errors": {"title": ["Too long."]},
    }
    assert ask(app, "/api/refuse").json == expected


def test_development_says_why(serve: Serve) -> None:
    client = serve(environment="development").test_client()
    response = client.get("/page", headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert response.json is not None
    assert "Start the server, or correct DATABASE_URL." in response.json["message"]
    assert "s3cret" not in response.text + client.get("/page").text


BASES = {
    "none": None,
    "with another block": "<h1>Shop</h1>{% block main %}{% endblock %}",
    "broken": "{% block content %}",
    "with a page that is gone": "{{ url_for('gone') }}{% block content %}{% endblock %}",
    "with a query": "{{ rows() }}{% block content %}{% endblock %}",
}


@pytest.mark.parametrize("base", BASES)
def test_error_page_survives_the_templates(serve: Serve, base: str) -> None:
    """If the application's base.html fails, plumbing's own is used."""
    app = serve()
    text_of_base = BASES[base]
    app.jinja_loader = DictLoader({"base.html": text_of_base} if text_of_base else {})
    app.jinja_env.globals["rows"] = lambda: db().session.scalar(text("SELECT 1"))
    for path, status in (("/nowhere", 404), ("/page", 503), ("/bug", 500)):
        response = ask(app, path)
        assert response.status_code == status
        assert f"{status} " in response.text
        assert "/_plumbing/static/plumbing.css" in response.text


def test_error_page_on_the_base_of_the_application(serve: Serve) -> None:
    app = serve()
    app.jinja_loader = DictLoader({"base.html": "<h1>Shop</h1>{% block content %}{% endblock %}"})
    page = ask(app, "/nowhere").text
    assert page.startswith("<h1>Shop</h1>")
    assert "404 Not Found" in page
    assert "plumbing.css" not in page


HANDLERS: dict[str, tuple[Any, list[str]]] = {
    "a code": (404, ["/nowhere"]),
    "a code of errors that nobody handles": (500, ["/bug", "/duplicate"]),
    "a code of the database": (503, ["/page", "/busy"]),
    "an exception of HTTP": (HTTPException, ["/page", "/busy", "/duplicate", "/bug", "/nowhere", "/wrong"]),
    "an exception of SQLAlchemy": (OperationalError, ["/page"]),
    "a more general one": (SQLAlchemyError, ["/page", "/busy", "/duplicate"]),
    "every exception": (Exception, ["/page", "/busy", "/duplicate", "/bug", "/nowhere", "/wrong"]),
}


@pytest.mark.parametrize("name", HANDLERS)
@pytest.mark.parametrize("late", [True, False])
def test_error_handlers_of_the_application(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, name: str, late: bool
) -> None:
    """They win for any class of errors, whether they are registered first or last."""
    kind, paths = HANDLERS[name]
    register = partial(Flask.register_error_handler, code_or_exception=kind, f=lambda error: ("mine", 418))
    if not late:
        monkeypatch.setattr("plumbing.web.errors.init_app", first(register, errors.init_app))
    app = serve()
    if late:
        register(app)
    for path in ("/page", "/busy", "/duplicate", "/bug", "/nowhere", "/wrong"):
        assert (ask(app, path).text == "mine") == (path in paths), path


def first(register: Callable[[Flask], None], init_app: Callable[[Flask], None]) -> Callable[[Flask], None]:
    """Return a function that registers handlers before plumbing does."""

    def both(app: Flask) -> None:
        register(app)
        init_app(app)

    return both


def test_error_handler_of_a_blueprint(serve: Serve) -> None:
    app = serve()
    blueprint = Blueprint("own", "own")
    blueprint.add_url_rule("/own", view_func=app.view_functions["page"])
    blueprint.register_error_handler(SQLAlchemyError, lambda error: ("mine", 418))
    app.register_blueprint(blueprint)
    assert ask(app, "/own").text == "mine"
    assert ask(app, "/page").status_code == 503


def test_error_page_survives_a_context_processor(serve: Serve) -> None:
    """The processor may load the user for each template from a database that does not answer."""
    app = serve()
    app.context_processor(lambda: {"user": db().session.scalar(text("SELECT 1"))})
    for path, status in (("/nowhere", 404), ("/page", 503), ("/bug", 500)):
        response = ask(app, path)
        assert response.status_code == status
        assert f"{status} " in response.text


def test_function_of_the_application_that_answers_first(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may ask everybody to log in: plumbing's own functions do not depend on the order."""

    def register(app: Flask) -> None:
        app.before_request(lambda: ("log in", 401))

    monkeypatch.setattr("plumbing.web.requests.init_app", first(register, web.requests.init_app))
    response = ask(serve(), "/page", X_Request_ID="abc")
    assert (response.status_code, response.text) == (401, "log in")
    assert response.headers["X-Request-ID"] == "abc"


# Database errors, each caused for real

Connect = Callable[[], Connection]


def run(*statements: str, **values: Any) -> Callable[[Connect], None]:
    """Return a function that runs statements in one transaction, with values for the last one."""

    def cause(connect: Connect) -> None:
        db().session.execute(
            text("CREATE TEMPORARY TABLE t (id int PRIMARY KEY, name text, short varchar(3))")
        )
        *before, last = statements
        for statement in before:
            db().session.execute(text(statement))
        db().session.execute(text(last), values)
        db().session.commit()

    return cause


def not_serializable(connect: Connect) -> None:
    """Two transactions change a row that one of them has read before."""
    session = db().session
    with connect() as other:
        other.execute(text("CREATE TABLE counters AS SELECT 1 AS number"))
        other.commit()
        try:
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            session.execute(text("SELECT * FROM counters"))
            other.execute(text("UPDATE counters SET number = 2"))
            other.commit()
            session.execute(text("UPDATE counters SET number = 3"))
        finally:
            session.rollback()
            other.execute(text("DROP TABLE counters"))
            other.commit()


def locked(connect: Connect) -> None:
    with connect() as other:
        other.execute(text("LOCK TABLE library.authors"))
        db().session.execute(text("SET LOCAL lock_timeout = 10"))
        db().session.execute(text("SELECT * FROM library.authors"))


def deadlock(connect: Connect) -> None:
    """Each of two transactions waits for the other's table; this one notices it first."""
    with connect() as other:
        other.execute(text("LOCK TABLE library.authors"))
        db().session.execute(text("SET LOCAL deadlock_timeout = 10"))
        db().session.execute(text("LOCK TABLE books"))
        thread = Thread(target=other.execute, args=(text("LOCK TABLE books"),))
        thread.start()
        try:
            db().session.execute(text("LOCK TABLE library.authors"))
        finally:
            db().session.rollback()
            thread.join()


def ended(connect: Connect) -> None:
    """An administrator ends the session between two statements."""
    pid = db().session.scalar(text("SELECT pg_backend_pid()"))
    with connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": pid})
    db().session.execute(text("SELECT 1"))


def no_connection_free(connect: Connect) -> None:
    engine = create_engine(db().engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    try:
        with engine.connect(), engine.connect():
            pass
    finally:
        engine.dispose()


def role_without_connections(connect: Connect) -> None:
    """Only an administrator may exceed the connection limit."""
    with connect() as other:
        other.execute(text("DROP ROLE IF EXISTS limited"))
        other.execute(text("CREATE ROLE limited LOGIN CONNECTION LIMIT 0"))
        other.commit()
    create_engine(db().engine.url.set(username="limited")).connect()


def raised(code: str) -> Callable[[Connect], None]:
    """Return a cause that makes the server raise an error that is hard to provoke."""
    return run(f"DO $$ BEGIN RAISE 'as if' USING ERRCODE = '{code}'; END $$")


TEMPORARY: dict[str, Callable[[Connect], None]] = {
    "session ended while it waits": ended,
    "session ended in a statement": run("SELECT pg_terminate_backend(pg_backend_pid())"),
    "serialization failure": not_serializable,
    "deadlock": deadlock,
    "lock timeout": locked,
    "no connection free": no_connection_free,
    "too many connections": role_without_connections,
    **{f"code {code}": raised(code) for code in ("08006", "53100", "53200", "53300", "57P02", "57P03")},
}
BUGS: dict[str, Callable[[Connect], None]] = {
    "pending migration": run("SELECT * FROM missing"),
    "missing column": run("SELECT missing FROM t"),
    "syntax": run("SELEKT"),
    "permission": run("SET LOCAL ROLE pg_monitor", "SELECT * FROM library.authors"),
    "value too long for its index": run(
        "CREATE INDEX ON t (name)",
        "INSERT INTO t VALUES (1, (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 9999) n))",
    ),
    "nested JSON": run("SELECT CAST(:value AS json)", value=100_000 * "["),
    "statement timeout": run("SET LOCAL statement_timeout = 10", "SELECT pg_sleep(600)"),
    "cancelled": run("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(600)"),
    "duplicate": run("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (:id)", id=1),
    "reference": run("INSERT INTO books (title, author_id) VALUES ('x', :id)", id=-1),
    "null": run("INSERT INTO t VALUES (NULL)"),
    "check": run("ALTER TABLE t ADD CHECK (id > 0)", "INSERT INTO t VALUES (:id)", id=-1),
    "too long": run("INSERT INTO t VALUES (1, '', :value)", value="abcd"),
    "too large": run("INSERT INTO t VALUES (:value)", value=2**31),
    "too large as computed": run("SELECT CAST(2147483647 AS integer) * :value", value=2),
    "no number": run("SELECT CAST(:value AS integer)", value="anna"),
    "no date": run("SELECT CAST(:value AS date)", value="2026-02-30"),
    "no uuid": run("SELECT CAST(:value AS uuid)", value="anna"),
    "NUL": run("SELECT :value", value="an\0na"),
    "no character": run("SELECT :value", value="\ud800"),
    "an object": run("SELECT :value", value={"a": 1}),
    "division": run("SELECT 1 / :value", value=0),
    "many values": run(
        f"SELECT 1 WHERE 1 IN ({', '.join(f':v{n}' for n in range(70_000))})",
        **{f"v{n}": n for n in range(70_000)},
    ),
    "read only": run("SET TRANSACTION READ ONLY", "DELETE FROM books"),
    "failed transaction": raised("25P02"),
    "idle in a transaction": raised("25P03"),
    "internal error": raised("XX000"),
}


@pytest.mark.parametrize("name", [*TEMPORARY, *BUGS])
def test_errors_of_the_database(
    app: Flask, serve: Serve, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """A 503 asks for a retry, so retrying must help; anything else is a bug for its author to see."""
    with app.app_context():
        url, engine = db().engine.url.render_as_string(hide_password=False), db().engine
    failing = serve(url)
    failing.jinja_loader = DictLoader({"base.html": "{% block content %}{% endblock %}"})
    failing.add_url_rule("/fail", view_func=lambda: (TEMPORARY | BUGS)[name](engine.connect) or "")
    response = ask(failing, "/fail")
    is_temporary = name in TEMPORARY
    assert response.status_code == (503 if is_temporary else 500), caplog.text
    assert response.headers.get("Retry-After") == ("5" if is_temporary else None)
    assert not [word for word in ("anna", "abcd", "psycopg", "sqlalchemy", "SELECT") if word in response.text]
    logged = [record for record in caplog.records if record.levelno == logging.ERROR]
    (record,) = logged
    assert (record.name == "plumbing.web") == is_temporary
    assert "\n" not in record.getMessage()


IMPOSSIBLE: dict[str, Callable[[Connect], None]] = {
    "id": run("SELECT 1 FROM books WHERE id = CAST(:id AS integer)", id=2**31),
    "small id": run("SELECT CAST(:id AS smallint)", id=2**15),
    "negative id": run("SELECT CAST(:id AS bigint)", id=-(2**70)),
    "page": run("SELECT 1 FROM books OFFSET :offset", offset=20 * 10**30),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_a_number_that_no_column_holds(app: Flask, serve: Serve, name: str) -> None:
    """No row can have it, so none is found; see BUGS for a value that would be stored."""
    with app.app_context():
        url, engine = db().engine.url.render_as_string(hide_password=False), db().engine
    asking = serve(url)
    asking.add_url_rule("/ask", view_func=lambda: IMPOSSIBLE[name](engine.connect) or "")
    assert ask(asking, "/ask").status_code == 404


# Headers


SECURITY = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
HTML, JSON = "text/html; charset=utf-8", "application/json"
NO_STORE = {"Cache-Control": "no-store"}
RESPONSES = {
    "/who": {"Content-Type": JSON, "Vary": "Cookie"},
    "/healthz": {"Content-Type": JSON, **NO_STORE},
    "/readyz": {"Content-Type": JSON, **NO_STORE},
    "/nowhere": {"Content-Type": HTML, **NO_STORE},
    "/bug": {"Content-Type": HTML, **NO_STORE},
    "/page": {"Content-Type": HTML, "Retry-After": "5", **NO_STORE},
    "/_plumbing/static/plumbing.css": {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": "no-cache",
        "Accept-Ranges": "bytes",
    },
}
OF_ITS_OWN = {"Content-Length", "X-Request-ID", "Set-Cookie", "Date", "ETag", "Last-Modified"}
OF_ITS_OWN |= {"Content-Disposition"}


@pytest.mark.parametrize("path", RESPONSES)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_headers(serve: Serve, path: str, scheme: str) -> None:
    """All headers are compared, so that none is lost or says too much."""
    response = ask(serve(PROXY_HOPS="1"), path, X_Forwarded_Proto=scheme)
    found = {name: value for name, value in response.headers if name not in OF_ITS_OWN}
    secure = {"Strict-Transport-Security": "max-age=31536000"} if scheme == "https" else {}
    assert found == SECURITY | RESPONSES[path] | secure


def test_cookies(serve: Serve) -> None:
    cookie = ask(serve(), "/who").headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_headers_of_a_view_stay(serve: Serve) -> None:
    app = serve()
    own = {"Content-Security-Policy": "default-src *", "Cache-Control": "max-age=60"}
    app.add_url_rule("/own", view_func=lambda: ("gone", 410, own))
    response = ask(app, "/own")
    assert {name: response.headers[name] for name in own} == own


def test_content_security_policy_of_the_application(serve: Serve) -> None:
    """A directive is replaced or added; the others are kept."""
    app = serve()
    app.config["CONTENT_SECURITY_POLICY"] = {"form-action": "*", "img-src": "'self' data:"}
    assert ask(app, "/who").headers["Content-Security-Policy"] == (
        "default-src 'self'; base-uri 'none'; form-action *; frame-ancestors 'none'; img-src 'self' data:"
    )


# Requests from other sites

LOGIN = "https://login.example"
CROSS_ORIGIN: dict[str, tuple[dict[str, str], int]] = {
    "no browser": ({}, 200),
    "our own page": ({"Sec_Fetch_Site": "same-origin", "Origin": "http://shop.example"}, 200),
    "the address bar": ({"Sec_Fetch_Site": "none"}, 200),
    "our own page, behind a proxy that changes the host": (
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://www.example"},
        200,
    ),
    "another site": ({"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"}, 403),
    "another site that sends no origin": ({"Sec_Fetch_Site": "cross-site"}, 403),
    "another site that names ours": ({"Sec_Fetch_Site": "cross-site", "Origin": "http://shop.example"}, 403),
    "a neighbour": ({"Sec_Fetch_Site": "same-site", "Origin": "http://blog.shop.example"}, 403),
    "a word that no browser sends": ({"Sec_Fetch_Site": ""}, 403),
    "an old browser on our own page": ({"Origin": "http://shop.example"}, 200),
    "an old browser, TLS ended by a proxy": ({"Origin": "https://shop.example"}, 200),
    "an old browser on another site": ({"Origin": "https://evil.example"}, 403),
    "an old browser on another port": ({"Origin": "http://shop.example:8000"}, 403),
    "an old browser on a longer name": ({"Origin": "http://shop.example.evil.example"}, 403),
    "an old browser on a page without an origin": ({"Origin": "null"}, 403),
    "an old browser with an empty origin": ({"Origin": ""}, 403),
    "an old browser with no URL": ({"Origin": "http://["}, 403),
    "a trusted site": ({"Sec_Fetch_Site": "cross-site", "Origin": LOGIN}, 200),
    "a trusted site in an old browser": ({"Origin": LOGIN}, 200),
    "the trusted site without TLS": ({"Origin": LOGIN.replace("https", "http")}, 403),
}


@pytest.mark.parametrize("name", CROSS_ORIGIN)
def test_requests_from_other_sites(serve: Serve, name: str) -> None:
    headers, status = CROSS_ORIGIN[name]
    app = serve()
    app.config["CSRF_TRUSTED_ORIGINS"] = [LOGIN]
    app.add_url_rule("/change", view_func=lambda: "done", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert ask(app, "/change", method, Host="shop.example", **headers).status_code == status
    for method in ("GET", "HEAD", "OPTIONS"):
        assert ask(app, "/change", method, Host="shop.example", **headers).status_code == 200


def test_refusal_of_another_site(serve: Serve) -> None:
    """The refusal is an ordinary error, precedes the application's functions, and has every header."""
    app = serve()
    app.before_request(lambda: "mine")
    for kind in ("text/html", "application/json"):
        response = ask(app, "/nowhere", "POST", Sec_Fetch_Site="cross-site", Accept=kind)
        assert (response.status_code, response.mimetype) == (403, kind)
        assert "This request comes from another site." in response.text
        assert response.headers["Content-Security-Policy"] == SECURITY["Content-Security-Policy"]
    assert ask(app, "/nowhere", "POST").text == "mine"


@pytest.mark.parametrize("sets_host", [True, False])
def test_other_sites_behind_a_proxy(serve: Serve, sets_host: bool) -> None:
    """Without Sec-Fetch-Site, the application must know the host that the browser requested."""
    app = serve(PROXY_HOPS="1", PROXY_SETS_HOST=str(int(sets_host)))
    app.add_url_rule("/change", view_func=lambda: "done", methods=["POST"])
    sent = {"Host": "127.0.0.1:8000", "X_Forwarded_Host": "shop.example", "X_Forwarded_Proto": "https"}
    for origin, status in (
        ("https://shop.example", 200 if sets_host else 403),
        ("https://evil.example", 403),
    ):
        assert ask(app, "/change", "POST", Origin=origin, **sent).status_code == status


# Proxies and hosts

FORGED = {
    "X_Forwarded_For": "6.6.6.6, 5.5.5.5, 1.2.3.4",
    "X_Forwarded_Proto": "gopher, https, http",
    "X_Forwarded_Host": "evil.example, proxy.example",
    "X_Forwarded_Port": "666",
    "X_Forwarded_Prefix": "/evil",
    "Forwarded": "for=6.6.6.6;host=evil.example;proto=https",
}
PROXIES: dict[str, tuple[dict[str, str], list[str]]] = {
    "none": ({}, ["127.0.0.1", "http", "localhost", "http://localhost/page"]),
    "one": ({"PROXY_HOPS": "1"}, ["1.2.3.4", "http", "localhost", "http://localhost/page"]),
    "two": ({"PROXY_HOPS": "2"}, ["5.5.5.5", "https", "localhost", "https://localhost/page"]),
    "one that sets the host": (
        {"PROXY_HOPS": "1", "PROXY_SETS_HOST": "1"},
        ["1.2.3.4", "http", "proxy.example", "http://proxy.example/page"],
    ),
}


@pytest.mark.parametrize("name", PROXIES)
def test_proxies(serve: Serve, name: str) -> None:
    """Only the configured number of proxies is trusted, not values that a client has prepended."""
    variables, expected = PROXIES[name]
    response = ask(serve(**variables), "/who", **FORGED)
    assert response.json is not None
    assert [response.json[key] for key in ("address", "scheme", "host", "url")] == expected


def test_headers_that_two_proxies_did_not_set(serve: Serve) -> None:
    """A client that reaches the application past one of the proxies is not trusted."""
    said = {"X_Forwarded_For": "6.6.6.6", "X_Forwarded_Proto": "https"}
    response = ask(serve(PROXY_HOPS="2"), "/who", **said)
    assert response.json is not None
    assert (response.json["address"], response.json["scheme"]) == ("127.0.0.1", "http")


TRUSTED = {
    "shop.example": 200,
    "shop.example:8000": 200,
    "a.b.below.example": 200,
    "below.example": 200,
    "www.shop.example": 400,
    "evil.example": 400,
    "evilshop.example": 400,
    "shop.example.evil.example": 400,
    "shop.example@evil.example": 400,
    "127.0.0.1": 400,
}


@pytest.mark.parametrize("host", TRUSTED)
def test_trusted_hosts(serve: Serve, host: str) -> None:
    app = serve(TRUSTED_HOSTS="shop.example .below.example")
    for kind in ("*/*", "application/json"):
        response = ask(app, "/who", Host=host, Accept=kind)
        assert response.status_code == TRUSTED[host]
        if response.status_code == 400:
            assert "400" in response.text
            assert response.headers["Content-Security-Policy"] == SECURITY["Content-Security-Policy"]
            assert "Location" not in response.headers
    assert ask(app, "/who/", Host=host).status_code == (404 if TRUSTED[host] == 200 else 400)


def test_trusted_hosts_behind_a_proxy(serve: Serve) -> None:
    app = serve(TRUSTED_HOSTS="shop.example", PROXY_HOPS="1", PROXY_SETS_HOST="1")
    for host, status in (("shop.example", 200), ("evil.example", 400)):
        assert ask(app, "/who", Host="localhost", X_Forwarded_Host=host).status_code == status


def test_health_checks_name_any_host(serve: Serve) -> None:
    """Load balancers name an IP address."""
    app = serve(TRUSTED_HOSTS="shop.example")
    for path, status in (("/healthz", 200), ("/readyz", 503)):
        for method in ("GET", "HEAD"):
            response = ask(app, path, method, Host="10.0.0.1:8000")
            assert (response.status_code, response.headers["Cache-Control"]) == (status, "no-store")
        assert ask(app, path, "POST", Host="10.0.0.1:8000").status_code == 400
    assert ask(app, "/healthz", Host="10.0.0.1:8000").json == {"status": "ok"}


@pytest.mark.parametrize("name", PROXIES)
def test_every_host_is_believed_unless_some_are_trusted(serve: Serve, name: str) -> None:
    """docs/production.md warns about this."""
    response = ask(serve(**PROXIES[name][0]), "/who", Host="evil.example")
    assert response.json is not None
    assert response.json["url"] == "http://evil.example/page"


@pytest.mark.parametrize("given", ["abc", "0af7-651.9_1", "x" * 64])
def test_request_id_is_taken_over(serve: Serve, given: str) -> None:
    response = ask(serve(), "/who", X_Request_ID=given)
    assert response.headers["X-Request-ID"] == given
    assert response.json is not None
    assert response.json["request_id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a\x85b", "\u0661"])
def test_request_id_is_made(serve: Serve, given: str) -> None:
    response = ask(serve(), "/who", X_Request_ID=given)
    assert len(response.headers["X-Request-ID"]) == 32
    assert response.headers["X-Request-ID"] != given


def test_body_without_length(serve: Serve) -> None:
    """Werkzeug would cut it off at the limit, and the request would succeed."""
    client = serve().test_client()
    sent = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = client.post("/body", environ_overrides={"CONTENT_LENGTH": "", **sent})
    assert response.status_code == 411


def test_fields_of_a_request_end_with_it(serve: Serve) -> None:
    app = serve()
    with app.test_request_context("/some?token=s3cret", method="POST", headers={"X-Request-ID": "abc"}):
        assert serving.request_fields() == {"request_id": "", "method": "POST", "path": "/some"}
    ask(app, "/nowhere")
    assert serving.request_fields() == {}


def test_header_that_a_view_has_set(serve: Serve) -> None:
    """It is kept, however its name is capitalized, and is not sent twice."""
    own = {
        "content-security-policy": "default-src 'none'",
        "X-REQUEST-ID": "mine",
        "cache-control": "no-cache",
    }
    app = serve()
    app.add_url_rule("/own", view_func=lambda: ("", 400, own))
    headers = ask(app, "/own").headers
    for name, value in own.items():
        assert headers.getlist(name) == [value]


# Sessions


def with_session(app: Flask) -> Flask:
    """Add views that use the session."""

    @app.get("/write/<value>")
    def write(value: str) -> str:
        session["user"] = value
        session.permanent = True
        return ""

    @app.get("/read")
    def read() -> str:
        return str(session.get("user"))

    @app.get("/clear")
    def clear() -> str:
        session.clear()
        return ""

    return app


def test_session(serve: Serve) -> None:
    app = with_session(serve())
    client = app.test_client()
    options = {"base_url": "https://localhost"}
    assert client.get("/read", **options).text == "None"
    written = client.get("/write/anna", **options)
    assert "Secure; HttpOnly" in written.headers["Set-Cookie"]
    read = client.get("/read", **options)
    assert (read.text, read.headers["Vary"]) == ("anna", "Cookie")
    refreshed = client.get("/healthz", **options)  # each request renews a permanent session
    assert "session=" in refreshed.headers["Set-Cookie"]
    assert "session=;" in client.get("/clear", **options).headers["Set-Cookie"]
    assert client.get("/read", **options).text == "None"


def test_session_of_a_forged_cookie(serve: Serve) -> None:
    client = with_session(serve()).test_client()
    client.set_cookie("session", "eyJ1c2VyIjoiYW5uYSJ9.Z0AAAA.forged")
    assert client.get("/read").text == "None"


@pytest.mark.parametrize("path", ["/healthz", "/_plumbing/static/plumbing.css", "/read"])
def test_request_without_a_session(serve: Serve, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is created that could verify a cookie; only a page that reads the session varies on it."""
    app = with_session(serve())
    monkeypatch.setattr(app.session_interface, "get_signing_serializer", None)
    response = ask(app, path)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert response.headers.get("Vary") == ("Cookie" if path == "/read" else None)


def test_sessions_of_the_application(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """An extension such as Flask-Session, set up earlier in create_app(), keeps its own sessions."""

    class Own(SecureCookieSessionInterface):
        pass

    def register(app: Flask) -> None:
        app.session_interface = Own()

    monkeypatch.setattr("plumbing.web.sessions.init_app", first(register, web.sessions.init_app))
    assert isinstance(serve().session_interface, Own)


def test_line_of_a_request(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "access"):
        ask(serve(), "/nowhere?token=s3cret", X_Request_ID="abc")
    (record,) = [record for record in caplog.records if record.name == "access"]
    assert vars(record)["status"] == 404
    assert 0 <= vars(record)["ms"] < 1000
    assert "s3cret" not in str(vars(record))
