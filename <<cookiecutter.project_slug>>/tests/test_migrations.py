"""The migrations, on an empty database of their own."""

from alembic import command
from flask import Flask
from sqlalchemy import text

from app.extensions import db, migrate
from app.revisions import directory

EVERYTHING = """
    SELECT 'schema', nspname, '' FROM pg_namespace
    UNION SELECT relkind::text, relnamespace::regnamespace::text, relname FROM pg_class
    UNION SELECT 'type', typnamespace::regnamespace::text, typname FROM pg_type
"""


def everything() -> set[tuple[str, str, str]]:
    """Return every schema, table, index, sequence and type of the database."""
    with db.engine.connect() as connection:
        rows = connection.execute(text(EVERYTHING))
        return {(row[0], row[1], row[2]) for row in rows if row[1] != "pg_toast"}


def test_one_head(empty_app: Flask) -> None:
    assert len(directory().get_heads()) == 1


def test_models_match_migrations(empty_app: Flask) -> None:
    command.upgrade(migrate.get_config(), "head")
    command.check(migrate.get_config())


def test_stairway(empty_app: Flask) -> None:
    """Each revision goes up, down and up again."""
    for script in reversed(list(directory().walk_revisions())):
        command.upgrade(migrate.get_config(), script.revision)
        below = script.down_revision or "base"  # or those that a merge has joined
        command.downgrade(migrate.get_config(), below if isinstance(below, str) else below[0])
        command.upgrade(migrate.get_config(), script.revision)


def test_base_leaves_nothing(empty_app: Flask) -> None:
    before = everything()
    command.upgrade(migrate.get_config(), "head")
    command.downgrade(migrate.get_config(), "base")
    left = {name for _, _, name in everything() - before}
    assert {name.strip("_") for name in left} == {"alembic_version", "alembic_version_pkc"}
