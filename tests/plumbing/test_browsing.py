"""Test the pages in development that show the rows of every table, and the labels of rows."""

import html
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import (
    CHAR,
    Column,
    Connection,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import CreateSchema
from werkzeug.test import TestResponse

from plumbing import database
from plumbing.current import db, metadata
from plumbing.labels import label, label_column
from plumbing.web.development import queries, rows

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
    """The application with models of every kind, in development, with its tables created."""
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
    tables = [table for table in metadata().tables.values() if table.name != "kennels"]
    metadata().create_all(connection, tables)
    connection.execute(text(VIEW))
    connection.exec_driver_sql(ROWS_OF_THE_GALLERY.replace("%", "%%"))


@pytest.fixture
def browser(gallery: Flask) -> FlaskClient:
    return gallery.test_client()


def page_of(key: str, *pairs: tuple[str, str], row: bool = False) -> str:
    """Return the address of a page."""
    path = quote(f"/_rows/{key}/row" if row else f"/_rows/{key}")
    return f"{path}?{urlencode(pairs)}"


def filtered(column: str, operator: str, value: str = "") -> list[tuple[str, str]]:
    return [("column", column), ("operator", operator), ("value", value)]


def texts(found: list[str]) -> list[str]:
    """Return the visible text of parts of a page."""
    plain = [html.unescape(re.sub("<[^>]*>", "", part)) for part in found]
    return [part.strip() for part in plain]


def cells(page: TestResponse) -> list[list[str]]:
    """Return the cells of a page's rows, without the links to the rows."""
    body = page.text.partition("<tbody>")[2]
    found = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [texts(re.findall(r"<td(?! class=.open)[^>]*>(.*?)</td>", row, re.DOTALL)) for row in found]


def values(page: TestResponse) -> dict[str, str]:
    """Return the values on a row's page, keyed by column name."""
    found = re.findall(r"<dt>(.*?) <small>.*?<dd[^>]*>(.*?)</dd>", page.text, re.DOTALL)
    return {html.unescape(name): texts([value])[0] for name, value in found}


def links(page: TestResponse) -> list[str]:
    """Return the addresses on a page that lead to pages of rows."""
    return [html.unescape(link) for link in re.findall(r'href="(/_rows/[^"]*)"', page.text)]


def notice(page: TestResponse) -> str:
    """Return the problem that a page reports, or nothing."""
    return "".join(texts(re.findall(r'<p class="notice".*?</p>', page.text, re.DOTALL)))


# Every table


def test_every_table_and_all_links(browser: FlaskClient) -> None:
    """Each table has a page on which every link works: to rows, other tables and both sort orders."""
    with browser.application.test_request_context():
        waiting = {url_for("plumbing_rows.table", key=key) for key in metadata().tables}
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        page = browser.get(address)
        assert (page.status_code, notice(page)) == (200, ""), address
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert not re.search(r"<script|<style| style=| on\w+=", page.text)
        waiting |= {link for link in links(page) if link.count("sort=") < 2} - seen
    assert len(seen) > 150
    assert len([address for address in seen if "/row?" in address]) > 20


def test_index(browser: FlaskClient) -> None:
    page = browser.get("/_rows/")
    with browser.application.test_request_context():
        assert set(links(page)) == {url_for("plumbing_rows.table", key=key) for key in metadata().tables}
    assert texts(re.findall("<h2>.*?</h2>", page.text)) == [
        "No schema",
        "crew",
        "guests",
        "library",
        "select",
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("library.authors", [["1", "Anna <b>", "a&b=c/ä?"], ["2", "NULL", "mail"], ["3", '""', "NULL"]]),
        ("dogs", [["2 Rex", "sit"]]),
        ("animals", [["1", "cat", "Tom", "9"], ["2", "dog", "Rex", "NULL"]]),
        ("kennels", [["cat", "1"], ["dog", "1"]]),
        ("log", [["one", "1"], ["one", "1"], ["two", "NULL"]]),
        ("settings", [["a", "b", "c"]]),
        ("select.order", [["1", "where"]]),
        ("crew.people", [["1", "Kim"]]),
        ("guests.people", [["1", "Pat"]]),
        ("islands", [["1", "Iona"]]),
        ("traps", [["1", "trapped", "renamed"]]),
        ("library.books_tags", [[f"{KEY_OF_BOOK.format(1)} Über & unter", "a/b?c=d&e#f g"]]),
        (
            "library.figures",
            [
                ["2", "NULL", "1", "9007199254740993"],
                ["9007199254740993", KEY_OF_BOOK.format(1), "2 Two", "NULL"],
            ],
        ),
        ("digests", [[r"\x 0 bytes", r"\x00ff 2 bytes"], [r"\x00ff 2 bytes", "NULL"]]),
    ],
)
def test_rows(browser: FlaskClient, key: str, expected: list[list[str]]) -> None:
    assert cells(browser.get(page_of(key))) == expected


