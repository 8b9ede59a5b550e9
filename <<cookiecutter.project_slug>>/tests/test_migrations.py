"""The migrations, on an empty database of their own."""

from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import inspect

from app.extensions import db
from db_manage import cli
from plumbing.migrations import downgrade, upgrade
from plumbing.migrations.history import heads, script_directory
from plumbing.status import differences


def everything() -> set[tuple[str, str]]:
    """Return every table, sequence and enum, and every schema with an empty name."""
    found: Any = inspect(db.engine)
    kinds = (
        found.get_table_names,
        found.get_sequence_names,
        lambda schema: [enum["name"] for enum in found.get_enums(schema)],
        lambda schema: [""],
    )
    return {(s, n) for s in found.get_schema_names() for names in kinds for n in names(s)}


def test_one_head(empty_app: Flask) -> None:
    assert len(heads()) == 1


def test_models_match_migrations(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")  # what differs is logged
    with app.app_context():
        assert differences() == []


def test_stairway(empty_app: Flask) -> None:
    """Each migration goes up, down and up again."""
    for script in reversed(list(script_directory().walk_revisions())):
        upgrade(script.revision)
        below = script.down_revision or "base"  # or those that a merge has joined
        downgrade(below if isinstance(below, str) else below[0])
        upgrade(script.revision)


def test_base_leaves_nothing(empty_app: Flask) -> None:
    before = everything()
    upgrade()
    downgrade("base")
    assert everything() - before == {("public", "alembic_version")}


def test_commands_of_the_first_day(empty_app: Flask) -> None:
    """The second time there is nothing left to do; seed inserts its rows once."""
    for name in ("setup", "setup", "seed", "seed", "check"):
        result = CliRunner().invoke(cli, [name])
        assert result.exit_code == 0, result.output
