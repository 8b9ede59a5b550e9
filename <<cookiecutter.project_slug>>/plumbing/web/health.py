"""/healthz and /readyz, for load balancers and container platforms."""

import logging
from contextvars import copy_context
from threading import Lock, Thread

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError

from plumbing.current import db
from plumbing.explanations import explain
from plumbing.migrations.history import pending

ANSWER_WITHIN = 0.8  # seconds; load balancers often allow one
WAIT_FOR_TURN = 0.2  # seconds
THREAD = "readyz"
PATHS = ("/healthz", "/readyz")
NO_STORE = {"Cache-Control": "no-store"}  # no cache may answer in place of this process

blueprint = Blueprint("health", __name__)
logger = logging.getLogger("plumbing.web")
one_at_a_time = Lock()


def accept_any_host(app: Flask) -> None:
    """Answer load balancers, whose Host header is often an IP address, despite TRUSTED_HOSTS."""
    is_refused = isinstance(request.routing_exception, SecurityError)
    if is_refused and request.method in ("GET", "HEAD"):
        request.routing_exception = None
        routes = app.url_map.bind("localhost")
        request.url_rule, _ = routes.match(request.path, return_rule=True)
        request.view_args = {}


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that this process answers."""
    return {"status": "ok"}, NO_STORE


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say within a second whether the database responds and has every migration."""
    found = {"database": "no answer", "migrations": "unknown"}
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # A server that hangs would block this request, so a thread asks; it ends with the process.
    asker = Thread(name=THREAD, target=copy_context().run, args=(ask, app, found), daemon=True)
    asker.start()
    asker.join(ANSWER_WITHIN)
    if found == {"database": "ok", "migrations": "ok"}:
        return {"status": "ok", **found}, NO_STORE
    return {"status": "not ready", **found}, 503, NO_STORE


def ask(app: Flask, found: dict[str, str]) -> None:
    """Put into `found` how the database and its migrations are.

    Only one thread at a time asks, so that no more than one can hang.
    """
    if not one_at_a_time.acquire(timeout=WAIT_FOR_TURN):
        return
    with app.app_context():
        try:
            connection = db().session.connection()
            found["database"] = "ok"
            found["migrations"] = "pending" if pending(connection) else "ok"
        except Exception as error:
            logger.error("Not ready: %s", explain(error))
        finally:
            one_at_a_time.release()