def test_null_is_neither_empty_nor_the_text(browser: FlaskClient) -> None:
    null = '<span class="null">NULL</span>'
    page = browser.get(page_of("library.books", ("sort", "title")))
    assert cells(page)[0][0] == '"NULL"'
    assert '<span class="quotes">"NULL"</span>' in page.text
    assert null in page.text
    assert null not in browser.get(page_of("library.tags")).text


VALUES = {
    "id": "2",
    "a_smallint": "7",
    "a_bigint": "9223372036854775807",
    "a_numeric": "NaN",
    "a_real": "Infinity",
    "a_float": "1e-300",
    "a_boolean": "true",
    "a_string": "a string",
    "a_char": "abc",
    "a_text": "x" * 5000,
    "a_date": "infinity",
    "a_time": "24:00:00+01",
    "a_datetime": "20000-01-01 00:00:00",
    "a_moment": "0044-03-15 00:00:00+00 BC",
    "an_interval": "1 year -2 days +00:00:00.000001",
    "a_uuid": KEY_OF_BOOK.format(7),
    "a_json": r'{"a": "\u0000", "a": 1.50}',
    "a_jsonb": '{\n    "a": [\n        1.50,\n        null,\n        "ä"\n    ]\n}',
    "some_bytes": rf"\x{'0a' * 3000} 3,000 bytes",
    "an_enum": "it's",
    "an_array": '{NULL,"NULL","",a}',
    "a_matrix": "{{1,2},{3,4}}",
    "json_array": r'{"{\"a\": 1}"}',
    "a_range": "[1,)",
    "a_period": "empty",
    "some_periods": '{["2026-01-01 00:00:00+00","2026-02-01 00:00:00+00")}',
    "an_address": "::1/64",
    "a_network": "10.0.0.0/8",
    "a_card": "08:00:2b:01:02:03",
    "some_money": "-$0.50",
    "some_bits": "101",
    "some_words": "'ate':2 'rat':1",
    "some_pairs": '"a"=>NULL',
}


def test_values_of_a_row(browser: FlaskClient) -> None:
    """All values are shown, even those that Python cannot represent."""
    assert values(browser.get(page_of("kinds", ("id", "2"), row=True))) == VALUES
    nulls = values(browser.get(page_of("kinds", ("id", "1"), row=True)))
    assert nulls == dict.fromkeys(VALUES, "NULL") | {"id": "1"}


def test_long_values_are_cut(browser: FlaskClient) -> None:
    shown = dict(zip(VALUES, cells(browser.get(page_of("kinds")))[1], strict=True))
    assert shown["a_text"] == "x" * 100 + "…"
    assert shown["some_bytes"] == rf"\x{'0a' * 16}… 3,000 bytes"
    assert shown["a_jsonb"] == '{"a": [1.50, null, "ä"]}'


def test_nothing_is_taken_for_html(browser: FlaskClient) -> None:
    for address in ("/_rows/library.authors", "/_rows/library.books", "/_rows/library.authors/row?id=1"):
        page = browser.get(address).text
        assert "Anna &lt;b&gt;" in page
        assert "<b>" not in page
    for pairs in (filtered("<i>", "<i>", "<i>"), filtered("name", "is", "<i>"), [("sort", "<i>")]):
        page = browser.get(page_of("library.authors", *pairs)).text
        assert "<i>" not in page
        assert "&lt;i&gt;" in page


# References


