"""Pages that only developers see: a welcome page, and the rows of every table."""

from flask import Flask

from plumbing.web.development import rows, welcome


def init_app(app: Flask) -> None:
    """Add the pages to an application in development."""
    app.register_blueprint(rows.blueprint)
    app.before_request(welcome.welcome)
