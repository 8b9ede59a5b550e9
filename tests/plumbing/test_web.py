"""Health, errors, headers and the log of requests."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask, abort, request, session
from flask.testing import FlaskClient
from jinja2 import DictLoader
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars
from werkzeug.test import TestResponse

from plumbing.current import db
from plumbing.web import health

SECRETS = ("anna", "s3cret", "localhost", "port 1", "0001_initial", "9999_lost")
NOWHERE = "postgresql://anna:s3cret@localhost:1/shop"


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The URL of a server that lets everybody connect and says nothing, as one that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://anna:s3cret@127.0.0.1:{server.getsockname()[1]}/shop"


def join_threads() -> None:
    """Wait for the threads of /readyz, which may outlive the request."""
    for thread in threading.enumerate():
        if thread.name == health.THREAD:
            thread.join()


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """What a test has left would be in the way of the next one."""
    yield
    join_threads()


Serve = Callable[..., Flask]


@pytest.fixture
def serve(
    create_app: Callable[[str], Flask], empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serve]:
    """Create an application, in production if nothing else is said, with pages that fail."""

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

    @app.post("/body")
    def body() -> str:
        return str(len(request.get_data()))

    @app.get("/wrong")
    def wrong() -> str:
        abort(422, "The field is <wrong>")

    @app.get("/who")
    def who() -> dict[str, Any]:
        session["user"] = 1
        seen = get_contextvars()
        return {
            "address": request.remote_addr,
            "scheme": request.scheme,
            "host": request.host,
            **seen,
        }

    return app


def ask(app: Flask, path: str, method: str = "GET", **headers: str) -> TestResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = b"x" * (2**20 + 1) if path == "/body" else b""
    return app.test_client().open(path, method=method, headers=names, data=body, buffered=True)


# Health


def test_ready_whatever_the_server_does(serve: Serve, silent_url: str) -> None:
    """It answers though a connection takes ten minutes, also when many ask at once, and again."""
    app = serve(f"{silent_url}?connect_timeout=600")
    answers: list[tuple[Any, int]] = []

    def probe() -> None:
        response = ask(app, "/readyz")
        answers.append((response.json, response.status_code))

    for _ in range(2):
        threads = [Thread(target=probe) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    said = {"status": "not ready", "database": "no answer", "revisions": "unknown"}
    assert answers == [(said, 503)] * 8


def test_ready_while_a_table_is_locked(
    app: Flask, client: FlaskClient, session: Session, serve: Serve
) -> None:
    """The revisions' table itself may be locked, and readiness waits for nobody."""
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "revisions": "ok"}
    with app.app_context():
        url = db().engine.url.render_as_string(hide_password=False)
    with Session(session.get_bind().engine) as other:
        other.execute(text("LOCK TABLE alembic_version"))
        response = ask(serve(url), "/readyz")
        assert response.json == {"status": "not ready", "database": "ok", "revisions": "unknown"}
    join_threads()


def test_each_part(client: FlaskClient, session: Session) -> None:
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    pending = {"status": "not ready", "database": "ok", "revisions": "pending"}
    assert client.get("/readyz").json == pending
    session.execute(text("INSERT INTO alembic_version VALUES ('9999_lost')"))
    session.commit()
    assert client.get("/readyz").json == pending | {"revisions": "unknown"}


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
    """Where the application's base.html does not work, plumbing's own does."""
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


def test_error_handler_of_the_application(serve: Serve) -> None:
    app = serve()
    app.register_error_handler(404, lambda error: ("mine", 404))
    assert ask(app, "/nowhere").text == "mine"


# The welcome page


def development(serve: Serve, app: Flask) -> Flask:
    """Return an application in development on the database of another."""
    with app.app_context():
        url = db().engine.url.render_as_string(hide_password=False)
    return serve(url, environment="development")


def test_welcome(serve: Serve, app: Flask) -> None:
    page = ask(development(serve, app), "/").text
    facts = ("Host", "development", "Schema library", "Author", "No schema", "Book", "0001_initial")
    assert [fact for fact in facts if fact not in page] == []
    assert "Pending" not in page
    assert ask(development(serve, app), "/", method="HEAD").status_code == 200


def test_welcome_with_pending_migrations(serve: Serve, empty_app: Flask) -> None:
    page = ask(development(serve, empty_app), "/").text
    assert "Pending: 0001_initial. Run: <code>python db_manage.py upgrade</code>" in page


def test_welcome_without_a_database(serve: Serve) -> None:
    response = ask(serve(environment="development"), "/", Accept="application/json")
    assert response.status_code == 503
    assert "DATABASE_URL" in response.text


def test_a_page_of_ones_own_goes_first(serve: Serve, app: Flask) -> None:
    own = development(serve, app)
    own.add_url_rule("/", view_func=lambda: "mine")
    assert ask(own, "/").text == "mine"
    assert ask(own, "/", method="POST").status_code == 405


def test_no_welcome_elsewhere(serve: Serve, client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    assert ask(serve(), "/").status_code == 404


# Headers


def test_headers(serve: Serve) -> None:
    app = serve()
    for path in ("/healthz", "/nowhere", "/bug", "/_plumbing/static/plumbing.css"):
        response = ask(app, path)
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in response.headers
    cookie = ask(app, "/who").headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_proxies(serve: Serve) -> None:
    """Only as many are believed as there are."""
    said = {
        "X_Forwarded_For": "6.6.6.6, 1.2.3.4",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "shop.example",
    }
    for hops, address, scheme, host in (
        (0, "127.0.0.1", "http", "localhost"),
        (1, "1.2.3.4", "https", "shop.example"),
    ):
        response = ask(serve(PROXY_HOPS=str(hops)), "/who", **said)
        assert response.json is not None
        assert [response.json[key] for key in ("address", "scheme", "host")] == [
            address,
            scheme,
            host,
        ]
        assert ("Strict-Transport-Security" in response.headers) == bool(hops)


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
    ask(serve(), "/nowhere")
    assert get_contextvars() == {}


def test_line_of_a_request(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "access"):
        ask(serve(), "/nowhere?token=s3cret", X_Request_ID="abc")
    (record,) = [record for record in caplog.records if record.name == "access"]
    assert vars(record)["status"] == 404
    assert 0 <= vars(record)["ms"] < 1000
    assert "s3cret" not in str(vars(record))
