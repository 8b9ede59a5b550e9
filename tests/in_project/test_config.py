"""The configuration: which environment, from where, and what is refused."""

from pathlib import Path

import pytest

from app import config, create_app, database
from app.config import ConfigError
from app.extensions import db

URL = "postgresql://anna:s3cret@localhost/shop"


@pytest.fixture(autouse=True)
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder in the place of the project's, and no variables."""
    monkeypatch.setattr(config, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("APP_ENV", "FLASK_ENV", "SECRET_KEY", "DATABASE_URL", "DATABASE_DIRECT_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_development_needs_nothing() -> None:
    loaded = config.load()
    assert loaded["ENVIRONMENT"] == "development"
    assert loaded["SQLALCHEMY_DATABASE_URI"].database.endswith("_dev")


def test_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_ENV", "testing")
    assert config.load()["ENVIRONMENT"] == "testing"
    monkeypatch.setenv("APP_ENV", "development")
    assert config.load()["ENVIRONMENT"] == "development"
    assert config.load("testing")["ENVIRONMENT"] == "testing"
    with pytest.raises(ConfigError, match="unknown environment 'prod'.*production"):
        create_app("prod")


def test_production_needs_secret_and_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        create_app("production")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    with pytest.raises(ConfigError, match="DATABASE_URL is not set"):
        create_app("production")
    monkeypatch.setenv("DATABASE_URL", URL)
    assert not create_app("production").testing


@pytest.mark.parametrize("copied_by_flask", [False, True])
def test_env_file_of_a_developer_stays_out_of_production(
    root: Path, monkeypatch: pytest.MonkeyPatch, copied_by_flask: bool
) -> None:
    lines = {"FLASK_ENV": "development", "SECRET_KEY": "x", "DATABASE_URL": URL}
    (root / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    for name, value in lines.items() if copied_by_flask else ():
        monkeypatch.setenv(name, value)
    assert config.load()["SQLALCHEMY_DATABASE_URI"].database == "shop"
    monkeypatch.setenv("FLASK_ENV", "production")
    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        config.load()


def test_env_file_for_production(root: Path) -> None:
    (root / ".env").write_text(f"FLASK_ENV=production\nSECRET_KEY={'x' * 32}\nDATABASE_URL={URL}\n")
    assert config.load()["ENVIRONMENT"] == "production"


def test_production_is_careful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'y' * 32} {'z' * 32}")
    monkeypatch.setenv("DATABASE_URL", URL)
    loaded = config.load("production")
    assert loaded["SECRET_KEY_FALLBACKS"] == ["y" * 32, "z" * 32]
    assert (loaded["SESSION_COOKIE_SECURE"], loaded["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    assert loaded["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]
    assert not create_app("production").debug


def test_direct_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it DATABASE_URL is a pooler's, where prepared statements would not be found again."""
    monkeypatch.setenv("DATABASE_URL", URL)
    options = config.load("development")["SQLALCHEMY_ENGINE_OPTIONS"]
    assert "prepare_threshold" not in options["connect_args"]
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://direct/shop")
    options = config.load("development")["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"]["prepare_threshold"] is None
    assert config.load("testing")["DATABASE_DIRECT_URL"] is None
    with create_app("development").app_context():
        assert database.url().host == "direct"
        assert db.engine.url.host == "localhost"


def test_tests_never_read_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", URL)
    assert config.load("testing")["SQLALCHEMY_DATABASE_URI"].database.endswith("_test")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_url_means_psycopg_3(scheme: str) -> None:
    assert config.parse_url(f"{scheme}://localhost/a", "").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    [
        "s3cret",
        "mysql://anna:s3cret@localhost/shop",
        "postgresql://anna:s3cret@localhost:port/shop",
        "postgresql://anna:s3cret@1@localhost/shop",
        "postgresql://anna:s3cret@localhost",
        "postgresql+nothing://anna:s3cret@localhost/shop",
    ],
)
def test_wrong_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ConfigError, match="^DATABASE_URL") as caught:
        create_app("development")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
