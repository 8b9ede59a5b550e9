"""Error pages: JSON below /api and for clients that ask for it, else on the application's base.html."""

import logging
from collections.abc import Callable
from typing import Any

from alembic.util import CommandError
from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError, ServiceUnavailable
from werkzeug.wrappers import Response

from plumbing.errors import UserError, sqlstate
from plumbing.explanations import explain

RETRY_AFTER = 5  # seconds
JSON_PATH = "/api/"

# Codes, or their beginnings, after which the same request may succeed: the connection has failed,
# the server lacks resources or shuts down, two transactions were in each other's way.
# https://www.postgresql.org/docs/current/errcodes-appendix.html, https://www.sqlite.org/rescode.html
TEMPORARY = ("08", "53", "57P", "40001", "40P01", "55P03", "SQLITE_BUSY", "SQLITE_CANTOPEN")

OUT_OF_RANGE = "22003"
SMALLEST_LIMIT = 2**15  # of SMALLINT

Handler = Callable[[Any], ResponseReturnValue]

logger = logging.getLogger("plumbing.web")


def init_app(app: Flask) -> None:
    """Register the error handlers, where the application has none of its own."""
    own = app.error_handler_spec[None][None]
    if HTTPException not in own:
        app.register_error_handler(HTTPException, answer_http_error)
    for error in (CommandError, SQLAlchemyError, UserError):
        if error not in own:
            app.register_error_handler(error, answer_database_error)


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show an error, unless the application has a handler for a more general class."""
    own = own_handler(error)
    return own(error) if own else show(error)


def answer_database_error(error: Exception) -> ResponseReturnValue:
    """Answer 503 if a retry can help, and 404 if the URL asks for a row that cannot exist.

    Every other error is a bug, and is left to Flask.
    """
    own = own_handler(error)
    if own:
        return own(error)
    if is_temporary(error):
        return unavailable(error)
    if seeks_number_out_of_range(error):
        return current_app.handle_http_exception(NotFound())
    raise error


def own_handler(error: Exception) -> Handler | None:
    """Return the application's handler for a more general class of errors, such as Exception."""
    handlers = current_app.error_handler_spec[None][None]
    ours = (answer_http_error, answer_database_error)
    for kind in type(error).__mro__:
        handler = handlers.get(kind)
        if handler and handler not in ours:
            own: Handler = current_app.ensure_sync(handler)
            return own
    return None


def is_temporary(error: Exception) -> bool:
    """Return whether a later retry of the same request may succeed."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, (CommandError, TimeoutError, UserError))
    code = sqlstate(error) or getattr(error.orig, "sqlite_errorname", "")
    if code:
        return code.startswith(TEMPORARY)
    never_connected = isinstance(error, OperationalError) and error.statement is None
    return never_connected or error.connection_invalidated


def seeks_number_out_of_range(error: Exception) -> bool:
    """Return whether a query looks for a number that no column holds, as for /posts/99999999999."""
    if not isinstance(error, DBAPIError) or sqlstate(error) != OUT_OF_RANGE:
        return False
    values = error.params.values() if isinstance(error.params, dict) else ()
    is_large = any(isinstance(value, int) and abs(value) >= SMALLEST_LIMIT for value in values)
    return is_large and str(error.statement).startswith("SELECT")


def unavailable(error: Exception) -> ResponseReturnValue:
    """Answer 503 while the database cannot be used.  In production, only the log gives the reason."""
    reason = explain(error)
    logger.error("%s", reason)
    in_production = current_app.config["ENVIRONMENT"] == "production"
    shown = None if in_production else reason
    return current_app.handle_http_exception(ServiceUnavailable(shown, retry_after=RETRY_AFTER))


def show(error: HTTPException) -> Response:
    """Return the answer for an error, with its own headers, such as Allow."""
    response = error.get_response()
    if wants_json():
        answer = {"status": error.code, "error": error.name, "message": error.description}
        answer |= details(error)
        response.set_data(jsonify(answer).data)
        response.content_type = "application/json"
    else:
        response.set_data(page(error))
    return response


def details(error: HTTPException) -> dict[str, Any]:
    """Return the message and the errors of each field that the abort() of webargs has added."""
    data = getattr(error, "data", None) or {}
    return {key: data[key] for key in ("message", "errors") if data.get(key)}


def wants_json() -> bool:
    """Return whether the client prefers JSON to a page.  Below /api, every client does."""
    if request.path.startswith(JSON_PATH):
        return True
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds) == "application/json"


def page(error: HTTPException) -> str:
    """Return the page of an error, on the application's base.html if that works.

    It does not if base.html is missing or broken, needs a database that does not answer, or has no
    block "content" to put the error into.  Then the page is plumbing's own, or, if no template can
    be rendered as usual, the message alone: as when the host is not trusted, and there are no URLs.
    """
    heading = str(escape(f"{error.code} {error.name}"))
    templates = ["plumbing/error.html", "plumbing/plain_error.html"]
    for name in templates if not isinstance(error, SecurityError) else []:
        try:
            text = render_template(name, error=error)
        except Exception:
            logger.exception("%s cannot show an error", name)
        else:
            if heading in text:
                return text
    message = current_app.jinja_env.get_template("plumbing/error_message.html")
    return message.render(error=error)
