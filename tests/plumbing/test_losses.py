"""Test what a downgrade would lose, according to its source."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from plumbing import migrations
from plumbing.migrations.losses import Losses, read_downgrade
from plumbing.rows import seed, what_downgrade_loses


def losses(body: str, rest: str = "") -> Losses:
    """Return what a downgrade() with these lines loses."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    found = Losses()
    read_downgrade(ast.parse(f"{rest}\ndef downgrade():\n{lines}"), found)
    return found


@pytest.mark.parametrize(
    "body",
    [
        "op.drop_table('posts', schema='blog')",
        "op.drop_table(table_name='posts', schema='blog', if_exists=True)",
        "if True:\n    with op.get_context().autocommit_block():\n        op.drop_table('posts', schema='blog')",
        "op.execute('DROP TABLE blog.posts')",
        'op.execute(\'drop table if exists "blog"."posts" cascade;\')',
        "op.execute(sa.text('''\n  DROP TABLE\n  Blog.POSTS'''))",
        "op.get_bind().execute(text('DROP TABLE blog.posts'))",
        "op.get_bind().exec_driver_sql('DROP TABLE blog.posts')",
    ],
)
def test_tables(body: str) -> None:
    assert losses(body) == Losses(tables=[("blog", "posts")])


@pytest.mark.parametrize(
    "body",
    [
        "op.drop_column('posts', 'title', schema='blog')",
        "op.drop_column('posts', column_name='title', schema='blog')",
        "with op.batch_alter_table('posts', schema='blog') as batch_op:\n    batch_op.drop_column('title')",
        "op.execute('ALTER TABLE blog.posts DROP COLUMN title')",
        "op.execute('ALTER TABLE IF EXISTS ONLY blog.posts DROP IF EXISTS \"title\"')",
    ],
)
def test_columns(body: str) -> None:
    assert losses(body) == Losses(columns=[("blog", "posts", "title")])


def test_names_in_sql() -> None:
    found = losses('op.execute(\'DROP TABLE a, "B c"."d""e.f"\')')
    assert found.tables == [(None, "a"), ("B c", 'd"e.f')]


def test_without_a_schema() -> None:
    assert losses("op.drop_table('a')\nop.drop_table('b', schema=None)").tables == [(None, "a"), (None, "b")]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("op.drop_table(name)", "op.drop_table(name)"),
        ("op.drop_table('a', schema=schema)", "op.drop_table('a', schema=schema)"),
        ("op.drop_table('a', **options)", "op.drop_table('a', **options)"),
        ("op.drop_column('a', name)", "op.drop_column('a', name)"),
        (
            "with op.batch_alter_table(name) as batch:\n    batch.drop_column('b')",
            "batch.drop_column('b')",
        ),
        ("op.execute('DELETE FROM a\\n  WHERE b')", "DELETE FROM a WHERE b"),
        ("op.execute('DROP SCHEMA s CASCADE')", "DROP SCHEMA s CASCADE"),
        ("op.execute('DROP TABLE a; DROP TABLE b')", "DROP TABLE a; DROP TABLE b"),
        ("op.execute('ALTER TABLE a DROP CONSTRAINT b')", "ALTER TABLE a DROP CONSTRAINT b"),
        ("op.execute(sa.delete(a))", "op.execute(sa.delete(a))"),
        ("op.execute(f'DROP TABLE {name}')", "op.execute(f'DROP TABLE {name}')"),
        ("session.execute(a)", "session.execute(a)"),
        ("op.alter_column('a', 'b', type_=sa.Integer())", "op.alter_column('a', 'b', type_=sa.Integer())"),
        (f"op.execute('{'x' * 200}')", f"{'x' * 100}..."),
    ],
)
def test_what_cannot_be_counted_is_shown(body: str, shown: str) -> None:
    assert losses(body) == Losses(statements=[shown])


def test_what_loses_nothing() -> None:
    lines = (
        "op.drop_index('a')\nop.add_column('a', b)\nop.create_table('a')\nop.drop_schema('a')\n"
        "op.alter_column('a', 'b', nullable=True)\nop.drop_enum('a')\nop.replace_enum('a', [])\nprint('x')"
    )
    assert losses(lines) == Losses()


def test_functions_that_it_calls() -> None:
    """Functions of the file that it calls are read once each; those that only upgrade() calls are not."""
    rest = """
def drop(): op.drop_table('a'); again()
def again(): drop(); op.drop_table('b')
def other(): op.drop_table('c')
def upgrade(): other(); op.drop_table('d')
"""
    assert losses("drop()\ndrop()", rest).tables == [(None, "a"), (None, "b")]


def test_rows_are_counted(empty_app: Flask, root: Path) -> None:
    """Rows are counted in tables that exist, whatever their names; for a column, its values are."""
    from host import seeds

    migrations.upgrade()
    seed(seeds.rows)
    path = root / "migrations/versions/0002_more.py"
    path.write_text(
        'revision = "0002_more"\ndown_revision = "0001_initial"\nfrom alembic import op\n'
        'def upgrade():\n    op.execute(\'CREATE TABLE "A b" AS SELECT 1 AS "C d" UNION ALL SELECT NULL\')\n'
        "def downgrade():\n    op.drop_column('A b', 'C d')\n"
        "    op.drop_column('A b', 'gone', if_exists=True)\n"
        "    op.drop_table('gone', if_exists=True)\n    op.drop_table('A b')\n"
    )
    try:
        migrations.upgrade()
        last = what_downgrade_loses("-1")
        everything = what_downgrade_loses("base")
        nothing = what_downgrade_loses("0002_more")
        migrations.downgrade("0001_initial")
    finally:
        path.unlink()
    assert last.migrations == ["0002_more"]
    assert last.rows == {("public", "A b"): 2}
    assert last.values == {("public", "A b", "C d"): 1}
    assert everything.migrations == ["0002_more", "0001_initial"]
    assert everything.rows == {("public", "A b"): 2, ("public", "books"): 2, ("library", "authors"): 1}
    assert nothing.migrations == []
