"""Test the configuration: which environment is used, where it comes from, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from plumbing import database, settings, urls
from plumbing.current import db
from plumbing.errors import ConfigError

URL = "postgresql://anna:s3cret@localhost/shop"

Factory = Callable[[str], Flask]
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(root: Path, empty_folder: Path) -> Load:
    """Load the configuration of an application in an empty folder."""
    from host import config

    app = Flask("elsewhere", root_path=str(empty_folder / "app"))
    return lambda name="default": settings.load(app, config, name)


def test_development_needs_nothing(load: Load) -> None:
    loaded = load()
    assert loaded["ENVIRONMENT"] == "development"
    assert loaded["SQLALCHEMY_DATABASE_URI"].database == "host_dev"
    assert loaded["SQLALCHEMY_DATABASE_URI"].drivername == "postgresql+psycopg"
    assert loaded["LOCAL_POSTGRES"]


def test_environment_variables(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_ENV", "testing")
    assert load()["ENVIRONMENT"] == "testing"
    monkeypatch.setenv("APP_ENV", "development")
    assert load()["ENVIRONMENT"] == "development"
    assert load("testing")["ENVIRONMENT"] == "testing"
    with pytest.raises(ConfigError, match="unknown environment 'prod'.*production"):
        load("prod")


def test_production_needs_secret_and_database(
    create_app: Factory, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        create_app("production")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    with pytest.raises(ConfigError, match="DATABASE_URL is not set"):
        create_app("production")
    monkeypatch.setenv("DATABASE_URL", URL)
    app = create_app("production")
    assert not app.testing
    assert not app.debug


@pytest.mark.parametrize("copied_by_flask", [False, True])
def test_env_file_of_a_developer_stays_out_of_production(
    load: Load, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, copied_by_flask: bool
) -> None:
    lines = {"FLASK_ENV": "development", "SECRET_KEY": "x", "DATABASE_URL": URL}
    text = "".join(f"{name}={value}\n" for name, value in lines.items())
    (empty_folder / ".env").write_text(text)
    if copied_by_flask:
        for name, value in lines.items():
            monkeypatch.setenv(name, value)
    assert load()["SQLALCHEMY_DATABASE_URI"].database == "shop"
    monkeypatch.setenv("FLASK_ENV", "production")
    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        load()


def test_env_file_for_production(load: Load, empty_folder: Path) -> None:
    text = f"FLASK_ENV=production\nSECRET_KEY={'x' * 32}\nDATABASE_URL={URL}\n"
    (empty_folder / ".env").write_text(text)
    assert load()["ENVIRONMENT"] == "production"


def test_production_is_careful(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'y' * 32} {'z' * 32}")
    monkeypatch.setenv("DATABASE_URL", URL)
    loaded = load("production")
    assert loaded["SECRET_KEY_FALLBACKS"] == ["y" * 32, "z" * 32]
    assert loaded["SESSION_COOKIE_SECURE"]
    assert loaded["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert loaded["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]
    assert not load("development")["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]


def test_options_of_the_engine(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of the application's classes are kept, and those in a URL are left to the URL."""
    options = load()["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["pool_size"] == 5
    assert options["connect_args"] == {
        "application_name": "host",
        "connect_timeout": 10,
        "client_encoding": "utf8",
    }
    monkeypatch.setenv("DATABASE_URL", f"{URL}?connect_timeout=3")
    assert "connect_timeout" not in load()["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]


def test_direct_url(create_app: Factory, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it is set, DATABASE_URL is a pooler's, where prepared statements would not be found again."""
    monkeypatch.setenv("DATABASE_URL", URL)
    options = load("development")["SQLALCHEMY_ENGINE_OPTIONS"]
    assert "prepare_threshold" not in options["connect_args"]
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://direct/shop")
    options = load("development")["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"]["prepare_threshold"] is None
    assert load("testing")["DATABASE_DIRECT_URL"] is None
    with create_app("development").app_context():
        assert database.url().host == "direct"
        assert db().engine.url.host == "localhost"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "DATABASE_DIRECT_URL is set and DATABASE_URL is not: set both, or DATABASE_URL alone."),
        (
            "postgresql://anna:s3cret@localhost/other",
            "DATABASE_DIRECT_URL names the database shop, and DATABASE_URL other: both must name the same one.",
        ),
        (
            "sqlite:///other.db",
            "DATABASE_DIRECT_URL names the database shop, and DATABASE_URL other.db: both must name the same one.",
        ),
    ],
)
def test_direct_url_is_another_way_to_the_same_database(
    load: Load, monkeypatch: pytest.MonkeyPatch, url: str | None, message: str
) -> None:
    monkeypatch.setenv("DATABASE_DIRECT_URL", URL)
    if url:
        monkeypatch.setenv("DATABASE_URL", url)
    for name in ("development", "production"):
        monkeypatch.setenv("SECRET_KEY", "x" * 32)
        with pytest.raises(ConfigError) as refused:
            load(name)
        if url or name == "development":
            assert str(refused.value) == message
    load("testing")


def test_environment_wins_over_the_file(
    load: Load, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / ".env").write_text(
        f"FLASK_ENV=development\nSECRET_KEY=of the file\nPROXY_HOPS=1\nDATABASE_URL={URL}\n"
    )
    assert load()["SECRET_KEY"] == "of the file"
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    monkeypatch.setenv("PROXY_HOPS", "2")
    monkeypatch.setenv("DATABASE_URL", URL.replace("shop", "other"))
    loaded = load()
    assert loaded["SECRET_KEY"] == "of the environment"
    assert loaded["PROXY_HOPS"] == 2
    assert loaded["SQLALCHEMY_DATABASE_URI"].database == "other"


@pytest.mark.parametrize("variable", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "API_TOKEN"])
def test_length_of_keys_in_production(load: Load, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.setenv(variable, "y" * 31)
    with pytest.raises(ConfigError, match=f"^{variable} is a known sample or shorter than 32 characters"):
        load("production")
    monkeypatch.setenv(variable, "y" * 32)
    load("production")


def test_tests_never_read_database_url(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    assert load("testing")["SQLALCHEMY_DATABASE_URI"].database == "host_test"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_url_means_psycopg_3(scheme: str) -> None:
    url = urls.parse_url(f"{scheme}://localhost/a", "DATABASE_URL")
    assert url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("query", ["password=s3cret", "password=s3cret&dbname=shop&user=anna"])
def test_query_of_a_url(query: str) -> None:
    """A password there would be printed, and psycopg lets the query override the rest of the URL."""
    url = urls.parse_url(f"postgresql://somebody@localhost/other?{query}", "DATABASE_URL")
    assert url.password == "s3cret"
    assert "s3cret" not in str(url)
    assert url.database == ("shop" if "dbname" in query else "other")
    assert url.username == ("anna" if "user" in query else "somebody")


@pytest.mark.parametrize(
    "url",
    [
        "s3cret",
        "mysql://anna:s3cret@localhost/shop",
        "postgresql://anna:s3cret@localhost:port/shop",
        "postgresql://anna:s3cret@1@local host/shop",
        "postgresql://anna:s3cret@localhost",
        "postgresql+nothing://anna:s3cret@localhost/shop",
        "sqlite:///s3cret.db",
    ],
)
def test_wrong_url(
    create_app: Factory, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ConfigError, match="^DATABASE_URL|^SQLite does not know schema") as caught:
        create_app("development")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
