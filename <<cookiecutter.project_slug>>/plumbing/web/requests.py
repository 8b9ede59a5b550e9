"""What happens around every request: an id, a line in the log, a check, and security headers."""

import logging
import re
import time
import uuid
from typing import Any

from flask import Flask, Response, abort, current_app, g, request, request_started
from structlog.contextvars import bind_contextvars, clear_contextvars

from plumbing.web.csrf import check_origin

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)

# https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
ONE_YEAR = 365 * 24 * 60 * 60  # seconds

logger = logging.getLogger("access")


def init_app(app: Flask) -> None:
    """Register what runs before and after each request, whatever the application's own functions do."""
    app.config.setdefault("CONTENT_SECURITY_POLICY", {})
    app.config.setdefault("CSRF_TRUSTED_ORIGINS", [])
    request_started.connect(begin, app)
    app.after_request(set_headers)
    app.after_request(log_answer)  # runs first: Flask calls them in reverse
    app.teardown_request(forget)


def begin(app: Flask, **_: Any) -> None:
    """Give the request an id, and the log the fields of the request."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.started = time.perf_counter()
    bind_contextvars(request_id=g.request_id, method=request.method, path=request.path)
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        abort(411)  # Werkzeug would silently cut off such a body at the limit
    check_origin()


def set_headers(response: Response) -> Response:
    """Set the security headers that a view has not set, and the id of the request."""
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    response.headers["X-Request-ID"] = g.request_id
    return response


def content_security_policy() -> str:
    """Return the policy, in which a directive of the application replaces the one with its name."""
    directives = CONTENT_SECURITY_POLICY | current_app.config["CONTENT_SECURITY_POLICY"]
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def log_answer(response: Response) -> Response:
    """Write the request's line into the log."""
    milliseconds = 1000 * (time.perf_counter() - g.started)
    fields = {"status": response.status_code, "ms": round(milliseconds, 1)}
    logger.info("answered", extra=fields)
    return response


def forget(error: BaseException | None) -> None:
    """Clear the fields of the request."""
    clear_contextvars()
