"""The configuration: constants from the application's classes, the rest from the environment."""

import os
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from dotenv import dotenv_values, find_dotenv
from flask import Flask
from flask.helpers import get_debug_flag
from sqlalchemy import URL, make_url

from plumbing.current import project_root
from plumbing.errors import ConfigError
from plumbing.pool import FailFastPool
from plumbing.urls import EXAMPLE, DatabaseUrl, cleaned, read_url

ENVIRONMENTS = ("development", "testing", "production")

# The key that Flask's documentation shows: https://flask.palletsprojects.com/en/stable/config/
SAMPLE_KEY = "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"
SHORTEST_KEY = 32  # characters
MAKE_KEY = "python -c 'import secrets; print(secrets.token_urlsafe())'"

CONNECT_TIMEOUT = 10  # seconds
HOST = re.compile(r"\.?\w[\w-]*(\.\w[\w-]*)*")

Variables = dict[str, str | None]


def load(app: Flask, config: ModuleType, name: str = "default") -> dict[str, Any]:
    """Return the values for `app.config`.

    `config` has a class for each environment: Development, Testing and Production.  The environment
    is `name`; "default" means APP_ENV, else FLASK_ENV, else development.  Values in a .env file
    count only in the environment that its own FLASK_ENV names, so production never reads a
    developer's file.  Raises ConfigError.
    """
    environment, variables = choose_environment(name, project_root(app.root_path))
    constants = getattr(config, environment.title())
    settings = {key: getattr(constants, key) for key in dir(constants) if key.isupper()}
    settings["ENVIRONMENT"] = environment
    settings |= secret_keys(environment, variables, settings.get("SECRET_KEY"))
    settings |= api_token(variables)
    settings |= trusted_proxies(variables)
    settings |= database_settings(environment, variables, settings, project_root(app.root_path))
    return settings


def choose_environment(name: str, root: Path) -> tuple[str, Variables]:
    """Return the name of the environment and the variables that apply to it."""
    file = dotenv_values(root / ".env")
    real = real_variables(file)
    file_is_for = file.get("APP_ENV") or file.get("FLASK_ENV") or "development"
    if name == "default":
        name = real.get("APP_ENV") or real.get("FLASK_ENV") or file_is_for
    if name not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise ConfigError(f"unknown environment {name!r}: set APP_ENV or FLASK_ENV to {known}.")
    if name in (file_is_for, "testing"):
        return name, file | real
    return name, real


def real_variables(file: Variables) -> Variables:
    """Return the environment variables without those that the flask command took from a file."""
    copied = set(file.items())
    for name in (".env", ".flaskenv"):
        found = dotenv_values(find_dotenv(name, usecwd=True))
        copied |= found.items()
    return {name: value for name, value in os.environ.items() if (name, value) not in copied}


