"""The pages: a start page, and what a load balancer asks."""

from alembic.util import CommandError
from flask import Blueprint, current_app, render_template
from sqlalchemy.exc import DBAPIError, OperationalError

from app import faults, revisions
from app.extensions import db
from app.models.base import by_name

blueprint = Blueprint("main", __name__)


@blueprint.get("/")
def index() -> str:
    """Show where this application stands; in production only its name."""
    if current_app.config["ENVIRONMENT"] == "production":
        return render_template("index.html")
    schemas: dict[str, list[str]] = {}
    for name, model in by_name().items():
        schemas.setdefault(model.__table__.schema or "", []).append(name)
    applied = revisions.applied(db.session.connection())
    return render_template("index.html", schemas=schemas, revisions=applied.items())


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that this process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, str], int]:
    """Say whether the database answers and stands at the newest revision."""
    try:
        ready = all(revisions.applied(db.session.connection()).values())
    except (CommandError, DBAPIError) as error:
        current_app.logger.error("Not ready: %s", faults.explain(error))
        ready = False
    return ({"status": "ok"}, 200) if ready else ({"status": "not ready"}, 503)


@blueprint.app_errorhandler(CommandError)
@blueprint.app_errorhandler(OperationalError)
def unavailable(error: Exception) -> tuple[str, int]:
    """Answer 503 while the database cannot be used; the log says why."""
    reason = faults.explain(error)
    current_app.logger.error("%s", reason)
    return render_template("index.html", reason=reason), 503
