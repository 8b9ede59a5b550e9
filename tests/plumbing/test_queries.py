"""Test `User.query`, as Flask's documentation uses it."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import NotFound


@pytest.fixture
def user(draft: Callable[[], Path]) -> Any:
    """The model of an application with an in-memory database."""
    draft()
    models: Any = import_module("draft.models.user")
    return models.User


@pytest.fixture
def draft_app(user: Any, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TEST_DATABASE_URL", "sqlite://")
    package: Any = import_module("draft")
    app: Flask = package.create_app()
    return app


def test_query(draft_app: Flask, user: Any) -> None:
    with draft_app.test_request_context("/?page=2&per_page=2"):
        db = draft_app.extensions["sqlalchemy"]
        db.create_all()
        db.session.add_all([user(name=name) for name in "abcde"])
        db.session.flush()  # the query is in the same session
        assert user.query.filter_by(name="c").first_or_404().name == "c"
        assert user.query.get_or_404(1).name == "a"
        assert user.query.filter(user.name > "a").count() == 4
        assert [row.name for row in user.query.order_by(user.name.desc())] == list("edcba")
        assert [row.name for row in user.query.order_by(user.name).paginate().items] == ["c", "d"]
        for missing in (
            user.query.filter_by(name="x").first_or_404,
            user.query.filter_by(name="x").one_or_404,
            lambda: user.query.get_or_404(9),
        ):
            with pytest.raises(NotFound):
                missing()


def test_a_column_may_have_its_name(draft: Callable[[], Path]) -> None:
    draft()
    extensions: Any = import_module("draft.extensions")

    class Search(extensions.Base):  # type: ignore[misc]
        __tablename__ = "searches"

        id: Mapped[int] = mapped_column(primary_key=True)
        query: Mapped[str] = mapped_column(String(80))

    assert Search(query="shoes").query == "shoes"
    assert str(Search.query == "shoes") == "searches.query = :query_1"
