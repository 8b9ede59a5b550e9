"""Reads the URL of a database as hosts, other drivers and other languages write it.

An error about a URL names the variable and the part, but never quotes the part: what looks like a port
may be the end of a password.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from psycopg.pq import Conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from plumbing.errors import ConfigError

EXAMPLE = "postgresql://user:password@host:5432/name"
DRIVER = "postgresql+psycopg"

# DATABASE_URL='postgresql://...' and psql "postgresql://..." are what a shell takes, not a value.
BEFORE = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]*=|psql\s+|jdbc:")
SCHEME = re.compile(r"([a-z][a-z0-9+._-]*)://", re.IGNORECASE)
DRIVERS = r"psycopg|psycopg_async|psycopg2|psycopg2cffi|asyncpg|pg8000"
POSTGRESQL = re.compile(rf"(postgres|postgresql|postgis|pgsql)(\+({DRIVERS}))?")

# Other schemes, which a message may quote: what is not known might be a part of a password.
OTHERS = (
    "cockroachdb",
    "http",
    "https",
    "mariadb",
    "mongodb",
    "mssql",
    "mysql",
    "oracle",
    "postgres",
    "postgresql",
    "prisma",
    "redis",
    "sqlite",
)

SERVER = r"(?:\[[^\]]*\]|[^\[\]:/,]*)(?::\d*)?"
NO_CREDENTIALS = re.compile(rf"{SERVER}(?:,{SERVER})*(?:/.*)?")
SOCKET_FOLDERS = ("cloudsql/", "run/", "tmp/", "var/")
SOCKET = re.compile(r"/\.s\.PGSQL\.(\d+)$")
ADDRESS = re.compile(r"[\da-fA-F:.]*:[\da-fA-F:.]*:[\da-fA-F:.]*(%\w+)?")  # of IPv6
HOST = re.compile(r"[\w.-]*")
MAX_PORT = 65535

PLACEHOLDER = re.compile(r"\[[\w -]+\]|<[\w -]+>|\$\{.*\}|\*+|\u2022+")
ENCODE = "In a password write @ as %40, : as %3A, / as %2F, ? as %3F and % as %25."

# Options of other drivers that mean nothing here: sizes of their pools, and marks of hosts.
IGNORED = {
    "connection_limit",
    "pool_timeout",
    "socket_timeout",
    "supa",
    "workaround",
}
# With the value 0, these say that there is a pooler.
CACHE_SIZES = {
    "prepareThreshold",
    "prepared_statement_cache_size",
    "statement_cache_size",
}
RENAMED = {
    "ApplicationName": "application_name",
    "connectTimeout": "connect_timeout",
    "currentSchema": "schema",
    "database": "dbname",
    "username": "user",
}
PLACES = (("dbname", "database"), ("password", "password"), ("user", "username"))
SSL_MODES = {
    "0": "disable",
    "1": "require",
    "false": "disable",
    "no-verify": "require",
    "true": "require",
}
OPTION_NAME = re.compile(r"[A-Za-z][A-Za-z_.]{0,39}")
SEARCH_PATH = re.compile(r"search_path\s*=\s*(\S+)")


@dataclass(frozen=True)
class DatabaseUrl:
    """What a variable says: where the database is, and whether a pooler is in front of it."""

    url: URL
    pooled: bool = False


def parse_url(text: str, variable: str) -> URL:
    """Return a database URL with psycopg 3 as its driver.  Raises ConfigError."""
    return read_url(text, variable).url


def read_url(text: str, variable: str) -> DatabaseUrl:
    """Return what a variable says about the database.  Raises ConfigError."""
    value = cleaned(text)
    scheme = SCHEME.match(value)
    if not scheme:
        raise ConfigError(
            f"{variable} is not the URL of a PostgreSQL database, which begins with postgresql://:"
            f" write {EXAMPLE}."
        )
    name = scheme[1].lower()
    if name == "sqlite":
        return DatabaseUrl(understood(value, variable))
    if not POSTGRESQL.fullmatch(name):
        shown = name if name.partition("+")[0] in OTHERS else "another scheme"
        raise ConfigError(
            f"{variable} is not the URL of a PostgreSQL database, it begins with {shown}:"
            f" write {EXAMPLE}."
        )
    return Reader(variable).read(value[scheme.end() :])


def cleaned(text: str) -> str:
    """Return the value of a variable without the quotes and words that were copied with it."""
    while True:
        before = text
        text = BEFORE.sub("", text.strip(), count=1) if BEFORE.match(text.strip()) else text.strip()
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"`":
            text = text[1:-1]
        if text == before:
            return text


def understood(text: str, variable: str) -> URL:
    """Return a URL of SQLAlchemy's own form.  Raises ConfigError."""
    try:
        url = make_url(text)
        url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername != "sqlite":
        raise ConfigError(f"{variable} is not a URL that SQLAlchemy knows: write {EXAMPLE}.")
    return url


