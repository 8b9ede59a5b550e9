"""PostgreSQL's enums in migrations: created, changed and dropped, up, down and up again."""

import enum
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import ARRAY, Column, Enum, Integer, String, Table, Text
from sqlalchemy.dialects import postgresql

from plumbing import migrations, status
from plumbing.current import db, metadata
from plumbing.enums import stored_enums
from plumbing.errors import UserError
from plumbing.migrations.ownership import created_by
from plumbing.rows import reset


class Project:
    """The host's database and migrations, and tables that a test adds to its models."""

    def __init__(self, versions: Path) -> None:
        self.versions = versions
        self.tables: dict[str, Table] = {}

    def table(self, name: str, *columns: Any, schema: str | None = "blog", **options: Any) -> Table:
        """Add a table to the models, or put it in the place of the one of this name."""
        self.remove(name)
        key = Column("id", Integer, primary_key=True)
        self.tables[name] = Table(name, metadata(), key, *columns, schema=schema, **options)
        return self.tables[name]

    def remove(self, name: str) -> None:
        """Take a table out of the models."""
        if name in self.tables:
            metadata().remove(self.tables.pop(name))

    def migrate(self) -> str:
        """Write a migration; return the operations in it."""
        before = set(self.versions.glob("*.py"))
        assert migrations.migrate("change")
        (path,) = set(self.versions.glob("*.py")) - before
        return path.read_text()

    def change(self) -> str:
        """Migrate, and go up, down and up; return what the migration says.

        A downgrade leads to what was there before, and an upgrade to what the models say.
        """
        before = self.enums()
        source = self.migrate()
        migrations.upgrade()
        assert status.differences() == []
        after = self.enums()
        migrations.downgrade("-1")
        assert self.enums() == before
        migrations.upgrade()
        assert self.enums() == after
        assert status.differences() == []
        return source

    def enums(self) -> dict[str, list[str]]:
        """Return the enums in the database with their values."""
        with db().engine.connect() as connection:
            found = stored_enums(connection)
        return {f"{schema}.{name}": enum.values for (schema, name), enum in found.items()}

    def sql(self, *statements: str) -> Any:
        """Run statements; return the rows of the last."""
        with db().engine.begin() as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture
def project(empty_app: Flask, root: Path) -> Iterator[Project]:
    versions = root / "migrations/versions"
    before = set(versions.glob("*.py"))
    project = Project(versions)
    migrations.upgrade()
    yield project
    for name in list(project.tables):
        project.remove(name)
    for path in set(versions.glob("*.py")) - before:
        path.unlink()


def operations(source: str) -> list[str]:
    """Return the operations of a migration, without their further arguments."""
    return re.findall(r"^    op\.(\w+\('\w+'(?:, '[\w ]+')?)", source, re.MULTILINE)


def mood(*values: str, **options: Any) -> Enum:
    return Enum(*values, **{"name": "mood", "schema": "blog"} | options)


def test_with_a_table(project: Project) -> None:
    """In a new schema, with quotes, colons and percent signs; dropped with the table and its schema."""
    values = ("sad", "it's", "100% :x", 'a "b" \\ $enum$ {x}', "")
    project.table("posts", Column("mood", mood(*values, name="My mood"), server_default="it's"))
    source = project.change()
    assert operations(source) == [
        "create_schema('blog'",
        "create_enum('My mood'" if False else "create_table('posts'",
    ]
