"""What happens around every request: an id, security headers, a line in the log, and checks.

The first three are in a WSGI middleware: it takes a quarter of the time of functions that Flask calls
before and after a request, and it sees every response.
"""

import logging
import re
import time
from collections.abc import Iterable
from random import getrandbits
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, request, request_started

from plumbing.web import health
from plumbing.web.csrf import check_origin

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

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

Headers = list[tuple[str, str]]

logger = logging.getLogger("access")


def init_app(app: Flask) -> None:
    """Register what happens around each request, whatever the application's own functions do."""
    app.config.setdefault("CONTENT_SECURITY_POLICY", {})
    app.config.setdefault("CSRF_TRUSTED_ORIGINS", [])
    app.wsgi_app = RequestMiddleware(app)  # type: ignore[method-assign]
    request_started.connect(check, app)


def check(app: Flask, **_: Any) -> None:
    """Refuse a request that cannot be read safely, or that another site makes."""
    if request.path in health.PATHS:
        health.accept_any_host(app)
    if "HTTP_TRANSFER_ENCODING" in request.environ and request.content_length is None:
        abort(411)  # Werkzeug would silently cut off such a body at the limit
    check_origin()


class RequestMiddleware:
    """Gives each request an id, and its answer security headers and a line in the log."""

    def __init__(self, app: Flask) -> None:
        self.wsgi_app = app.wsgi_app
        self.config = app.config

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        started = time.perf_counter()
        request_id = environ.get("HTTP_X_REQUEST_ID", "")
        if not REQUEST_ID.fullmatch(request_id):
            request_id = f"{getrandbits(128):032x}"  # nosec B311 # anyone may know it
        environ["request_id"] = request_id  # for the log

        def start(status: str, headers: Headers, *exc_info: Any) -> Any:
            code = int(status[:3])
            wanted = HEADERS | {"X-Request-ID": request_id}
            wanted["Content-Security-Policy"] = self.content_security_policy()
            if code >= 400:
                wanted["Cache-Control"] = "no-store"
            if environ["wsgi.url_scheme"] == "https":
                wanted["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
            milliseconds = 1000 * (time.perf_counter() - started)
            logger.info("answered", extra={"status": code, "ms": round(milliseconds, 1)})
            return start_response(status, headers + missing(wanted, headers), *exc_info)

        return self.wsgi_app(environ, start)

    def content_security_policy(self) -> str:
        """Return the policy, in which a directive of the application replaces the one with its name."""
        directives = CONTENT_SECURITY_POLICY | self.config["CONTENT_SECURITY_POLICY"]
        return "; ".join([f"{name} {value}" for name, value in directives.items()])


def missing(wanted: dict[str, str], headers: Headers) -> Headers:
    """Return the wanted headers that an answer does not have."""
    names = {name.lower() for name, _ in headers}
    return [header for header in wanted.items() if header[0].lower() not in names]