def test_references_both_ways(browser: FlaskClient) -> None:
    book = browser.get(page_of("library.books", ("id", KEY_OF_BOOK.format(1)), row=True))
    assert "<h1>Über &amp; unter</h1>" in book.text
    by_email = page_of("library.authors", ("email", "a&b=c/ä?"), row=True)
    assert by_email in links(book)
    assert values(browser.get(by_email))["name"] == "Anna <b>"
    shown = texts(re.findall(r"<li>(.*?)</li>", book.text.partition("<h2>")[2], re.DOTALL))
    assert shown == ["library.books_tags by book_id 1 row", "library.chapters by book_id 2 rows"]
    chapters = browser.get(links(book)[-1])
    assert [cell[1:] for cell in cells(chapters)] == [["1", "One"], ["2", "Two"]]


def test_references_of_several_columns(browser: FlaskClient) -> None:
    key = KEY_OF_BOOK.format(1)
    address = page_of("library.chapters", ("book_id", key), ("number", "2"), row=True)
    assert address in links(browser.get(page_of("library.figures")))
    chapter = browser.get(address)
    assert "library.figures by book_id, chapter" in chapter.text
    figures = browser.get(links(chapter)[-1])
    assert [cell[0] for cell in cells(figures)] == ["9007199254740993"]
    empty = browser.get(page_of("library.chapters", ("book_id", key), ("number", "1"), row=True))
    assert cells(browser.get(links(empty)[-1])) == []


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("operator", ["is", "not-null"])
def test_number_of_queries(gallery: Flask, browser: FlaskClient, operator: str) -> None:
    """It does not depend on how many rows are shown or how many foreign keys they have."""
    with filled(gallery, 30):
        with statements(gallery) as seen:
            page = browser.get(page_of("library.books", *filtered("title", operator, "Book 1")))
        assert len(cells(page)) == (1 if operator == "is" else 20)
        assert len(seen) == 4  # settings, columns, rows, the number of rows
        with statements(gallery) as seen:
            browser.get(page_of("library.authors", ("id", "1"), row=True))
        assert len(seen) == 4  # settings, columns, the row, how many rows refer to it


@contextmanager
def filled(app: Flask, number: int) -> Iterator[None]:
    """Add books, and delete them afterwards."""
    insert = text(
        "INSERT INTO library.books (title, author_id, contact)"
        " SELECT 'Book ' || n, 1 + n % 3, 'mail' FROM generate_series(1, :number) AS n"
    )
    with app.app_context(), db().engine.connect() as connection:
        connection.execute(insert, {"number": number})
        connection.commit()
        yield
        connection.execute(text("DELETE FROM library.books WHERE title LIKE 'Book %'"))
        connection.commit()


# Sorting, pages, numbers


def test_sorted_by_a_column(browser: FlaskClient) -> None:
    page = browser.get(page_of("library.authors", ("sort", "name")))
    assert [row[1] for row in cells(page)] == ['""', "Anna <b>", "NULL"]
    assert re.findall(r'aria-sort="(\w+)">\s*<a href="([^"]*)">name', page.text) == [
        ("ascending", "/_rows/library.authors?sort=name&amp;order=desc")
    ]
    assert page.text.count("aria-sort") == 1
    page = browser.get("/_rows/library.authors?sort=name&order=desc")
    assert [row[1] for row in cells(page)] == ["NULL", "Anna <b>", '""']
    assert 'aria-sort="descending"' in page.text
    assert [row[0] for row in cells(browser.get("/_rows/library.authors?order=desc"))] == ["3", "2", "1"]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_show_each_row_once(gallery: Flask, browser: FlaskClient, order: str) -> None:
    """No row is repeated or lost, even if many have the same value in the sort column."""
    seen = []
    with filled(gallery, 60):
        address = page_of("library.books", ("sort", "author_id"), ("order", order))
        for page_number in (1, 2, 3, 4):
            page = browser.get(address)
            seen += [row[-1] for row in cells(page)]
            later = re.findall(r'href="([^"]*)" rel="next"', page.text)
            assert bool(later) == (page_number < 4)
            address = html.unescape(later[0]) if later else ""
        assert "61–62" in page.text
        assert re.search(r'rel="prev"', page.text)
    assert len(set(seen)) == len(seen) == 62


