"""Test the API with the rows of app/seeds.py; add rows there to have a new model tested."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.api import HIDDEN
from app.extensions import Base
from plumbing.api import models, path_of, read_only, table_of, url_of

TOKEN = "a token that only these tests know"


@pytest.fixture
def api(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client that sends the API token."""
    monkeypatch.setitem(app.config, "API_TOKEN", TOKEN)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture
def by_url(app: Flask, session: Session, rows: list[Base]) -> dict[str, Base]:
    """The rows of app/seeds.py, keyed by URL."""
    session.commit()
    served = tuple(models(app))
    return {url_of(row): row for row in rows if isinstance(row, served)}


def writable(row: Base, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a row in the API, without those that only the database sets."""
    return {name: values[name] for name in values if name not in read_only(type(row))}


def test_list(api: FlaskClient, session: Session, by_url: dict[str, Base]) -> None:
    for row in by_url.values():
        page = api.get(f"/api/{path_of(type(row))}", query_string={"per_page": 1})
        assert len(page.get_json()["items"]) == 1
        number = session.scalar(select(func.count()).select_from(table_of(type(row))))
        assert page.get_json()["total"] == number


def test_change(api: FlaskClient, by_url: dict[str, Base]) -> None:
    """The API accepts the values that it returns."""
    for url, row in by_url.items():
        values = api.get(url).get_json()
        assert api.patch(url, json=writable(row, values)).get_json() == values


def test_delete_and_create(api: FlaskClient, by_url: dict[str, Base]) -> None:
    """Rows that others refer to are kept, with a 409."""
    for url, row in reversed(by_url.items()):
        values = writable(row, api.get(url).get_json())
        if api.delete(url).status_code != 204:
            assert api.delete(url).status_code == 409
            continue
        assert api.get(url).status_code == 404
        if not any(hasattr(row, name) for name in HIDDEN):
            created = api.post(f"/api/{path_of(type(row))}", json=values)
            assert created.status_code == 201, created.text
            assert writable(row, created.get_json()) == values


def test_errors(api: FlaskClient, by_url: dict[str, Base]) -> None:
    for url in by_url:
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
