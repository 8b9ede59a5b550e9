"""Test the page at / in development, in all states of the database."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from plumbing import database, migrations
from plumbing.current import db
from plumbing.local_postgres import LocalPostgres

Factory = Callable[[str], Flask]


@pytest.fixture
def page(create_app: Factory, empty_folder: Path) -> Callable[[], str]:
    """A function that returns the current page at / of one application in development."""
    client = create_app("development").test_client()

    def get() -> str:
        response = client.get("/")
        assert response.status_code == 200
        return response.text

    return get


@pytest.fixture
def ready(root: Path, create_app: Factory, empty_folder: Path) -> Iterator[Flask]:
    """An application in development, with a new database."""
    LocalPostgres(root).start()
    app = create_app("development")
    app.config["DATABASE_IS_DISPOSABLE"] = True
    with app.app_context():
        database.drop()
        database.create()
        migrations.upgrade()
    yield app
    with app.app_context():
        db().engine.dispose()


def execute(app: Flask, *statements: str) -> None:
    with app.app_context(), db().engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def plain(page: str) -> str:
    """Return the text of a page, with single spaces between words."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def commands(page: str) -> list[str]:
    """Return the commands that the page suggests."""
    problem = re.search(r'class="state problem">(.*?)</div>', page, re.DOTALL)
    return re.findall("<code>(.*?)</code>", problem[1]) if problem else []


def test_all_is_well(ready: Flask, page: Callable[[], str]) -> None:
    execute(ready, "INSERT INTO library.authors (name) VALUES ('Jane'), ('Emily')")
    found = page()
    words = plain(found)
    facts = (
        "Host is running",
        "Python 3.",
        "Flask 3.",
        "SQLAlchemy 2.",
        "PostgreSQL 18.",
        "host_dev",
        "0001_initial",
    )
    assert [fact for fact in facts if fact not in words] == []
    assert "Schema library Model Table Rows Author authors 2" in words
    assert "Tables Model Table Rows Book books 0" in words
    assert not commands(found)
    assert "seed" not in found
    assert 'href="/_rows/library.authors"' in found


def test_head(ready: Flask) -> None:
    response = ready.test_client().head("/")
    assert (response.status_code, response.text) == (200, "")


def test_empty_tables(ready: Flask, page: Callable[[], str]) -> None:
    assert "python db_manage.py seed" in page()


def test_it_heals_without_a_restart(root: Path, ready: Flask, page: Callable[[], str]) -> None:
    """One application sees the server stopped, started, without a database, and healthy again."""
    LocalPostgres(root).stop()
    found = page()
    assert commands(found) == ["python db_manage.py start"]
    assert "Author authors –" in plain(found)
    assert 'class="diagram"' in found and "leaves out created_at and updated_at" in plain(found)
    LocalPostgres(root).start()
    assert not commands(page())
    with ready.app_context():
        database.drop()
        assert commands(page()) == ["python db_manage.py create"]
        database.create()
        assert commands(page()) == ["python db_manage.py upgrade"]
        assert "Migrations are pending: 0001_initial." in page()
        migrations.upgrade()
    assert not commands(page())


def test_a_table_that_no_migration_creates(ready: Flask, page: Callable[[], str]) -> None:
    execute(ready, "DROP TABLE books")
    found = page()
    assert "No migration creates books." in found
    assert commands(found) == ["python db_manage.py migrate &#34;add books&#34;"]


def test_a_database_that_is_ahead_of_the_code(ready: Flask, page: Callable[[], str]) -> None:
    execute(ready, "UPDATE alembic_version SET version_num = '0009_later'")
    assert "The database is at 0009_later, which is not in migrations/versions" in page()


def test_two_heads(ready: Flask, page: Callable[[], str], root: Path) -> None:
    initial = next(root.glob("migrations/versions/0001*.py"))
    other = initial.with_name("0001_other.py")
    try:
        other.write_text('revision = "0001_other"\ndown_revision = None\n')
        assert commands(page()) == ["python db_manage.py merge"]
    finally:
        other.unlink()


def test_a_locked_table(ready: Flask, page: Callable[[], str]) -> None:
    with ready.app_context():
        engine = db().engine
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE library.authors"))
        words = plain(page())
    assert "Author authors ?" in words
    assert "Book books 0" in words
    assert "up to date" in words


def test_a_large_table(ready: Flask, page: Callable[[], str]) -> None:
    insert = "INSERT INTO library.authors (name) SELECT n FROM generate_series(FIRST, LAST) AS n"
    execute(ready, insert.replace("FIRST", "1").replace("LAST", "10000"))
    assert "Author authors 10,000" in plain(page())
    execute(ready, insert.replace("FIRST", "10001").replace("LAST", "10001"))
    assert "Author authors over 10,000" in plain(page())


def test_another_server_that_is_not_there(
    create_app: Factory, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:s3cret@localhost:1/shop")
    response = create_app("development").test_client().get("/")
    assert response.status_code == 200
    assert "Start the server, or correct DATABASE_URL." in response.text
    assert "s3cret" not in response.text
    assert not commands(response.text)


def test_sqlite(tmp_path: Path) -> None:
    """A SQLite database is shown like any other."""
    from plumbing.web.development.overview import count, existing_tables

    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE books (id INTEGER)")
        from host.models.book import Book

        books: Any = Book.__table__
        assert [table.key for table in existing_tables(connection, [books])] == ["books"]
        assert count(connection, books) == "0"


def test_the_pages_of_the_application(ready: Flask) -> None:
    for rule in ("/posts", "/posts/<int:id>"):
        ready.add_url_rule(rule, rule, view_func=lambda: "mine")
    page = ready.test_client().get("/").text
    assert re.findall(r'<a href="(.*?)">/', page) == ["/posts"]


def test_nothing_that_the_content_policy_forbids(ready: Flask, page: Callable[[], str]) -> None:
    found = page()
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|(src|href)=\"(\w+:)?//", found)
    client = ready.test_client()
    addresses = re.findall(r'(?:src|href)="(/_plumbing/[^"]+)"', found)
    assert addresses
    for address in addresses:
        with client.get(address) as response:
            assert response.status_code == 200, address


def test_a_page_of_ones_own_goes_first(ready: Flask) -> None:
    ready.add_url_rule("/", view_func=lambda: "mine")
    assert ready.test_client().get("/").text == "mine"
    assert ready.test_client().post("/").status_code == 405


def test_only_in_development(
    create_app: Factory, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/").status_code == 404
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:s3cret@localhost:1/shop")
    assert create_app("production").test_client().get("/").status_code == 404


def test_names_of_other_sites_are_refused(ready: Flask) -> None:
    client = ready.test_client()
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"Host": "shop.localhost:5000"}).status_code == 200
