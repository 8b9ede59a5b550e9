"""The configuration: constants in classes, the rest from the environment variables."""

import os
from pathlib import Path
from typing import Any

from dotenv import dotenv_values, find_dotenv
from flask.helpers import get_debug_flag
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

import local_postgres

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "postgresql://user:password@host:5432/name"


class ConfigError(Exception):
    """The application cannot start as it is configured; the message is one line."""


class Config:
    """What holds in every environment."""

    APP_NAME = << cookiecutter.__name | python >>
    TESTING = False
    SECRET_KEY: str | None = None
    LOCAL_DATABASE: str | None = None  # on the local PostgreSQL, where no URL is set
    DATABASE_VARIABLE = "DATABASE_URL"
    MAX_CONTENT_LENGTH = 2**20  # bytes of a request's body
    SESSION_COOKIE_SAMESITE = "Lax"
    MIGRATION_LOCK_TIMEOUT = "5s"  # how long a migration waits for a table in use
    MIGRATION_WAIT = 60.0  # seconds that a run of migrations waits for another


class Development(Config):
    SECRET_KEY = "not secret: for developers"
    LOCAL_DATABASE = "<< cookiecutter.project_slug >>_dev"


class Testing(Config):
    TESTING = True
    SECRET_KEY = "not secret: for tests only"
    LOCAL_DATABASE = "<< cookiecutter.project_slug >>_test"
    DATABASE_VARIABLE = "TEST_DATABASE_URL"


class Production(Config):
    SESSION_COOKIE_SECURE = True


ENVIRONMENTS = {"development": Development, "testing": Testing, "production": Production}
FLASKS = "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"  # in its documentation


def load(name: str = "default") -> dict[str, Any]:
    """Return what app.config shall hold.

    The environment is `name`, or for "default" what APP_ENV or else FLASK_ENV says, or else
    development.  A .env file stands behind the environment variables, but only in the environment
    that its own FLASK_ENV names: production never reads a developer's.  Raises ConfigError.
    """
    file = dotenv_values(ROOT / ".env")
    # What the flask command found it has put into os.environ: take it out again.
    found = [dotenv_values(find_dotenv(name, usecwd=True)) for name in (".env", ".flaskenv")]
    copied = {item for values in (file, *found) for item in values.items()}
    real = dict(item for item in os.environ.items() if item not in copied)
    file_is_for = file.get("APP_ENV") or file.get("FLASK_ENV") or "development"
    if name == "default":
        name = real.get("APP_ENV") or real.get("FLASK_ENV") or file_is_for
    if name not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise ConfigError(f"unknown environment {name!r}: set APP_ENV or FLASK_ENV to {known}.")
    environ = {**file, **real} if name in (file_is_for, "testing") else real

    config = ENVIRONMENTS[name]
    secret_key = environ.get("SECRET_KEY") or config.SECRET_KEY or ""
    fallbacks = environ.get("SECRET_KEY_FALLBACKS") or ""
    if name == "production":
        check_production(secret_key, fallbacks.split())
    variable = config.DATABASE_VARIABLE
    text = environ.get(variable)
    if not text and not config.LOCAL_DATABASE:
        raise ConfigError(f"{variable} is not set, and {name} needs it: {EXAMPLE}.")
    url = parse_url(text or local_postgres.url(config.LOCAL_DATABASE or ""), variable)
    direct = None if name == "testing" else environ.get("DATABASE_DIRECT_URL")
    defaults: dict[str, Any] = {"connect_timeout": 10, "client_encoding": "utf8"}  # seconds
    if direct:  # so there is a pooler between, and each transaction has another session
        defaults["prepare_threshold"] = None
    arguments = {key: value for key, value in defaults.items() if key not in url.query}
    options = {
        "pool_pre_ping": True,
        **{"pool_size": 5, "max_overflow": 0},  # for each worker
        "pool_timeout": 6,  # seconds; a migration may keep a table for five
        "connect_args": arguments,
        "hide_parameters": name == "production",  # in errors, and so in the log
    }
    hops = environ.get("PROXY_HOPS") or "0"
    if not hops.isdecimal():
        raise ConfigError(f"PROXY_HOPS is {hops!r}: write how many proxies stand in front, or 0.")
    return {
        **{key: getattr(config, key) for key in dir(config) if key.isupper()},
        "ENVIRONMENT": name,
        "SECRET_KEY": secret_key,
        "SECRET_KEY_FALLBACKS": fallbacks.split(),
        "PROXY_HOPS": int(hops),
        "LOCAL_POSTGRES": not text,
        "SQLALCHEMY_DATABASE_URI": url,
        "DATABASE_DIRECT_URL": parse_url(direct, "DATABASE_DIRECT_URL") if direct else None,
<% if cookiecutter.__sqlite %>
        "SQLALCHEMY_ENGINE_OPTIONS": {} if url.drivername == "sqlite" else options,
<% else %>
        "SQLALCHEMY_ENGINE_OPTIONS": options,
<% endif %>
    }


def check_production(secret_key: str, fallbacks: list[str]) -> None:
    """Raise ConfigError unless the keys are secrets and nobody can debug."""
    make = "python -c 'import secrets; print(secrets.token_urlsafe())' makes it."
    if not secret_key:
        raise ConfigError(f"SECRET_KEY is not set, and production needs one: {make}")
    for variable, keys in {"SECRET_KEY": [secret_key], "SECRET_KEY_FALLBACKS": fallbacks}.items():
        if any(len(key) < 32 or key == FLASKS for key in keys):
            raise ConfigError(f"{variable} is a sample, or has under 32 characters: {make}")
    if get_debug_flag():
        raise ConfigError("FLASK_DEBUG is set: production never runs so. Unset it, drop --debug.")


def parse_url(text: str, variable: str) -> URL:
    """Return the URL of a database; psycopg 3 is its driver.  Raises ConfigError."""
    scheme, _, rest = text.strip().partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    try:
        url = make_url(f"{scheme}://{rest}")
        url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        url = URL.create("unknown")
<% if cookiecutter.__sqlite %>
    if url.drivername not in ("postgresql+psycopg", "sqlite"):
<% else %>
    if url.drivername != "postgresql+psycopg":
<% endif %>
        raise ConfigError(f"{variable} is no URL of a PostgreSQL database: write {EXAMPLE}.")
    if "@" in (url.host or ""):
        raise ConfigError(f"{variable}: in a password write @ as %40, / as %2F and % as %25.")
    for key, part in {"password": "password", "dbname": "database", "user": "username"}.items():
        if key in url.query:  # there it would win, and SQLAlchemy would print it
            value: Any = url.query[key]
            url = url.difference_update_query([key]).set(**{part: value})
<% if cookiecutter.__sqlite %>
    if not url.database and url.drivername != "sqlite":
<% else %>
    if not url.database:
<% endif %>
        raise ConfigError(f"{variable} names no database: write {EXAMPLE}.")
    return url
