"""Test the names of migrations, what they own, and how their progress is logged."""

import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Computed, DefaultClause, Integer, String, Table, Text, func, text

from plumbing import migrations, status
from plumbing.current import db, metadata
from plumbing.diagram.columns import POSTGRESQL
from plumbing.migrations import progress
from plumbing.migrations.autogenerate.defaults import as_sql
from plumbing.migrations.history import next_revision_id
from plumbing.migrations.ownership import created_by, owned_schemas, owned_table_names


@pytest.mark.parametrize(
    ("message", "revision"),
    [
        ("Add phone!", "0002_add_phone"),
        (None, "0002_migration"),
        ("", "0002_migration"),
        ("\N{CJK UNIFIED IDEOGRAPH-6771}", "0002_migration"),
        ("x" * 40, "0002_" + "x" * 27),
        ("a" * 26 + " b", "0002_" + "a" * 26),
    ],
)
def test_revision_id(empty_app: Flask, message: str | None, revision: str) -> None:
    assert next_revision_id(message) == revision


def test_first_migration(empty_app: Flask, root: Path) -> None:
    """It creates its schema first, has a readable id, and contains no date."""
    source = (root / "migrations/versions/0001_initial.py").read_text()
    upgrade = source.partition("def upgrade()")[2].partition("def downgrade()")[0]
    assert upgrade.index("op.create_schema('library')") < upgrade.index("op.create_table('authors'")
    assert 'server_default="it\'s"' in upgrade
    assert "Create Date" not in source
    migrations.upgrade()
    assert status.differences() == []


SOURCE = b"""
op.create_schema("shop")
op.create_table("orders", sa.Column("id"), schema="shop")
op.create_table("plain")
op.create_table("none", schema=None)
op.create_table("unknown", schema=name)
op.create_table(name)
op.drop_table("gone")
op.rename_table("plain", "pretty", schema="shop")
op.execute('ALTER TABLE "shop".orders SET SCHEMA old')
op.execute("ALTER TABLE shop.orders RENAME TO bills")
op.execute("CREATE OR REPLACE FUNCTION shop.total() RETURNS int LANGUAGE sql AS 'SELECT 1'")
op.execute(CreateSequence(sa.Sequence("numbers", start=100)))
op.execute(sa.text("CREATE MATERIALIZED VIEW IF NOT EXISTS latest AS SELECT 1"))
"""


def test_ownership() -> None:
    created = created_by(SOURCE)
    assert created.schemas == {"shop"}
    assert created.tables == {
        ("shop", "orders"),
        ("public", "plain"),
        ("public", "none"),
        ("shop", "pretty"),
        ("old", "orders"),
        ("shop", "bills"),
    }
    assert created.objects == (
        ("SEQUENCE", '"public"."numbers"'),
        ("MATERIALIZED VIEW", "latest"),
        ("FUNCTION", "shop.total"),
    )


def test_ownership_of_the_host(empty_app: Flask) -> None:
    assert owned_schemas(metadata()) == {"library"}
    assert owned_table_names(metadata()) == {("library", "authors"), ("public", "books")}


def test_progress(empty_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, progress.logger.name):
        migrations.upgrade()
        migrations.downgrade("base")
        migrations.stamp()
    lines = [r.getMessage() for r in caplog.records if r.name == progress.logger.name]
    assert lines == ["Applying: 0001_initial", "Reverting: 0001_initial"]
    assert not progress.logger.filters


DEFAULTS: list[tuple[Any, str, Any, bool]] = [
    (Text, "'a'", "a", False),
    (Text, "'a'", "b", True),
    (Text, "'it''s'", "it's", False),
    (String, "'a'::character varying", "a", False),
    (Text, "lower('A')", text("lower('A')"), False),
    (Text, "lower('A')", text("lower('B')"), True),
    (Text, "NULL", None, False),
    (Text, "'a'", None, True),
    (Integer, "5", "5", False),
    (Integer, "5", text("now()"), True),
]


@pytest.mark.parametrize(("type_", "stored", "default", "differs"), DEFAULTS)
def test_defaults(empty_app: Flask, type_: Any, stored: str, default: Any, differs: bool) -> None:
    """A changed default is detected, and a mere change of spelling is not."""
    migrations.upgrade()
    with db().engine.begin() as connection:
        kind = type_().compile(dialect=connection.dialect)
        connection.execute(text(f"ALTER TABLE books ADD extra {kind} DEFAULT {stored}"))
    table = metadata().tables["books"]
    column: Column[Any] = Column("extra", type_, server_default=default)
    table.append_column(column)
    try:
        assert bool(status.differences()) == differs
    finally:
        remove(table, column)


def remove(table: Table, column: Column[Any]) -> None:
    """Remove a column from a table again."""
    columns: Any = table._columns
    columns.remove(column)


def test_defaults_as_sql() -> None:
    assert as_sql(DefaultClause("it's"), POSTGRESQL) == "'it''s'"
    assert as_sql(DefaultClause(text("now()")), POSTGRESQL) == "now()"
    assert as_sql(DefaultClause(func.now()), POSTGRESQL) == "now()"


def test_generated_columns(empty_app: Flask) -> None:
    """A function given as compare_server_default= would make Alembic fail on these."""
    migrations.upgrade()
    with db().engine.begin() as connection:
        connection.execute(text("ALTER TABLE books ADD twice int GENERATED ALWAYS AS (id * 2) STORED"))
    table = metadata().tables["books"]
    column: Column[Any] = Column("twice", Integer, Computed("id * 2"))
    table.append_column(column)
    try:
        assert status.differences() == []
    finally:
        remove(table, column)


def test_options_of_the_project(empty_app: Flask, root: Path) -> None:
    """Options that migrations/env.py passes to run() override plumbing's own."""
    migrations.upgrade()
    with db().engine.begin() as connection:
        connection.execute(text("ALTER TABLE books ALTER title TYPE integer USING 0"))
    assert status.differences() != []
    script = root / "migrations/env.py"
    original = script.read_text()
    try:
        script.write_text(original.replace("run()", "run(compare_type=False)", 1))
        assert status.differences() == []
    finally:
        script.write_text(original)
