"""The pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.models.base import by_name


def test_index(client: FlaskClient) -> None:
    page = client.get("/").text
    assert all(name in page for name in ("testing", "Revision", *by_name()))
    assert "flask db upgrade" not in page


def test_pending_revision(client: FlaskClient, session: Session) -> None:
    assert client.get("/readyz").json == client.get("/healthz").json == {"status": "ok"}
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    assert client.get("/readyz").status_code == 503
    assert "Run: <code>flask db upgrade</code>" in client.get("/").text


def test_revision_that_the_code_lacks(client: FlaskClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '9999_lost'"))
    session.commit()
    assert client.get("/readyz").status_code == 503
    assert "9999_lost" in client.get("/").text


def test_server_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://a:s3cret@localhost:1/x")
    client = create_app("testing").test_client()
    for path, status in (("/", 503), ("/readyz", 503), ("/healthz", 200)):
        response = client.get(path)
        assert (response.status_code, "s3cret" in response.text) == (status, False)
    assert "TEST_DATABASE_URL" in client.get("/").text


def test_production_shows_only_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:s3cret@localhost:1/x")
    response = create_app("production").test_client().get("/")
    assert response.status_code == 200
    assert "<dl>" not in response.text
