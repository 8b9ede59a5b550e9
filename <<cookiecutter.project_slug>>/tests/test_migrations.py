"""The migrations, on an empty database of their own."""

from alembic import command
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import inspect

from app.extensions import db, migrate
from db_manage import cli
from plumbing.migrations import downgrade, upgrade
from plumbing.migrations.history import heads, script_directory


def everything() -> set[tuple[str, str]]:
    """Return every table and every sequence, and every schema with an empty name."""
    found = inspect(db.engine)
    kinds = (found.get_table_names, found.get_sequence_names, lambda schema: [""])
    return {(s, n) for s in found.get_schema_names() for names in kinds for n in names(s)}


def test_one_head(empty_app: Flask) -> None:
    assert len(heads()) == 1


def test_models_match_migrations(empty_app: Flask) -> None:
    upgrade()
    command.check(migrate.get_config())


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
