"""The API, on the rows of app/seeds.py: a new model is tested here as soon as it has rows there."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import seeds
from app.models import BaseModel
from plumbing.api import path_of

TOKEN = "a token that only these tests know"


@pytest.fixture
def api(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client that sends the token."""
    monkeypatch.setitem(app.config, "API_TOKEN", TOKEN)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture
def rows(session: Session) -> dict[str, BaseModel]:
    """A row of app/seeds.py for each model, by its URL."""
    rows = list(seeds.rows())
    session.add_all(rows)
    session.commit()
    return {f"/api/{path_of(type(row))}/{row.id}": row for row in rows}


def test_list(api: FlaskClient, rows: dict[str, BaseModel]) -> None:
    for url, row in rows.items():
        page = api.get(url.rpartition("/")[0], query_string={"sort": "-id"}).get_json()
        assert page["items"][0]["id"] >= row.id
        assert page["total"] == len([other for other in rows.values() if type(other) is type(row)])


def test_change(api: FlaskClient, rows: dict[str, BaseModel]) -> None:
    """What the API returns, it accepts."""
    for url in rows:
        row = api.get(url).get_json()
        assert api.patch(url, json=writable(row)).get_json() == row


def writable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what only the database sets."""
    return {name: row[name] for name in row if name not in ("id", "created_at", "updated_at")}


def test_delete_and_create(api: FlaskClient, rows: dict[str, BaseModel]) -> None:
    """Rows that others refer to stay: 409 says so."""
    for url in reversed(rows):
        row = api.get(url).get_json()
        if api.delete(url).status_code == 204:
            assert api.get(url).status_code == 404
            created = api.post(url.rpartition("/")[0], json=writable(row))
            assert created.status_code == 201, created.text
            assert writable(created.get_json()) == writable(row)
        else:
            assert api.delete(url).status_code == 409


def test_errors(api: FlaskClient, rows: dict[str, BaseModel]) -> None:
    for url in rows:
        answer = api.patch(url, json={"no such field": 1})
        assert answer.status_code == 422
        assert answer.get_json()["errors"] == {"no such field": ["Unknown field."]}
        assert api.patch(url, data="{}").status_code == 415
        assert api.get(f"{url}x").status_code == 404


def test_token(app: Flask, api: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("/api/docs", "/api/openapi.json"):
        assert api.get(url).status_code == 200
        other = app.test_client().get(url, headers={"Authorization": "Bearer another"})
        assert other.status_code == 401
    monkeypatch.setitem(app.config, "API_TOKEN", "")
    monkeypatch.setitem(app.config, "ENVIRONMENT", "production")
    assert "API_TOKEN is not set" in api.get("/api/docs").get_json()["message"]