def secret_keys(environment: str, variables: Variables, default: str | None) -> dict[str, Any]:
    """Return the key that signs cookies, and the older ones whose cookies are still accepted."""
    key = variables.get("SECRET_KEY") or default or ""
    fallbacks = (variables.get("SECRET_KEY_FALLBACKS") or "").split()
    if environment == "production":
        check_production(key, fallbacks)
    return {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": fallbacks}


def check_production(key: str, fallbacks: list[str]) -> None:
    """Raise ConfigError if a key is missing or can be guessed, or if debugging is on."""
    if not key:
        raise ConfigError(
            f"SECRET_KEY is not set, and production needs one. Generate one: {MAKE_KEY}"
        )
    for variable, keys in (("SECRET_KEY", [key]), ("SECRET_KEY_FALLBACKS", fallbacks)):
        if any(is_guessable(key) for key in keys):
            raise ConfigError(
                f"{variable} is a known sample or shorter than {SHORTEST_KEY} characters."
                f" Generate one: {MAKE_KEY}"
            )
    if get_debug_flag():
        raise ConfigError(
            "FLASK_DEBUG is set, which production does not allow: unset it, and leave out --debug."
        )


def is_guessable(key: str) -> bool:
    """Return whether a key is short, or published as an example."""
    return len(key) < SHORTEST_KEY or key == SAMPLE_KEY


def api_token(variables: Variables) -> dict[str, Any]:
    """Return the token that clients of a JSON API have to send, or nothing if there is none."""
    token = variables.get("API_TOKEN") or ""
    if token and is_guessable(token):
        raise ConfigError(
            f"API_TOKEN is a known sample or shorter than {SHORTEST_KEY} characters."
            f" Generate one: {MAKE_KEY}"
        )
    return {"API_TOKEN": token}


def trusted_proxies(variables: Variables) -> dict[str, Any]:
    """Return how many reverse proxies are trusted, and which hosts a request may name."""
    hops = variables.get("PROXY_HOPS") or "0"
    if not hops.isdecimal():
        raise ConfigError(f"PROXY_HOPS is {hops!r}: write the number of trusted proxies, or 0.")
    sets_host = variables.get("PROXY_SETS_HOST") or "0"
    if sets_host not in ("0", "1"):
        raise ConfigError(f"PROXY_SETS_HOST is {sets_host!r}: write 1 or 0.")
    if sets_host == "1" and not int(hops):
        raise ConfigError("PROXY_SETS_HOST is 1, but no proxy is trusted: set PROXY_HOPS too.")
    trusted = {"PROXY_HOPS": int(hops), "PROXY_SETS_HOST": sets_host == "1"}
    return trusted | trusted_hosts(variables)


def trusted_hosts(variables: Variables) -> dict[str, Any]:
    """Return Flask's setting TRUSTED_HOSTS, if the variable of that name is set."""
    hosts = (variables.get("TRUSTED_HOSTS") or "").split()
    for host in hosts:
        if not HOST.fullmatch(host):
            raise ConfigError(
                f"TRUSTED_HOSTS has {host!r}: write names such as shop.example.com, or"
                " .example.com for all below it, separated by spaces, without scheme and port."
            )
    return {"TRUSTED_HOSTS": hosts} if hosts else {}


def database_settings(
    environment: str, variables: Variables, constants: dict[str, Any], root: Path
) -> dict[str, Any]:
    """Return the URLs of the database and the options of its engine."""
    testing = environment == "testing"
    variable = "TEST_DATABASE_URL" if testing else "DATABASE_URL"
    text = cleaned(variables.get(variable) or "")
    if text:
        found = read_url(text, variable)
    else:
        local = local_url(environment, variable, constants.get("LOCAL_DATABASE"), root)
        found = DatabaseUrl(local)
    url = found.url
    beside = cleaned(variables.get("DATABASE_DIRECT_URL") or "")
    direct = None if testing else direct_url(beside, text, url)
    return {
        "DATABASE_VARIABLE": variable,
        "DATABASE_IS_DISPOSABLE": False,  # a test's own database is: see plumbing/testing/
        "LOCAL_POSTGRES": not text,
        "SQLALCHEMY_DATABASE_URI": url,
        "DATABASE_DIRECT_URL": direct,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(
            url,
            constants.get("SQLALCHEMY_ENGINE_OPTIONS", {}),
            hide_parameters=environment == "production",
            pooled=found.pooled or direct is not None,
        ),
    }


def direct_url(text: str, beside: str, url: URL) -> URL | None:
    """Return DATABASE_DIRECT_URL, which must lead to the same database as DATABASE_URL.

    Raises ConfigError if it leads to another one, whose rows would be lost instead.
    """
    if not text:
        return None
    if not beside:
        raise ConfigError(
            "DATABASE_DIRECT_URL is set and DATABASE_URL is not: set both, or DATABASE_URL alone."
        )
    found = read_url(text, "DATABASE_DIRECT_URL")
    if found.pooled:
        raise ConfigError(
            "DATABASE_DIRECT_URL has an option for a pooler: it must name the server itself."
        )
    direct = found.url
    if direct.database != url.database:
        raise ConfigError(
            f"DATABASE_DIRECT_URL names the database {direct.database}, and DATABASE_URL"
            f" {url.database}: both must name the same one."
        )
    return direct


def local_url(environment: str, variable: str, database: str | None, root: Path) -> URL:
    """Return the URL of a database on the project's own PostgreSQL."""
    if not database:
        raise ConfigError(f"{variable} is not set, and {environment} needs it: {EXAMPLE}.")
    from plumbing.local_postgres import LocalPostgres  # never in production

    return make_url(LocalPostgres(root).url(database)).set(drivername="postgresql+psycopg")


def engine_options(
    url: URL, constants: dict[str, Any], hide_parameters: bool, pooled: bool
) -> dict[str, Any]:
    """Return the options of the engine: those of the application's classes, and how to connect.

    `hide_parameters` keeps the values of a statement out of error messages, and so out of the log.
    `pooled` means that there is a pooler such as PgBouncer: each transaction may then run in another
    session, which lacks the prepared statements.
    """
    if url.get_backend_name() == "sqlite":
        return {}
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT, "client_encoding": "utf8"}
    if pooled:
        arguments["prepare_threshold"] = None
    arguments |= constants.get("connect_args", {})
    wanted = {key: value for key, value in arguments.items() if key not in url.query}
    required = {"connect_args": wanted, "hide_parameters": hide_parameters}
    return {"poolclass": FailFastPool} | constants | required
