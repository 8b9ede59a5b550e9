"""The page of a development server while the application cannot be loaded."""

import traceback

from flask import Flask, render_template, request

from plumbing.errors import UserError
from plumbing.web import files
from plumbing.web.development.hosts import refuse_foreign_names


def app_that_shows(error: UserError) -> Flask:
    """Return an application that answers every request with an error and its traceback."""
    app = Flask(__name__)
    app.register_blueprint(files)  # the templates and styles of plumbing/web
    lines = traceback.format_exception(error.__cause__ or error)

    @app.before_request
    def show() -> tuple[str, int] | None:
        if request.blueprint == files.name:
            return None
        refuse_foreign_names()
        page = render_template("plumbing/mistake.html", error=error, traceback="".join(lines))
        return page, 500

    return app
