"""The pages."""

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.base import by_name


def test_index(client: FlaskClient) -> None:
    page = client.get("/").text
    assert all(name in page for name in ("testing", "Revision", *by_name()))
    assert "flask db upgrade" not in page


def test_health(client: FlaskClient, session: Session) -> None:
    assert client.get("/readyz").status_code == client.get("/healthz").status_code == 200
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    assert client.get("/readyz").status_code == 503
    assert "Run: <code>flask db upgrade</code>" in client.get("/").text
