"""What holds for every request: its id, its line in the log, the headers, and what an error shows."""

import json
import logging
import re
import time
import uuid

from alembic.util import CommandError
from flask import Flask, Response, abort, current_app, g, render_template, request
from sqlalchemy.exc import OperationalError, TimeoutError
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as Answer

from app import faults

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
logger = logging.getLogger("access")


def init_app(app: Flask) -> None:
    """Register all of it."""
    if hops := app.config["PROXY_HOPS"]:
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(lambda _: clear_contextvars())
    app.register_error_handler(HTTPException, page)
    for error in (CommandError, OperationalError, TimeoutError):
        app.register_error_handler(error, unavailable)


def begin() -> None:
    """Give the request an id, that of its header if it is a plain word, and the log its fields."""
    given = request.headers.get("X-Request-ID", "")
    g.id = given if re.fullmatch(r"[\w.-]{1,64}", given, re.ASCII) else uuid.uuid4().hex
    g.start = time.perf_counter()
    bind_contextvars(request_id=g.id, method=request.method, path=request.path)
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        abort(411)  # what is too long would be cut off silently


def end(response: Response) -> Response:
    """Set the headers, and write the request's line into the log."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers["X-Request-ID"] = g.id
    ms = round(1000 * (time.perf_counter() - g.start), 1)
    logger.info("answered", extra={"status": response.status_code, "ms": ms})
    return response


def page(error: HTTPException) -> Answer:
    """Show an error as JSON to who asks for JSON, else as a small page."""
    response = error.get_response()  # with its own headers, such as Allow
    kinds = ["text/html", "application/json"]
    if request.accept_mimetypes.best_match(kinds) == "application/json":
        shown = {"status": error.code, "error": error.name, "message": error.description}
        response.set_data(json.dumps(shown))
        response.content_type = "application/json"
    else:
        response.set_data(render_template("error.html", error=error))
    return response


def unavailable(error: Exception) -> Answer:
    """Answer 503 while the database cannot be used; the log says why, in production it alone."""
    logger.error("%s", reason := faults.explain(error))
    shown = None if current_app.config["ENVIRONMENT"] == "production" else reason
    return page(ServiceUnavailable(shown, retry_after=5))  # seconds
