"""Serve a JSON API for every model.  README.md shows how to call it, and /api/docs describes it.

plumbing/api.py has its parts: schemas for any model, and responses to errors from PostgreSQL.
"""

# mypy: disallow-untyped-decorators=False

import hmac
from functools import partial
from typing import Any

from flask import Flask, abort, current_app, render_template, request
from flask.views import MethodView
from sqlalchemy import select
from werkzeug.datastructures import WWWAuthenticate

from app.extensions import db
from plumbing import api

HIDDEN = ("password", "password_hash")  # fields that the API neither shows nor accepts


def init_app(app: Flask) -> None:
    """Add the API to an application whose models are loaded."""
    app.before_request(check_token)
    app.config.update(
        API_TITLE=app.config["APP_NAME"],
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
    )
    spec = api.Api(app)
    for model in api.models(app):
        spec.register_blueprint(urls(model))
    description = list(api.described(spec.spec.to_dict()))
    app.add_url_rule("/api/docs", "api", partial(render_template, "api.html", models=description))


def check_token() -> None:
    """Require API_TOKEN if it is set.  If it is not, production has no API."""
    if not request.path.startswith("/api/"):
        return
    token: str = current_app.config["API_TOKEN"]
    given = request.authorization.token if request.authorization else None
    if token and not hmac.compare_digest(token.encode(), (given or "").encode()):
        abort(401, www_authenticate=WWWAuthenticate("bearer"))
    if not token and current_app.config["ENVIRONMENT"] == "production":
        abort(404, "The API is off: API_TOKEN is not set.")


def urls(model: type[Any]) -> api.Blueprint:
    """Return the routes of a model: /api/schema/table, and the same followed by a row's key."""
    path = api.path_of(model)
    schema = api.schema_of(model, HIDDEN)
    rows = select(model).options(*api.loaded_with(model))
    blueprint = api.Blueprint(path, __name__, url_prefix=f"/api/{path}")

    @blueprint.route("")
    class Rows(MethodView):
        @blueprint.arguments(api.paging_of(model, schema), location="query")
        @blueprint.response(200, api.page_of(schema))
        def get(self, paging: dict[str, Any]) -> Any:
            """List rows, a page at a time."""
            order = api.order_of(model, paging.pop("sort"))
            return db.paginate(rows.order_by(*order), error_out=False, **paging)

        @blueprint.arguments(schema)
        @blueprint.response(201, schema)
        def post(self, values: dict[str, Any]) -> Any:
            """Create a row."""
            with api.saving(model, values):
                row = model(**values)
                db.session.add(row)
            return row

    @blueprint.route(api.key_rule(model))
    class Row(MethodView):
        @blueprint.response(200, schema)
        def get(self, **key: str) -> Any:
            """Return a row."""
            return api.find(rows, model, key)

        @blueprint.arguments(api.changes_of(schema))
        @blueprint.response(200, schema)
        def patch(self, values: dict[str, Any], **key: str) -> Any:
            """Change a row: fields that are left out stay as they are."""
            row = api.find(rows, model, key)
            with api.saving(model, values):
                for name, value in values.items():
                    setattr(row, name, value)
            return row

        @blueprint.response(204)
        def delete(self, **key: str) -> None:
            """Delete a row, if no other row needs it."""
            row = api.find(rows, model, key)
            with api.saving(model):
                api.remove(row)

    return blueprint
