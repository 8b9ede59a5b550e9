"""Test which database is meant: its name, its server, and whether that is on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from plumbing import database
from plumbing.errors import ConfigError
from plumbing.target import Target, find_target

VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGSERVICEFILE")


@pytest.fixture(autouse=True)
def no_variables() -> Iterator[None]:
    """Remove libpq's variables; whatever a test sets is undone before its database is dropped."""
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def guarded_app(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application that does not know that its database belongs to a test."""
    with monkeypatch.context() as patch:
        patch.setitem(empty_app.config, "DATABASE_IS_DISPOSABLE", False)
        yield empty_app


def target(rest: str) -> Target:
    return find_target(make_url(f"postgresql+psycopg://{rest}"), is_local_postgres=False)


@pytest.mark.parametrize(
    ("rest", "server"),
    [
        ("/shop", "this machine"),
        ("localhost/shop", "localhost"),
        ("127.0.0.1:5433/shop", "127.0.0.1:5433"),
        ("127.1.2.3/shop", "127.1.2.3"),
        ("[::1]/shop", "::1"),
        ("/shop?host=/run/postgresql", "/run/postgresql"),
        ("/shop?host=/a,/b&port=1,2", "/a:1,/b:2"),
        ("db.invalid/shop?hostaddr=127.0.0.1", "127.0.0.1"),
    ],
)
def test_on_this_machine(rest: str, server: str) -> None:
    assert target(rest) == Target("shop", server, on_this_machine=True)
    assert target(rest).name_to_type == "shop"
    assert target(rest).is_named("shop")
    assert target(rest).is_named(f"{server}/shop")


@pytest.mark.parametrize(
    ("rest", "server"),
    [
        ("db.invalid/shop", "db.invalid"),
        ("db.invalid:5433/shop", "db.invalid:5433"),
        ("192.0.2.1/shop", "192.0.2.1"),
        ("[2001:db8::1]/shop", "2001:db8::1"),
        ("localhost/shop?hostaddr=192.0.2.1", "192.0.2.1"),
        ("/shop?host=localhost&host=db.invalid", "localhost,db.invalid"),
        ("/shop?host=localhost:1&host=db.invalid:2", "localhost:1,db.invalid:2"),
        ("localhost/shop?service=live", "service live"),
    ],
)
def test_on_another_machine(rest: str, server: str) -> None:
    """192.0.2.0/24 and 2001:db8::/32 are reserved for documentation."""
    assert target(rest) == Target("shop", server, on_this_machine=False)
    assert target(rest).name_to_type == f"{server}/shop"
    assert not target(rest).is_named("shop")


def test_variables_of_libpq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They fill in what a URL leaves out; PGHOSTADDR leads elsewhere even if the URL names a host."""
    monkeypatch.setenv("PGHOST", "db.invalid")
    assert target("/shop").server == "db.invalid"
    assert target("localhost/shop").on_this_machine
    monkeypatch.setenv("PGPORT", "5433")
    assert target("localhost/shop").server == "localhost:5433"
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    assert target("localhost/shop") == Target("shop", "192.0.2.1:5433", on_this_machine=False)
    monkeypatch.setenv("PGSERVICE", "live")
    assert target("/shop").server == "service live"


def test_the_guard(guarded_app: Flask) -> None:
    """On another machine a question is enough; without one, the server must be named too."""
    name = database.name()
    database.guard("drop")
    database.guard("drop", name)
    socket = database.url().query["host"]
    server = f"{socket},db.invalid"
    with pytest.MonkeyPatch.context() as patch:
        url = database.url().update_query_dict({"host": server})
        patch.setitem(guarded_app.config, "DATABASE_DIRECT_URL", url)
        patch.setitem(guarded_app.config, "LOCAL_POSTGRES", False)
        database.guard("drop", asks=True)
        database.guard("drop", f"{server}/{name}")
        with pytest.raises(ConfigError) as refused:
            database.guard("drop")
        with pytest.raises(ConfigError) as wrong:
            database.guard("drop", name, asks=True)
    assert str(refused.value) == (
        "drop without a question is refused for a server on another machine."
        f" If database {name} on {server} (testing) is meant,"
        f" add to python db_manage.py drop: --database {server}/{name}"
    )
    assert str(wrong.value) == f"--database {name}: the connected database is {server}/{name}."


@pytest.mark.parametrize(
    ("app_env", "flask_env"),
    [
        ("production", "development"),
        ("development", "production"),
        ("testing", " Production"),
        ("development", "prod"),
    ],
)
def test_either_variable_means_production(guarded_app: Flask, app_env: str, flask_env: str) -> None:
    database.guard("drop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APP_ENV", app_env)
        patch.setenv("FLASK_ENV", flask_env)
        with pytest.raises(ConfigError, match="^drop is refused in production. If database .* is meant"):
            database.guard("drop", asks=True)
        database.guard("drop", database.name())
