"""The page at / in development, until the application has one of its own."""

from typing import Any

from flask import Flask, render_template, request

from plumbing.current import db, mappers
from plumbing.migrations.history import applied


def init_app(app: Flask) -> None:
    """Show the page where the application would answer 404."""
    app.before_request(welcome)


def welcome() -> str | None:
    """Return the page for requests to / that no view of the application answers."""
    reads = request.method in ("GET", "HEAD")
    if request.path != "/" or not reads or request.url_rule is not None:
        return None
    migrations = applied(db().session.connection())
    return render_template(
        "plumbing/welcome.html",
        schemas=models_by_schema(),
        applied=[revision for revision, is_applied in migrations.items() if is_applied],
        pending=[revision for revision, is_applied in migrations.items() if not is_applied],
    )


def models_by_schema() -> dict[str, list[str]]:
    """Return the names of the models of each schema; no schema is an empty string."""
    names: dict[str, list[str]] = {}
    for mapper in mappers():
        table: Any = mapper.local_table
        schema = table.schema or ""
        names.setdefault(schema, []).append(mapper.class_.__name__)
    return names
