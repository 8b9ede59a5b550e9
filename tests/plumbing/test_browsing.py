"""The pages in development that show the rows of every table, and the labels of rows."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.schema import CreateSchema

from plumbing import database
from plumbing.current import db, metadata

SCHEMAS = ("library", "select", "crew", "guests")
KEY_OF_BOOK = "00000000-0000-0000-0000-00000000000{}"
ROWS_OF_THE_GALLERY = rf"""
INSERT INTO library.authors (name, email) VALUES ('Anna <b>', 'a&b=c/ä?'), (NULL, 'mail'), ('', NULL);
INSERT INTO library.books (id, title, author_id, contact) VALUES
    ('{KEY_OF_BOOK.format(1)}', 'Über & unter', 1, 'a&b=c/ä?'), ('{KEY_OF_BOOK.format(2)}', 'NULL', 2, NULL);
INSERT INTO library.tags VALUES ('a/b?c=d&e#f g'), ('%');
INSERT INTO library.books_tags VALUES ('{KEY_OF_BOOK.format(1)}', 'a/b?c=d&e#f g');
INSERT INTO library.chapters VALUES ('{KEY_OF_BOOK.format(1)}', 1, 'One'), ('{KEY_OF_BOOK.format(1)}', 2, 'Two');
INSERT INTO library.figures VALUES (9007199254740993, '{KEY_OF_BOOK.format(1)}', 2, NULL), (2, NULL, 1, 9007199254740993);
INSERT INTO digests VALUES ('\x00ff', NULL), ('\x', '\x00ff');
INSERT INTO settings VALUES ('a', 'b', 'c');
INSERT INTO log VALUES ('one', 1), ('one', 1), ('two', NULL);
INSERT INTO orphans VALUES (1, 5);
INSERT INTO islands (name) VALUES ('Iona');
INSERT INTO animals (kind, name, lives) VALUES ('cat', 'Tom', 9), ('dog', 'Rex', NULL);
INSERT INTO dogs VALUES (2, 'sit');
INSERT INTO "select"."order" ("group") VALUES ('where');
INSERT INTO "a/b ""c"" 100%" VALUES (1);
INSERT INTO crew.people (name) VALUES ('Kim');
INSERT INTO guests.people (name) VALUES ('Pat');
INSERT INTO traps VALUES (1, 'trapped', 'renamed');
INSERT INTO kinds DEFAULT VALUES;
INSERT INTO kinds VALUES (
    2, 7, 9223372036854775807, 'NaN', 'infinity', 1e-300, true, 'a string', 'abc', '{"x" * 5000}', 'infinity',
    '24:00:00+01', '20000-01-01', '0044-03-15 BC', '1 year -2 days 00:00:00.000001', '{KEY_OF_BOOK.format(7)}',
    '{{"a": "\u0000", "a": 1.50}}', '{{"a": [1.50, null, "ä"]}}', '\x{"0a" * 3000}', 'it''s',
    '{{NULL,"NULL","",a}}', '{{{{1,2}},{{3,4}}}}', ARRAY['{{"a": 1}}'::json], '[1,)', 'empty',
    '{{[2026-01-01,2026-02-01)}}', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', -0.5, B'101',
    to_tsvector('english', 'rats ate'), 'a=>NULL'
);
"""
VIEW = "CREATE VIEW kennels AS SELECT kind, count(*) AS animals FROM animals GROUP BY kind"


@pytest.fixture(scope="module")
def gallery(create_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application with models of every kind, in development, on a database with their tables."""
    from gallery import create_app as create_gallery

    app = create_gallery("development")
    with app.app_context():
        database.create()
        with db().engine.begin() as connection:
            create_tables(connection)
        yield app
        db().engine.dispose()
        database.drop()


def create_tables(connection: Connection) -> None:
    connection.execute(text("CREATE EXTENSION hstore"))
    for schema in SCHEMAS:
        connection.execute(CreateSchema(schema))
    tables = [table for table in metadata().tables.values() if table.name not in ("kennels", "orphans")]
    metadata().create_all(connection, tables)
    connection.execute(text("CREATE TABLE orphans (id integer PRIMARY KEY, parent_id integer)"))
    connection.execute(text(VIEW))
    connection.exec_driver_sql(ROWS_OF_THE_GALLERY.replace("%", "%%"))


@pytest.fixture
def browser(gallery: Flask) -> FlaskClient:
    return gallery.test_client()


def test_drive(browser: FlaskClient) -> None:
    for key in metadata().tables:
        from flask import url_for
        with browser.application.test_request_context():
            url = url_for("plumbing_rows.table", key=key)
        r = browser.get(url)
        print(url, r.status_code, re.findall(r'class="notice".*', r.text))
        for href in re.findall(r'href="(/_rows/[^"]*)"', r.text):
            import html
            r2 = browser.get(html.unescape(href))
            if r2.status_code != 200:
                print("   ", href, r2.status_code, re.findall(r'class="notice".*', r2.text))