class Reader:
    """Reads the part of one URL that follows the scheme."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        self.pooled = False

    def error(self, fault: str) -> ConfigError:
        """Return an error that begins with the name of the variable."""
        return ConfigError(f"{self.variable}: {fault}")

    def read(self, rest: str) -> DatabaseUrl:
        credentials, rest = split_credentials(rest)
        before, _, query = rest.partition("?")
        servers, _, path = before.partition("/")
        parts: dict[str, Any] = self.credentials(credentials)
        parts |= self.path(path)
        options = joined([self.server(server) for server in servers.split(",")])
        options |= parts.pop("query", {})
        options |= self.options(query)
        for key, place in PLACES:
            # There it would override the rest, and SQLAlchemy would print the password.
            if key in options:
                parts[place] = options.pop(key)
        if PLACEHOLDER.fullmatch(parts.get("password") or ""):
            raise self.error("the password is a placeholder: write the password in its place.")
        if not parts.get("database"):
            raise ConfigError(f"{self.variable} names no database: write {EXAMPLE}.")
        return DatabaseUrl(self.url(parts, options), self.pooled)

    def credentials(self, text: str) -> dict[str, str]:
        """Return the user and the password of user:password."""
        user, colon, password = text.partition(":")
        found = {"username": unquote(user)} if user else {}
        if colon:
            found["password"] = unquote(password)
        return found

    def path(self, path: str) -> dict[str, Any]:
        """Return the database, and the folder of the socket if the path has both."""
        path = path.strip("/ ")
        folder, slash, name = path.rpartition("/")
        if not slash:
            if re.search(r"&\w+=", path):
                raise self.error("the options follow a ?, not a &.")
            return {"database": unquote(path)}
        if not path.startswith(SOCKET_FOLDERS):
            raise self.error(f"the name of the database has a /: write {EXAMPLE}.")
        return {"database": unquote(name), "query": {"host": f"/{folder}"}}

    def server(self, text: str) -> tuple[str, str]:
        """Return the host and the port of host:port, either of which may be empty."""
        match = re.fullmatch(r"\[([\da-fA-F:.%\w]*)\](?::(.*))?", text)
        if match:
            return unquote(match[1]), self.port(match[2] or "")
        host, _, port = text.partition(":")
        if ADDRESS.fullmatch(text):
            raise self.error("an IPv6 address needs brackets: [::1]:5432.")
        host = unquote(host)
        if not host.startswith("/") and not HOST.fullmatch(host):
            raise self.error(f"the host contains an invalid character. {ENCODE}")
        return host, self.port(port)

    def port(self, text: str) -> str:
        """Return a port.  Raises ConfigError without quoting it."""
        if text and not (text.isdecimal() and 0 < int(text) <= MAX_PORT):
            raise self.error(f"the port is not a number from 1 to {MAX_PORT}. {ENCODE}")
        return text

    def options(self, query: str) -> dict[str, str]:
        """Return the options of libpq; others are translated, ignored or refused."""
        known = {option.keyword.decode() for option in Conninfo.get_defaults()}
        found: dict[str, str] = {}
        servers: list[tuple[str, str]] = []
        for key, value in parse_qsl(query.replace("&amp;", "&")):
            name = RENAMED.get(key, key)
            if name in CACHE_SIZES:
                self.pooled |= value == "0"
            elif name == "pgbouncer":
                self.pooled |= value.lower() in ("1", "true")
            elif name == "schema":
                self.check_schemas(key, value)
            elif name in ("ssl", "sslmode"):
                found["sslmode"] = SSL_MODES.get(value.lower(), value)
            elif name in ("host", "unix_sock"):
                servers += [self.server_of_option(server) for server in value.split(",")]
            elif name in known:
                found[name] = value
            elif name not in IGNORED:
                shown = key if OPTION_NAME.fullmatch(key) else "of one of these names"
                raise self.error(f"PostgreSQL has no connection option {shown}: remove it.")
        self.check_search_path(found.get("options", ""))
        return joined(servers) | found

    def server_of_option(self, text: str) -> tuple[str, str]:
        """Return the host and the port of ?host=, which may be a folder, or an address of IPv6."""
        socket = SOCKET.search(text)
        if socket:
            return text[: socket.start()], socket[1]
        if text.startswith(("/", "@")) or ADDRESS.fullmatch(text):
            return text, ""
        return self.server(text)

    def check_schemas(self, option: str, schemas: str) -> None:
        """Raise ConfigError if an option leaves public, where models without a schema are."""
        names = [name.strip(" \"'") for name in schemas.split(",")]
        if "public" not in names:
            raise self.error(
                f"the option {option} does not include public, where tables without a schema are:"
                " remove the option, and set the schema in the models."
            )

    def check_search_path(self, options: str) -> None:
        """Raise ConfigError if options=-c search_path=... leaves out public."""
        match = SEARCH_PATH.search(options)
        if match:
            self.check_schemas("search_path", match[1])

    def url(self, parts: dict[str, Any], options: dict[str, str]) -> URL:
        """Return the URL, with one ordinary host in its usual place."""
        hosts = options.get("host", "").split(",")
        ports = [self.port(port) for port in options.get("port", "").split(",")]
        if len(ports) == 1:
            ports *= len(hosts)
        if len(ports) != len(hosts):
            raise self.error("several hosts need one port for all, or one for each.")
        if len(hosts) > 1 and any(ports):
            options["port"] = ",".join(ports)  # SQLAlchemy needs one for each
        if len(hosts) == 1 and not hosts[0].startswith(("/", "@")):
            parts["host"] = options.pop("host", None)
            parts["port"] = int(ports[0]) if options.pop("port", "") else None
        return URL.create(DRIVER, query=options, **parts)


def joined(servers: list[tuple[str, str]]) -> dict[str, str]:
    """Return the options host and port of libpq, for one server or several."""
    hosts = ",".join(host for host, _ in servers)
    ports = ",".join(port for _, port in servers)
    found = {"host": hosts} if hosts else {}
    return found | ({"port": ports} if ports.strip(",") else {})


def split_credentials(rest: str) -> tuple[str, str]:
    """Return user:password, and what follows the @ after it.

    A password may have an @, a / or a ? that is not encoded: the last @ before the options counts.
    """
    before, _, after = rest.partition("?")
    in_options, at, _ = after.partition("@")
    without = "@" not in before and NO_CREDENTIALS.fullmatch(before)
    if at and ("=" not in in_options or not ("@" in before or without)):  # the ? is in the password
        end = rest.find("?", len(before) + len(in_options) + 1)
        before = rest if end < 0 else rest[:end]
    credentials, at, _ = before.rpartition("@")
    return credentials, rest[len(credentials) + len(at) :]
