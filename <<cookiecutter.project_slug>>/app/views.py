"""The pages: a start page, and what a load balancer asks."""

from contextvars import copy_context
from threading import Lock, Thread

from flask import Blueprint, Flask, current_app, render_template

from app import faults, revisions
from app.extensions import db
from app.models.base import by_name

blueprint = Blueprint("main", __name__)
asking = Lock()


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
    """Say within a second whether the database answers and stands at the newest revision."""
    found = {"database": "no answer", "revisions": "unknown"}
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # A server that hangs holds whoever asks it, so this is a thread that ends with the process.
    asker = Thread(target=copy_context().run, args=(ask, app, found), daemon=True)
    asker.start()
    asker.join(timeout=0.8)  # seconds
    ready = found == {"database": "ok", "revisions": "ok"}
    return {"status": "ok" if ready else "not ready", **found}, 200 if ready else 503


def ask(app: Flask, found: dict[str, str]) -> None:
    """Note how the database and its revisions are; one at a time, so that few can hang."""
    if not asking.acquire(timeout=0.2):
        return
    with app.app_context():
        try:
            connection = db.session.connection()
            found["database"] = "ok"
            pending = not all(revisions.applied(connection).values())
            found["revisions"] = "pending" if pending else "ok"
        except Exception as error:
            app.logger.error("Not ready: %s", faults.explain(error))
        finally:
            asking.release()
