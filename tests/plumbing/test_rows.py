"""Test the functions behind the commands for rows, called from Python."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from plumbing import database, migrations
from plumbing.current import db
from plumbing.errors import ConfigError, UserError
from plumbing.rows import TablesNotEmpty, empty, reset, seed, table_named, tables_of_schema


def number_of_books() -> int:
    from host.models.book import Book

    with db().engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Book)) or 0


def test_reset_and_seed(empty_app: Flask) -> None:
    from host import seeds

    migrations.upgrade()
    assert seed(seeds.rows) == {"Author": 1, "Book": 2}
    with pytest.raises(TablesNotEmpty, match="there are rows in authors, books"):
        seed(seeds.rows)
    assert number_of_books() == 2
    assert reset() == ["library"]
    assert number_of_books() == 0
    assert seed(seeds.rows)["Book"] == 2


def test_seeds_that_fail_insert_nothing(empty_app: Flask) -> None:
    from host import seeds

    migrations.upgrade()
    with pytest.raises(Exception, match="duplicate key"):
        seed(lambda: iter([*seeds.rows(), *seeds.rows()]))
    assert number_of_books() == 0


def test_production_wants_the_name(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from host import seeds

    migrations.upgrade()
    name = database.name()
    actions: dict[str, Callable[..., object]] = {
        "seed": lambda named=None: seed(seeds.rows, named),
        "reset-table": lambda named=None: empty([("public", "books")], named),
        "reset": lambda named=None: reset(named),
        "downgrade": lambda named=None: migrations.downgrade(named=named),
        "drop": lambda named=None: database.drop(named),
    }
    with monkeypatch.context() as patch:
        patch.setitem(empty_app.config, "DATABASE_IS_DISPOSABLE", False)
        patch.setitem(empty_app.config, "ENVIRONMENT", "production")
        for command, action in actions.items():
            refusal = f"^{command} is refused in production. .* {command}: --database {name}$"
            with pytest.raises(ConfigError, match=refusal):
                action()
            with pytest.raises(ConfigError, match="the connected database is"):
                action("other")
        assert seed(seeds.rows, name)["Book"] == 2
        migrations.downgrade("base", named=name)


def test_empty_follows_references(empty_app: Flask) -> None:
    from host import seeds

    migrations.upgrade()
    seed(seeds.rows)
    empty([table_named("authors")])
    assert number_of_books() == 0


def test_tables_by_name(empty_app: Flask) -> None:
    assert table_named("books") == table_named("public.books") == ("public", "books")
    assert table_named("library.authors") == ("library", "authors")
    assert tables_of_schema("library") == [("library", "authors")]
    with pytest.raises(UserError, match="No table of the models is just 'book': name one of library"):
        table_named("book")
    with pytest.raises(
        UserError, match="No schema of the models is just 'blog': name one of library, public"
    ):
        tables_of_schema("blog")


def test_tables_of_others_stay(empty_app: Flask) -> None:
    migrations.upgrade()
    with db().engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs ()"))
    reset()
    with db().engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('theirs')")) == "theirs"