def test_page_that_does_not_exist(browser: FlaskClient) -> None:
    for number in ("2", "999999999999999999999999"):
        page = browser.get(page_of("settings", ("page", number)))
        assert page.status_code == 200
        assert "Go to the first page" in page.text
    for number in ("0", "-1", "", "x", "1.5", "9" * 5000):
        assert cells(browser.get(page_of("settings", ("page", number)))) == [["a", "b", "c"]]


def test_large_tables_are_not_counted(gallery: Flask, browser: FlaskClient) -> None:
    def number(*pairs: tuple[str, str]) -> str:
        return texts(re.findall("<p>.*?</p>", browser.get(page_of("library.books", *pairs)).text))[0]

    assert number() == "2 rows"
    assert number(*filtered("title", "is", "NULL")) == "1 row"
    with filled(gallery, 12_345):
        assert number() in ("more than 10,000 rows", "about 12,000 rows")  # if it has been analyzed
        with gallery.app_context(), db().engine.begin() as connection:
            connection.execute(text("ANALYZE library.books"))
            books = queries.find(connection, metadata().tables["library.books"])
            assert queries.count(connection, books, []) == 10_001
        assert number() == "about 12,000 rows"
        assert number(*filtered("title", "contains", "Book")) == "more than 10,000 rows"
        assert number(*filtered("title", "contains", "Book 1111")) == "11 rows"
        author = browser.get(page_of("library.authors", ("id", "1"), row=True))
        assert "more than 1,000 rows" in author.text


# Filters


def test_filters(browser: FlaskClient) -> None:
    def ids(*pairs: tuple[str, str]) -> list[str]:
        return [row[0] for row in cells(browser.get(page_of("library.authors", *pairs)))]

    assert ids(*filtered("name", "is", "Anna <b>")) == ["1"]
    assert ids(*filtered("name", "is", "")) == ["3"]
    assert ids(*filtered("name", "is", "NULL")) == []
    assert ids(*filtered("name", "null")) == ["2"]
    assert ids(*filtered("name", "not-null")) == ["1", "3"]
    assert ids(*filtered("name", "contains", "NNA <")) == ["1"]
    assert ids(*filtered("name", "contains", "%")) == []
    assert ids(*filtered("name", "contains", "A__a")) == []
    assert ids(*filtered("id", "contains", "3")) == ["3"]
    assert ids(*filtered("name", "not-null"), *filtered("email", "null")) == ["3"]


def test_filter_stays_and_can_be_removed(browser: FlaskClient) -> None:
    address = page_of("library.authors", *filtered("name", "not-null"), ("sort", "name"), ("order", "desc"))
    page = browser.get(address)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    given = [("column", "name"), ("operator", "not-null"), ("value", "")]
    assert hidden == [*given, ("sort", "name"), ("order", "desc")]
    (removed,) = re.findall(r'href="([^"]*)" aria-label="Remove', page.text)
    assert html.unescape(removed) == "/_rows/library.authors?sort=name&order=desc"


@pytest.mark.parametrize("name", VALUES)
def test_each_type_is_found_by_what_is_shown(browser: FlaskClient, name: str) -> None:
    shown = r"\x" + "0a" * 3000 if name == "some_bytes" else VALUES[name]
    for operator in ("is", "not-null"):
        page = browser.get(page_of("kinds", *filtered(name, operator, shown)))
        assert [row[0] for row in cells(page)][-1:] == ["2"], notice(page)
    page = browser.get(page_of("kinds", ("sort", name), ("order", "desc")))
    assert len(cells(page)) == 2


