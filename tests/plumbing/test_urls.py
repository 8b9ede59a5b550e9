"""Test the forms of URLs that hosts show and people paste: each works, or is refused in one line."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from plumbing import settings
from plumbing.errors import ConfigError
from plumbing.local_postgres import LocalPostgres
from plumbing.target import find_target
from plumbing.urls import EXAMPLE, parse_url, read_url

Expected = dict[str, Any]

HOST: Expected = {"user": "anna", "password": "s3cret", "host": "db.example.com", "dbname": "shop"}
TLS = {**HOST, "sslmode": "require"}
SOCKET = {**HOST, "host": "/cloudsql/shop:europe:main"}

# The URL as written, and as the driver gets it.
FORMS: list[tuple[str, Expected]] = [
    # Schemes
    *(
        (f"{scheme}://anna:s3cret@db.example.com/shop", HOST)
        for scheme in (
            "postgres",
            "postgresql",
            "Postgres",
            "postgresql+psycopg",
            "postgresql+psycopg2",
            "postgresql+psycopg2cffi",
            "postgresql+psycopg_async",
            "postgresql+asyncpg",
            "postgresql+pg8000",
            "postgres+asyncpg",
            "postgis",
            "jdbc:postgresql",
        )
    ),
    ("jdbc:postgresql://db.example.com/shop?user=anna&password=s3cret&ssl=true", TLS),
    # Text that is copied along
    (' "postgresql://anna:s3cret@db.example.com/shop"\n', HOST),
    ("'postgresql://anna:s3cret@db.example.com/shop'", HOST),
    ("\"'postgresql://anna:s3cret@db.example.com/shop'\"", HOST),
    ("`postgresql://anna:s3cret@db.example.com/shop`", HOST),
    ("psql 'postgresql://anna:s3cret@db.example.com/shop?sslmode=require'", TLS),
    ("psql postgresql://anna:s3cret@db.example.com/shop", HOST),
    ("DATABASE_URL=postgresql://anna:s3cret@db.example.com/shop", HOST),
    ('export DATABASE_URL="postgresql://anna:s3cret@db.example.com/shop"', HOST),
    # Servers
    ("postgresql://anna:s3cret@db.example.com:5433/shop", {**HOST, "port": 5433}),
    ("postgresql://anna:s3cret@db.example.com:/shop", HOST),
    ("postgresql://anna:s3cret@[::1]:5433/shop", {**HOST, "host": "::1", "port": 5433}),
    ("postgresql://anna:s3cret@[2001:db8::1]/shop", {**HOST, "host": "2001:db8::1"}),
    ("postgresql://anna:s3cret@/shop?host=::1", {**HOST, "host": "::1"}),
    ("postgresql://anna:s3cret@h1:5432,h2:5433/shop", {**HOST, "host": "h1,h2", "port": "5432,5433"}),
    ("postgresql://anna:s3cret@h1,h2:5433/shop", {**HOST, "host": "h1,h2", "port": ",5433"}),
    ("postgresql://anna:s3cret@[::1]:1,h2:2/shop", {**HOST, "host": "::1,h2", "port": "1,2"}),
    (
        "postgresql://anna:s3cret@/shop?host=h1:5432&host=h2:5433",
        {**HOST, "host": "h1,h2", "port": "5432,5433"},
    ),
    ("postgresql://anna:s3cret@/shop?host=h1,h2&port=1,2", {**HOST, "host": "h1,h2", "port": "1,2"}),
    ("postgresql://anna:s3cret@/shop?host=h1,h2&port=1", {**HOST, "host": "h1,h2", "port": "1,1"}),
    ("postgresql://anna:s3cret@/shop?host=h1&port=5433", {**HOST, "host": "h1", "port": 5433}),
    ("postgresql:///shop", {"dbname": "shop"}),
    # Sockets
    ("postgresql://anna:s3cret@/shop?host=/cloudsql/shop:europe:main", SOCKET),
    (
        "postgresql://anna:s3cret@/shop?host=/cloudsql/shop:europe:main/.s.PGSQL.5432",
        {**SOCKET, "port": "5432"},
    ),
    (
        "postgresql+pg8000://anna:s3cret@/shop?unix_sock=/cloudsql/shop:europe:main/.s.PGSQL.5432",
        {**SOCKET, "port": "5432"},
    ),
    ("postgresql://anna:s3cret@localhost/shop?host=/cloudsql/shop:europe:main", SOCKET),
    ("postgresql://anna:s3cret@/cloudsql/shop:europe:main/shop", SOCKET),
    ("postgresql://anna:s3cret@%2Fcloudsql%2Fshop%3Aeurope%3Amain/shop", SOCKET),
    ("postgresql:///var/run/postgresql/shop", {"dbname": "shop", "host": "/var/run/postgresql"}),
    # Passwords
    ("postgresql://anna:s3%40cret@db.example.com/shop", {**HOST, "password": "s3@cret"}),
    ("postgresql://anna:s3@cret@db.example.com/shop", {**HOST, "password": "s3@cret"}),
    ("postgresql://anna:s3/cret@db.example.com/shop", {**HOST, "password": "s3/cret"}),
    ("postgresql://anna:s3?cret@db.example.com/shop", {**HOST, "password": "s3?cret"}),
    ("postgresql://anna:s3?c@et@db.example.com/shop?sslmode=require", {**TLS, "password": "s3?c@et"}),
    ("postgresql://anna:s3:cret@db.example.com/shop", {**HOST, "password": "s3:cret"}),
    ("postgresql://anna:s3#cret@db.example.com/shop", {**HOST, "password": "s3#cret"}),
    ("postgresql://anna:s3%cret@db.example.com/shop", {**HOST, "password": "s3%cret"}),
    ("postgresql://anna:s3%25cret@db.example.com/shop", {**HOST, "password": "s3%cret"}),
    ("postgresql://anna:s3+c et@db.example.com/shop", {**HOST, "password": "s3+c et"}),
    ("postgresql://anna:[s3]%h|*?j-{@db.example.com/shop", {**HOST, "password": "[s3]%h|*?j-{"}),
    ("postgresql://anna:s3@c/r?t#@[::1]:5433/shop", {**HOST, "password": "s3@c/r?t#", "host": "::1", "port": 5433}),
    ("postgresql://anna@db.example.com/shop?password=s3cret", HOST),
    ("postgresql://db.example.com/shop?user=anna@europe&password=s3cret", {**HOST, "user": "anna@europe"}),
    # Hosts, as their consoles show them
    ("postgres://anna:s3cret@ec2-1-2-3-4.compute-1.amazonaws.com:5432/shop", {**HOST, "host": "ec2-1-2-3-4.compute-1.amazonaws.com", "port": 5432}),
    ("postgresql://anna:s3cret@dpg-a1b2-a.frankfurt-postgres.render.com/shop", {**HOST, "host": "dpg-a1b2-a.frankfurt-postgres.render.com"}),
    ("postgresql://anna:s3cret@x.proxy.rlwy.net:12345/railway", {**HOST, "host": "x.proxy.rlwy.net", "port": 12345, "dbname": "railway"}),
    (
        "postgresql://postgres.abc:s3cret@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1",
        {"user": "postgres.abc", "password": "s3cret", "host": "aws-0-eu-central-1.pooler.supabase.com", "port": 6543, "dbname": "postgres"},
    ),
    ("postgres://anna:s3cret@db.example.com/shop?sslmode=require&supa=base-pooler.x", TLS),
    ("postgres://anna:s3cret@db.example.com/shop?workaround=supabase-pooler.vercel", HOST),
    (
        "postgresql://anna:s3cret@ep-a-b-123.eu.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
        {**TLS, "host": "ep-a-b-123.eu.aws.neon.tech", "dbname": "neondb", "channel_binding": "require"},
    ),
    ("postgresql://anna:s3cret@db.example.com/shop?options=endpoint%3Dep-a-b-123", {**HOST, "options": "endpoint=ep-a-b-123"}),
    ("postgresql://anna:s3cret@db.example.com/shop?options=project=ep-a-b-123", {**HOST, "options": "project=ep-a-b-123"}),
    ("postgresql://anna:s3cret@db.example.com/shop?schema=public&connection_limit=5&pool_timeout=0&connect_timeout=9", {**HOST, "connect_timeout": "9"}),
    ("postgresql://doadmin:s3cret@shop-do-user-1-0.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require", {**TLS, "user": "doadmin", "host": "shop-do-user-1-0.b.db.ondigitalocean.com", "port": 25060, "dbname": "defaultdb"}),
    ("postgres://anna:s3cret@shop-db.flycast:5432/shop?sslmode=disable", {**HOST, "host": "shop-db.flycast", "port": 5432, "sslmode": "disable"}),
    ("postgres://avnadmin:s3cret@pg-1-shop.a.aivencloud.com:12691/defaultdb?sslmode=require", {**TLS, "user": "avnadmin", "host": "pg-1-shop.a.aivencloud.com", "port": 12691, "dbname": "defaultdb"}),
    ("postgres://anna:s3cret@p.abc.db.postgresbridge.com:5432/postgres", {**HOST, "host": "p.abc.db.postgresbridge.com", "port": 5432, "dbname": "postgres"}),
    ("postgresql://anna:s3cret@shop.abc.eu-central-1.rds.amazonaws.com:5432/shop?sslmode=verify-full&sslrootcert=/app/ca.pem", {**HOST, "host": "shop.abc.eu-central-1.rds.amazonaws.com", "port": 5432, "sslmode": "verify-full", "sslrootcert": "/app/ca.pem"}),
    ("postgresql://anna@shop:s3cret@shop.postgres.database.azure.com:5432/shop?sslmode=require", {**TLS, "user": "anna@shop", "host": "shop.postgres.database.azure.com", "port": 5432}),
    ("postgresql://anna%40shop:s3cret@shop.postgres.database.azure.com/shop", {**HOST, "user": "anna@shop", "host": "shop.postgres.database.azure.com"}),
    # Options
    ("postgresql://anna:s3cret@db.example.com/shop?ssl=true", TLS),
    ("postgresql://anna:s3cret@db.example.com/shop?ssl=require", TLS),
    ("postgresql://anna:s3cret@db.example.com/shop?ssl=false", {**HOST, "sslmode": "disable"}),
    ("postgresql://anna:s3cret@db.example.com/shop?sslmode=no-verify", TLS),
    ("postgresql://anna:s3cret@db.example.com/shop?sslmode=require&amp;application_name=shop", {**TLS, "application_name": "shop"}),
    ("postgresql://anna:s3cret@db.example.com/shop?ApplicationName=shop&prepareThreshold=0", {**HOST, "application_name": "shop"}),
    ("postgresql://anna:s3cret@db.example.com/shop?options=-c%20search_path%3Dshop,public", {**HOST, "options": "-c search_path=shop,public"}),
    ("postgresql://anna:s3cret@db.example.com/shop?options=-csearch_path%3Dpublic", {**HOST, "options": "-csearch_path=public"}),
    ("postgresql://anna:s3cret@db.example.com/shop?options=--cluster%3Dshop-1", {**HOST, "options": "--cluster=shop-1"}),
    ("postgresql://anna:s3cret@db.example.com/shop?statement_cache_size=0&prepared_statement_cache_size=0", HOST),
    # Databases
    ("postgresql://anna:s3cret@db.example.com//shop/", HOST),
    ("postgresql://anna:s3cret@db.example.com/my%20shop", {**HOST, "dbname": "my shop"}),
    ("postgresql://anna:s3cret@db.example.com/a%40b%3Fc", {**HOST, "dbname": "a@b?c"}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), FORMS)
def test_form(written: str, expected: Expected) -> None:
    """The result is stable when the URL is written again, as a project's tests do."""
    url = parse_url(written, "DATABASE_URL")
    for each in (url, parse_url(url.render_as_string(hide_password=False), "DATABASE_URL")):
        assert each.drivername == "postgresql+psycopg"
        assert each.get_dialect()().create_connect_args(each) == ([], expected)
    assert "s3" not in str(url)


