"""The health checks for load balancers."""

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_migrations_are_pending(client: FlaskClient, session: Session) -> None:
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