BAD = [
    ("id", "abc", 'invalid input syntax for type integer: "abc"'),
    ("a_smallint", "70000", 'value "70000" is out of range for type smallint'),
    ("a_date", "2026-02-30", 'date/time field value out of range: "2026-02-30"'),
    ("a_moment", "2026-01-01 Nowhere/City", 'time zone "nowhere/city" not recognized'),
    ("a_uuid", "1", 'invalid input syntax for type uuid: "1"'),
    ("an_enum", "large", 'invalid input value for enum size: "large"'),
    ("an_array", "a", 'malformed array literal: "a"'),
    ("a_jsonb", "{", "invalid input syntax for type json"),
    ("a_range", "[2,1]", "range lower bound must be less than or equal to range upper bound"),
    ("an_address", "x", 'invalid input syntax for type inet: "x"'),
    ("a_text", "\0", "PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    ("nothing", "1", "kinds has no column 'nothing'."),
]


@pytest.mark.parametrize(("name", "value", "line"), BAD)
def test_value_that_does_not_fit(browser: FlaskClient, name: str, value: str, line: str) -> None:
    page = browser.get(page_of("kinds", *filtered(name, "is", value)))
    assert (page.status_code, notice(page)) == (400, line)
    assert 'aria-label="Remove the filter' in page.text
    row = browser.get(page_of("kinds", (name, value), row=True))
    assert (row.status_code, notice(row)) == (400, line)


def test_what_does_not_exist(browser: FlaskClient) -> None:
    assert browser.get("/_rows/nowhere").status_code == 404
    assert browser.get("/_rows/nowhere/row?id=1").status_code == 404
    page = browser.get("/_rows/kinds/row?id=77")
    assert (page.status_code, notice(page)) == (404, "kinds has no such row.")
    assert browser.get("/_rows/kinds/row").status_code == 404
    page = browser.get(page_of("kinds", *filtered("id", "like", "1")))
    assert (page.status_code, notice(page)) == (400, "There is no operator 'like'.")
    page = browser.get(page_of("kinds", ("sort", "nothing")))
    assert (page.status_code, notice(page)) == (400, "kinds has no column 'nothing'.")


NASTY = [
    "",
    "NULL",
    "0",
    "-1",
    "1e999",
    "'",
    '"',
    "\\",
    "%s",
    ":x",
    "{}",
    "[]",
    "\0",
    "\ud7ff",
    "ä" * 300,
    "infinity",
    "x'); --",
]


def test_random_query_strings(browser: FlaskClient) -> None:
    """No page fails, whatever is typed into the address."""
    chance = random.Random(14)
    columns = [*VALUES, "nothing", ""]
    for _ in range(200):
        pairs = []
        for _ in range(chance.randrange(4)):
            operator = chance.choice([*queries.OPERATORS, "nothing"])
            pairs += filtered(chance.choice(columns), operator, chance.choice([*NASTY, *VALUES.values()]))
        for name in ("sort", "order", "page", "column", "value"):
            if chance.random() < 0.3:
                pairs.append((name, chance.choice([*columns, "desc", "2", *NASTY])))
        chance.shuffle(pairs)
        address = page_of("kinds", *pairs, row=chance.random() < 0.3)
        page = browser.get(address)
        assert page.status_code in (200, 400, 404), (address, page.text)
        assert bool(notice(page)) == (page.status_code != 200), address


# Security


def test_only_in_development(create_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost:1/nowhere")
    for environment, status in (("production", 404), ("testing", 404), ("development", 200)):
        app = create_app(environment)
        assert app.test_client().get("/_rows/").status_code == status
        assert any("_rows" in rule.rule for rule in app.url_map.iter_rules()) == (status == 200)


def test_rows_cannot_be_changed(gallery: Flask, browser: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for address in ("/_rows/", "/_rows/settings", "/_rows/settings/row?key=a"):
            assert browser.open(address, method=method).status_code == 405
    assert browser.head("/_rows/settings").status_code == 200
    refused = pytest.raises(DBAPIError, match="read-only transaction")
    with gallery.app_context(), queries.read_only() as connection, refused:
        connection.execute(text("DELETE FROM settings"))
    with gallery.app_context(), db().engine.begin() as connection:  # the same connection, afterwards
        connection.execute(text("UPDATE settings SET key = key"))


HOSTS = {
    "localhost": 200,
    "localhost:5000": 200,
    "shop.localhost:5000": 200,
    "127.0.0.1:5000": 200,
    "192.168.1.5": 200,
    "[::1]:5000": 200,
    "evil.example": 403,
    "localhost.evil.example:5000": 403,
    "127.0.0.1.evil.example": 403,
}


@pytest.mark.parametrize("host", HOSTS)
def test_names_of_other_sites_are_refused(browser: FlaskClient, host: str) -> None:
    page = browser.get("/_rows/settings", headers={"Host": host})
    assert page.status_code == HOSTS[host]
    assert page.headers["Cache-Control"] == "no-store"
    if page.status_code == 403:
        name = host.partition(":")[0]
        assert f'set TRUSTED_HOSTS="localhost {name}" in .env' in html.unescape(page.text)


def test_trusted_hosts(gallery: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(gallery.config, "TRUSTED_HOSTS", ["dev.example"])
    client = gallery.test_client()
    assert client.get("/_rows/settings", headers={"Host": "dev.example"}).status_code == 200
    assert client.get("/_rows/settings", headers={"Host": "evil.example"}).status_code == 400


# Problems with the database


@contextmanager
def changed(app: Flask, statement: str, back: str) -> Iterator[None]:
    """Change the tables for the length of a block."""
    with app.app_context():
        with db().engine.begin() as connection:
            connection.execute(text(statement))
        yield
        with db().engine.begin() as connection:
            connection.execute(text(back))


MISSING = {
    "table": (
        "ALTER TABLE settings RENAME TO gone",
        "ALTER TABLE gone RENAME TO settings",
        'relation "settings" does not exist.',
    ),
    "column": (
        'ALTER TABLE settings RENAME "column" TO gone',
        'ALTER TABLE settings RENAME gone TO "column"',
        "column settings.column does not exist.",
    ),
}


@pytest.mark.parametrize("what", MISSING)
def test_table_that_is_not_there_yet(
    gallery: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """If no migration is pending, the next step is to write one."""
    statement, back, said = MISSING[what]
    with changed(gallery, statement, back):
        for address in ("/_rows/settings", "/_rows/settings/row?key=a"):
            page = browser.get(address)
            assert page.status_code == 503
            assert notice(page) == f"{said} Run: python db_manage.py upgrade"
            assert "<code>python db_manage.py upgrade</code>" in page.text
            with monkeypatch.context() as patch:
                patch.setattr(rows, "pending", lambda _: [])
                assert notice(browser.get(address)) == f"{said} Run: python db_manage.py migrate"
    assert browser.get("/_rows/settings").status_code == 200


def test_schema_that_is_not_there_yet(gallery: Flask, browser: FlaskClient) -> None:
    with changed(gallery, "ALTER SCHEMA crew RENAME TO gone", "ALTER SCHEMA gone RENAME TO crew"):
        assert "Run: python db_manage.py upgrade" in notice(browser.get("/_rows/crew.people"))
    assert browser.get("/_rows/crew.people").status_code == 200


def test_locked_table(gallery: Flask, browser: FlaskClient) -> None:
    with gallery.app_context(), db().engine.connect() as other:
        other.execute(text("LOCK TABLE settings, library.books"))
        page = browser.get("/_rows/settings")
        assert page.status_code == 503
        assert notice(page) == (
            "canceling statement due to lock timeout. Another session uses the table. Try again later."
        )
        author = browser.get(page_of("library.authors", ("id", "1"), row=True))
        assert author.status_code == 200  # its books just cannot be counted
        assert texts(re.findall(r"<li>(.*?)</li>", author.text.partition("<h2>")[2], re.DOTALL)) == [
            "library.books by author_id",
            "library.books by contact",
        ]
    assert browser.get("/_rows/settings").status_code == 200


def test_slow_query(gallery: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(queries.SETTINGS, "statement_timeout", "1ms")
    with filled(gallery, 12_345):
        page = browser.get(page_of("library.books", ("sort", "title"), *filtered("title", "contains", "x")))
    assert page.status_code == 503
    assert "Filter or sort by a column that has an index" in notice(page)


def test_no_server(create_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:s3cret@localhost:1/nowhere")
    client = create_app("development").test_client()
    for address in ("/_rows/books", "/_rows/library.authors/row?id=1"):
        page = client.get(address)
        assert page.status_code == 503
        assert "Start the server, or correct DATABASE_URL." in notice(page)
        assert "s3cret" not in page.text
    assert client.get("/_rows/").status_code == 200


# Labels


def table_of(*columns: Column[Any] | UniqueConstraint | Index) -> Table:
    return Table("things", MetaData(), Column("id", Integer, primary_key=True), *columns)


Parts = tuple[Column[Any] | UniqueConstraint | Index, ...]
LABELS: dict[str, tuple[Parts, str | None]] = {
    "none": ((), None),
    "a name, wherever it is": ((Column("a", Text), Column("Name", Text)), "Name"),
    "the best of several": ((Column("code", Text), Column("email", Text), Column("title", Text)), "title"),
    "a name that is no text": ((Column("name", Integer), Column("a", String(9))), "a"),
    "the first that is unique": ((Column("a", Text), Column("b", Text, unique=True), Column("c", Text)), "b"),
    "unique by a constraint": ((Column("a", Text), Column("b", Text), UniqueConstraint("b")), "b"),
    "unique by an index": ((Column("a", Text), Column("b", Text), Index("ix", "b", unique=True)), "b"),
    "unique in pairs only": ((Column("a", Text), Column("b", Text), UniqueConstraint("a", "b")), "a"),
    "the first text": ((Column("a", Integer), Column("b", CHAR(3)), Column("c", Text)), "b"),
    "no enum": ((Column("state", Enum("a", "b", name="state")), Column("b", Text)), "b"),
    "no bytes": ((Column("a", LargeBinary), Column("b", Text)), "b"),
    "no secret": ((Column("password_hash", Text, unique=True), Column("api_token", Text)), None),
    "no reference": ((Column("country", Text, ForeignKey("countries.code")), Column("b", Text)), "b"),
}


@pytest.mark.parametrize("what", LABELS)
def test_label_column(what: str) -> None:
    parts, name = LABELS[what]
    found = label_column(table_of(*parts).columns)
    assert (found.name if found is not None else None) == name


def test_label_of_a_key() -> None:
    """A text key that is a name serves as the label; any other text key is the last resort."""
    named = Table("tags", MetaData(), Column("name", Text, primary_key=True), Column("a", Text))
    other = Table("tags", MetaData(), Column("uuid", String(36), primary_key=True), Column("a", Text))
    assert [str(label_column(table.columns)) for table in (named, other)] == ["tags.name", "tags.a"]


def test_label_of_an_object(gallery: Flask) -> None:
    from gallery.models.inheritance import Dog
    from gallery.models.keys import Author, Chapter

    with Session(db().engine) as session:
        author = Author(name="  Zoë\n the   first ")
        assert label(author) == "Zoë the first"
        assert label(Author()) == "new Author"
        session.add(author)
        session.flush()
        author.name = None
        assert label(author) == f"Author {author.id}"
        author.name = "x" * 81
        assert label(author) == "x" * 80 + "…"
        dog = session.get_one(Dog, 2)
        chapter = session.get_one(Chapter, (KEY_OF_BOOK.format(1), 2))
        chapter.heading = ""
        assert (label(dog), label(chapter)) == ("Rex", f"Chapter {KEY_OF_BOOK.format(1)}, 2")


def test_label_never_fails(gallery: Flask) -> None:
    """Even an object that can no longer be read has a label."""
    from gallery.models.keys import Author

    with Session(db().engine) as session:
        author = Author(name="Zoë")
        session.add(author)
        session.commit()
        key = author.id
        session.expire_all()
        assert label(author) == "Zoë"
        session.expire(author)
        session.expunge(author)
        assert label(author) == f"Author {key}"
        author = session.get_one(Author, key)
        session.expire(author)
        session.execute(text("DELETE FROM library.authors WHERE id = :key"), {"key": key})
        assert label(author) == f"Author {key}"
        session.commit()


def test_label_of_a_model_on_a_query(gallery: Flask) -> None:
    class Mapping(DeclarativeBase):
        pass

    codes = Table("codes", MetaData(), Column("id", Integer, primary_key=True), Column("sign", Text))
    part = select(codes).subquery()
    code = type("Code", (Mapping,), {"__table__": part, "__mapper_args__": {"primary_key": [part.c.id]}})
    assert label(code(id=1, sign="x")) == "x"


def test_model_that_raises_breaks_no_page(browser: FlaskClient) -> None:
    """The page works although a type, a property and a __repr__ of the model raise."""
    row = values(browser.get("/_rows/traps/row?id=1"))
    assert list(row.values()) == ["1", "trapped", "renamed"]
    name = "Another name: 100% \"of\" 'it'"
    found = browser.get(page_of("traps", *filtered(name, "is", "renamed"), ("sort", name)))
    assert cells(found) == [["1", "trapped", "renamed"]]
    assert cells(browser.get(page_of("traps", *filtered("name", "is", "trapped")))) == cells(found)