def test_target_of_several_servers() -> None:
    url = parse_url("postgresql://127.0.0.1,127.0.0.1:5433,[::1]:5434/shop", "DATABASE_URL")
    target = find_target(url, is_local_postgres=False)
    assert target.server == "127.0.0.1,127.0.0.1:5433,::1:5434"
    assert target.on_this_machine


REFUSED = [
    *(
        (written, f"X is not the URL of a PostgreSQL database, which begins with postgresql://: write {EXAMPLE}.")
        for written in (
            "s3cret",
            "localhost",
            "localhost:5432/shop",
            "anna:s3cret@localhost/shop",
            "postgresql:/localhost/shop",
            "//anna:s3cret@localhost/shop",
            "host=localhost dbname=shop password=s3cret",
            "Server=db;Database=shop;User Id=anna;Password=s3cret",
            "${{Postgres.DATABASE_URL}}",
            "$DATABASE_URL",
        )
    ),
    *(
        (f"{scheme}://s3cret", f"X is not the URL of a PostgreSQL database, it begins with {scheme}: write {EXAMPLE}.")
        for scheme in ("mysql", "https", "prisma+postgres", "postgresql+nothing", "sqlite+pysqlcipher")
    ),
    ("postgresql://anna:s3cret@h", f"X names no database: write {EXAMPLE}."),
    ("postgresql://anna:s3cret@h/?sslmode=require", f"X names no database: write {EXAMPLE}."),
    ("postgresql://anna:s3cret@h/shop/public", f"X: the name of the database has a /: write {EXAMPLE}."),
    ("postgresql://anna:s3cret@h/shop&sslmode=require", "X: the options follow a ?, not a &."),
    *(
        (
            f"postgresql://anna:{rest}/shop",
            "X: the port is not a number from 1 to 65535. In a password write @ as %40, : as %3A, / as %2F,"
            " ? as %3F and % as %25.",
        )
        for rest in ("x@h:s3cret", "x@h:5432s3cret", "x@h:99999", "x@h:0", "s3cret", "x@h1:5432,h2:s3cret")
    ),
    (
        "postgresql://anna:s3cret@my host/shop",
        "X: the host contains an invalid character. In a password write @ as %40, : as %3A, / as %2F, ? as %3F"
        " and % as %25.",
    ),
    ("postgresql://anna:s3cret@::1/shop", "X: an IPv6 address needs brackets: [::1]:5432."),
    ("postgresql://anna:s3cret@2001:db8::1:5432/shop", "X: an IPv6 address needs brackets: [::1]:5432."),
    ("postgresql://a:s3cret@/x?host=b,c,d&port=1,2", "X: several hosts need one port for all, or one for each."),
    *(
        (f"postgresql://anna:{password}@h/shop", "X: the password is a placeholder: write the password in its place.")
        for password in ("[YOUR-PASSWORD]", "<password>", "********", "${DB_PASSWORD}")
    ),
    *(
        (f"postgresql://anna:s3cret@h/shop?{option}=s3cret", f"X: PostgreSQL has no connection option {option}: remove it.")
        for option in ("pool_size", "command_timeout", "sslaccept", "autocommit", "prepare_threshold", "charset")
    ),
    ("postgresql://anna@h/shop?s3cret=x", "X: PostgreSQL has no connection option of one of these names: remove it."),
    *(
        (
            f"postgresql://anna:s3cret@h/shop?{query}",
            f"X: the option {name} does not include public, where tables without a schema are: remove the option, and set the schema in the models.",
        )
        for query, name in (
            ("schema=shop", "schema"),
            ("currentSchema=shop", "currentSchema"),
            ("options=-c%20search_path%3Dshop", "search_path"),
            ("options=-csearch_path=shop,other", "search_path"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "line"), REFUSED)
@pytest.mark.parametrize("variable", ["DATABASE_URL", "TEST_DATABASE_URL", "DATABASE_DIRECT_URL"])
def test_refused(written: str, line: str, variable: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_url(written, variable)
    assert str(caught.value) == line.replace("X", variable, 1)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "pooled"),
    [
        ("", False),
        ("?pgbouncer=true", True),
        ("?pgbouncer=false", False),
        ("?statement_cache_size=0", True),
        ("?statement_cache_size=100", False),
        ("?prepareThreshold=0", True),
    ],
)
def test_pooler(
    root: Path, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, query: str, pooled: bool
) -> None:
    """A URL that names a pooler is treated as if DATABASE_DIRECT_URL were set."""
    from host import config

    written = f"postgresql://anna:s3cret@db.example.com/shop{query}"
    assert read_url(written, "DATABASE_URL").pooled == pooled
    app = Flask("elsewhere", root_path=str(empty_folder / "app"))
    for name, environment in (("DATABASE_URL", "development"), ("TEST_DATABASE_URL", "testing")):
        monkeypatch.setenv(name, written)
        options = settings.load(app, config, environment)["SQLALCHEMY_ENGINE_OPTIONS"]
        assert ("prepare_threshold" in options["connect_args"]) == pooled
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.com/shop")
    monkeypatch.setenv("DATABASE_DIRECT_URL", written)
    if pooled:
        with pytest.raises(ConfigError, match=r"^DATABASE_DIRECT_URL has an option for a pooler"):
            settings.load(app, config, "development")
    else:
        settings.load(app, config, "development")


@pytest.mark.parametrize("value", ["", " ", '""', "''\n"])
def test_variable_without_a_value(
    root: Path, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """An empty variable counts as unset; Docker's --env-file keeps the quotes."""
    from host import config

    app = Flask("elsewhere", root_path=str(empty_folder / "app"))
    for name in ("DATABASE_URL", "DATABASE_DIRECT_URL"):
        monkeypatch.setenv(name, value)
    assert settings.load(app, config, "development")["LOCAL_POSTGRES"]
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    with pytest.raises(ConfigError, match="^DATABASE_URL is not set"):
        settings.load(app, config, "production")


def test_quotes_in_a_file(root: Path, empty_folder: Path) -> None:
    from host import config

    app = Flask("elsewhere", root_path=str(empty_folder / "app"))
    for line in ('"postgres://a:b@h/shop"', "'postgres://a:b@h/shop'", "\"'postgres://a:b@h/shop'\""):
        (empty_folder / ".env").write_text(f"DATABASE_URL={line}\n")
        found = settings.load(app, config, "development")["SQLALCHEMY_DATABASE_URI"]
        assert found == make_url("postgresql+psycopg://a:b@h/shop")


@pytest.fixture(scope="module")
def folder(root: Path) -> str:
    """The socket folder of the local PostgreSQL."""
    return str(make_url(LocalPostgres(root).url("postgres")).query["host"])


@pytest.fixture(scope="module")
def port(folder: str) -> Iterator[int]:
    """A port of this machine, on IPv4 and IPv6, at which the local PostgreSQL answers."""

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def relay(client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(f"{folder}/.s.PGSQL.5432")
            back = threading.Thread(target=copy, args=(server, client), daemon=True)
            back.start()
            copy(client, server)
            back.join()

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=relay, args=(client,), daemon=True).start()

    with socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "written",
    [
        "postgresql+psycopg2://postgres:x@127.0.0.1:PORT/postgres",
        "postgresql+asyncpg://postgres:x@localhost:PORT/postgres?ssl=prefer&statement_cache_size=0",
        "psql 'postgres://postgres:p@s/s?w#rd%@127.0.0.1:PORT/postgres?sslmode=prefer&channel_binding=prefer'",
        "jdbc:postgresql://127.0.0.1:PORT/postgres?user=postgres&password=x&ssl=false&currentSchema=public",
        "postgresql://postgres:x@[::1]:PORT/postgres",
        "postgresql://postgres@127.0.0.1:1,127.0.0.1:PORT/postgres",
        "postgresql://postgres@[::1]:1,localhost:PORT/postgres?target_session_attrs=read-write",
        "postgresql://postgres@/postgres?host=127.0.0.1:1&host=127.0.0.1:PORT",
        "postgresql://postgres@/postgres?host=127.0.0.1,127.0.0.1&port=PORT",
        "postgresql://postgres:x@127.0.0.1:PORT/postgres?pgbouncer=true&connection_limit=1&schema=public",
        "postgresql://postgres@127.0.0.1:PORT/postgres?options=-c%20search_path%3Dshop,public",
        "postgresql://postgres@/postgres?host=FOLDER",
        "postgresql://postgres@/postgres?host=FOLDER/.s.PGSQL.5432",
        "postgresql+pg8000://postgres:x@/postgres?unix_sock=FOLDER/.s.PGSQL.5432",
        "postgresql://postgres@ENCODED/postgres",
        "postgresql://postgres@FOLDER/postgres",
    ],
)
def test_connection(folder: str, port: int, written: str) -> None:
    encoded = folder.replace("/", "%2F")
    written = written.replace("PORT", str(port)).replace("FOLDER", folder).replace("ENCODED", encoded)
    engine = create_engine(parse_url(written, "DATABASE_URL"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_database()")) == "postgres"
        if "search_path" in written:
            assert connection.scalar(text("SHOW search_path")) == "shop,public"
    engine.dispose()
