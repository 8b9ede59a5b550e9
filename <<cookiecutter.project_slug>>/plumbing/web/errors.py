"""Error pages: as JSON for clients that ask for it, else on the application's own base.html."""

import logging

from alembic.util import CommandError
from flask import Flask, current_app, jsonify, render_template, request
from markupsafe import escape
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.wrappers import Response

from plumbing.errors import UserError
from plumbing.explanations import explain

RETRY_AFTER = 5  # seconds

logger = logging.getLogger("plumbing.web")


def init_app(app: Flask) -> None:
    """Register the error handlers, where the application has none of its own."""
    own = app.error_handler_spec[None][None]
    if HTTPException not in own:
        app.register_error_handler(HTTPException, show)
    for error in (CommandError, OperationalError, TimeoutError, UserError):
        if error not in own:
            app.register_error_handler(error, unavailable)


def unavailable(error: Exception) -> Response:
    """Answer 503 while the database cannot be used.  In production only the log says why."""
    reason = explain(error)
    logger.error("%s", reason)
    in_production = current_app.config["ENVIRONMENT"] == "production"
    shown = None if in_production else reason
    return show(ServiceUnavailable(shown, retry_after=RETRY_AFTER))


def show(error: HTTPException) -> Response:
    """Return the answer for an error, with its own headers, such as Allow."""
    response = error.get_response()
    if wants_json():
        answer = {"status": error.code, "error": error.name, "message": error.description}
        response.set_data(jsonify(answer).data)
        response.content_type = "application/json"
    else:
        response.set_data(page(error))
    return response


def wants_json() -> bool:
    """Return whether the client prefers JSON to a page."""
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds) == "application/json"


def page(error: HTTPException) -> str:
    """Return the page of an error, on the application's base.html if that works.

    It does not if base.html is missing or broken, needs a database that does not answer, or has no
    block "content" to put the error into.
    """
    heading = str(escape(f"{error.code} {error.name}"))
    try:
        text = render_template("plumbing/error.html", error=error)
    except Exception:
        logger.exception("base.html cannot show an error")
    else:
        if heading in text:
            return text
    return render_template("plumbing/plain_error.html", error=error)
