"""Test PostgreSQL's enums in migrations: created, changed and dropped, up, down and up again."""

import enum
import logging
import re
from collections.abc import Callable, Iterator
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
from plumbing.migrations.history import heads
from plumbing.migrations.ownership import created_by
from plumbing.rows import reset


class Project:
    """The host's database and migrations, and tables that a test adds to its models."""

    def __init__(self, versions: Path) -> None:
        self.versions = versions
        self.tables: dict[str, Table] = {}

    def table(self, name: str, *columns: Any, schema: str | None = "blog", **options: Any) -> Table:
        """Add a table to the models, or replace the one with this name."""
        self.remove(name)
        key = Column("id", Integer, primary_key=True)
        self.tables[name] = Table(name, metadata(), key, *columns, schema=schema, **options)
        return self.tables[name]

    def remove(self, name: str) -> None:
        """Remove a table from the models."""
        if name in self.tables:
            metadata().remove(self.tables.pop(name))

    def migrate(self) -> str:
        """Write a migration; return the operations in it."""
        before = set(self.versions.glob("*.py"))
        assert migrations.migrate("change")
        (path,) = set(self.versions.glob("*.py")) - before
        return path.read_text()

    def change(self) -> str:
        """Migrate up, down and up again; return the migration's text.

        A downgrade must restore the previous state, and an upgrade must match the models.
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
        """Run statements; return the rows of the last one."""
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
    """Return the operations of upgrade(): the name of each, and its object."""
    upgrade = source.partition("def upgrade()")[2].partition("def downgrade()")[0]
    return re.findall(r"^    op\.(\w+\((?:'[^']+'|\"[^\"]+\"))", upgrade, re.MULTILINE)


def mood(*values: Any, **options: Any) -> Enum:
    return Enum(*values, **{"name": "mood", "schema": "blog"} | options)


class Color(enum.Enum):
    RED = "red"
    GREEN = "light green"


def values_of(class_: type[Color]) -> list[str]:
    return [member.value for member in class_]


class Lower(sa.TypeDecorator[str]):
    """A custom type whose implementation is an enum."""

    impl = Enum
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value.lower() if value else None


# Created and dropped


AWKWARD = ("sad", "it's", "100% :x", 'a "b" \\ $enum$ {x}', "a|b.*(", "é", "")


def test_awkward_values(project: Project) -> None:
    """They also work in an array, as a default, and in a new schema."""
    project.table(
        "posts",
        Column("mood", mood(*AWKWARD, name="My 'mood'"), server_default="100% :x"),
        Column("moods", ARRAY(mood(*AWKWARD, name="My 'mood'"))),
    )
    source = project.change()
    assert operations(source)[:3] == [
        "create_schema('blog'",
        "create_enum(\"My 'mood'\"",
        "create_table('posts'",
    ]
    assert project.enums() == {"blog.My 'mood'": list(AWKWARD)}
    project.table("posts", Column("mood", mood(*AWKWARD, "new: it's 5%", name="My 'mood'")))
    source = project.change()
    assert operations(source) == [
        "add_enum_value(\"My 'mood'\"",
        "alter_column('posts'",
        "drop_column('posts'",
    ]
    project.table("posts", Column("mood", mood(*AWKWARD[2:], name="My 'mood'")))
    assert operations(project.change()) == ["replace_enum(\"My 'mood'\""]
    project.remove("posts")
    source = project.change()
    assert operations(source) == ["drop_table('posts'", "drop_enum(\"My 'mood'\"", "drop_schema('blog'"]
    assert project.enums() == {}


FORMS: dict[str, Callable[[str], Any]] = {
    "Enum": lambda name: mood("sad", "ok", name=name),
    "Enum of Python": lambda name: mood(Color, name=name),
    "its values": lambda name: mood(Color, name=name, values_callable=values_of),
    "ENUM": lambda name: postgresql.ENUM("sad", "ok", name=name, schema="blog"),
    "create_type": lambda name: postgresql.ENUM("sad", "ok", name=name, schema="blog", create_type=False),
    "metadata": lambda name: mood("sad", "ok", name=name, metadata=metadata()),
    "array": lambda name: ARRAY(mood("sad", "ok", name=name)),
    "array of arrays": lambda name: postgresql.ARRAY(mood("sad", "ok", name=name), dimensions=2),
    "type of one's own": lambda name: Lower("sad", "ok", name=name, schema="blog"),
    "array of it": lambda name: ARRAY(Lower("sad", "ok", name=name, schema="blog")),
    "variant": lambda name: String(9).with_variant(mood("sad", "ok", name=name), "postgresql"),
}


@pytest.mark.parametrize("with_table", [True, False])
def test_forms(project: Project, with_table: bool) -> None:
    """Every form is created once, for a new table or an existing one, and dropped with its columns."""
    if not with_table:
        project.table("posts")
        project.change()
    types = {name: form(f"e{number}") for number, (name, form) in enumerate(FORMS.items())}
    project.table("posts", *[Column(name, types[name], nullable=False) for name in types])
    source = project.change()
    values = {"Enum of Python": ["RED", "GREEN"], "its values": ["red", "light green"]}
    assert project.enums() == {
        f"blog.e{number}": values.get(name, ["sad", "ok"]) for number, name in enumerate(FORMS)
    }
    assert source.count("op.create_enum(") == source.count("op.drop_enum(") == len(FORMS)
    project.table("posts")
    assert project.change().partition("def downgrade()")[0].count("op.drop_enum(") == len(FORMS)
    assert project.enums() == {}


def test_schema_of_the_table(project: Project) -> None:
    """inherit_schema=True is deprecated but still in use."""
    with pytest.warns(DeprecationWarning) if sa.__version__ >= "2.1" else pytest.MonkeyPatch.context():
        type_ = Enum("sad", name="mood", inherit_schema=True)
    project.table("posts", Column("mood", type_))
    assert "op.create_enum('mood', ['sad'], schema='blog')" in project.change()
    assert project.enums() == {"blog.mood": ["sad"]}


def test_schema_without_tables(project: Project) -> None:
    """The schema is created for the enum alone, and dropped with it."""
    project.table("posts", Column("mood", mood("sad", schema="types")), schema=None)
    assert operations(project.change())[:2] == ["create_schema('types'", "create_enum('mood'"]
    project.table(
        "posts",
        Column("mood", mood("sad", schema="types")),
        Column("feeling", mood("a", name="f", schema="types")),
        schema=None,
    )
    assert operations(project.change())[0] == "create_enum('f'"
    project.remove("posts")
    assert operations(project.change())[1:] == ["drop_enum('f'", "drop_enum('mood'", "drop_schema('types'"]


def test_one_enum_for_two_tables(project: Project) -> None:
    """It is created once, and dropped with the last column that uses it."""
    for name in ("posts", "users"):
        project.table(name, Column("mood", mood("sad")), Column("other", mood("sad")))
    assert operations(project.change()).count("create_enum('mood'") == 1
    project.table("posts", Column("mood", mood("sad")))
    project.remove("users")
    assert "drop_enum" not in project.change().partition("def downgrade")[0]
    project.table("posts", Column("mood", Text))
    assert operations(project.change())[-1] == "drop_enum('mood'"
    assert project.enums() == {}


def test_made_by_hand(project: Project) -> None:
    """An enum created by hand does not hide that no migration creates it."""
    project.sql("CREATE SCHEMA blog", "CREATE TYPE blog.mood AS ENUM ('sad')")
    project.table("posts", Column("mood", mood("sad")))
    source = project.migrate()
    assert "op.create_enum('mood', ['sad'], schema='blog')" in source
    migrations.upgrade()
    migrations.downgrade("base")
    assert project.enums() == {}


def test_made_by_hand_otherwise(project: Project) -> None:
    project.sql("CREATE TYPE mood AS ENUM ('other')")
    project.table("posts", Column("mood", mood("sad", schema=None)))
    project.migrate()
    with pytest.raises(
        UserError, match=r"^Enum mood already exists, with the values \['other'\].* DROP TYPE mood$"
    ):
        migrations.upgrade()


def test_in_use_elsewhere(project: Project) -> None:
    """An enum that someone else's table uses stays, and the next upgrade reuses it."""
    project.table("posts", Column("mood", mood("sad", schema=None)))
    project.change()
    project.sql("CREATE TABLE theirs (mood mood)")
    migrations.downgrade("base")
    migrations.upgrade()
    project.remove("posts")
    assert operations(project.migrate()) == ["drop_table('posts'", "drop_schema('blog'"]
    project.sql("DROP TABLE theirs")


def test_not_ours(project: Project) -> None:
    """An enum that the models do not create is only used, because it may belong to someone else."""
    project.sql("CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TYPE unused AS ENUM ('a')")
    theirs = postgresql.ENUM("sad", name="mood", create_type=False)
    project.table("posts", Column("mood", theirs))
    assert operations(project.change()) == ["create_schema('blog'", "create_table('posts'"]
    reset()
    project.remove("posts")
    assert operations(project.change()) == ["drop_table('posts'", "drop_schema('blog'"]
    assert project.enums() == {"public.mood": ["sad", "ok"], "public.unused": ["a"]}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            [Column("a", Enum("x"))],
            r"The enum of column posts\.a needs a name: Enum\(\.\.\., name=\"\.\.\.\"\)",
        ),
        (
            [Column("a", Enum("x", name="kind")), Column("b", Enum("y", name="kind"))],
            r"Columns posts\.a and posts\.b declare enum kind with different values:"
            r" \['x'\] and \['y'\]\. Rename one of the two\.",
        ),
    ],
)
def test_mistakes(project: Project, columns: list[Any], message: str) -> None:
    project.table("posts", *columns, schema=None)
    with pytest.raises(UserError, match=f"^{message}$"):
        migrations.migrate("change")


def test_strings(project: Project) -> None:
    """A string with a check constraint is not one of PostgreSQL's enums."""
    type_ = Enum("a", "b", name="kind", native_enum=False, create_constraint=True)
    project.table("posts", Column("kind", type_))
    assert operations(project.change()) == ["create_schema('blog'", "create_table('posts'"]
    assert project.enums() == {}


# Values


CHANGES = {  # how the values a and b change
    "last": (["a", "b", "c"], ["add_enum_value('last', 'c', schema='blog')"]),
    "first": (["z", "a", "b"], ["add_enum_value('first', 'z', before='a', schema='blog')"]),
    "between": (["a", "z", "b"], ["add_enum_value('between', 'z', after='a', schema='blog')"]),
    "many": (
        ["x", "y", "a", "b", "d", "c"],
        [
            "add_enum_value('many', 'x', before='a', schema='blog')",
            "add_enum_value('many', 'y', after='x', schema='blog')",
            "add_enum_value('many', 'd', schema='blog')",
            "add_enum_value('many', 'c', schema='blog')",
        ],
    ),
    "less": (["b"], ["replace_enum('less', ['b'], schema='blog')"]),
    "another": (["b", "c"], ["replace_enum('another', ['b', 'c'], schema='blog')"]),
    "order": (["b", "a"], ["replace_enum('order', ['b', 'a'], schema='blog')"]),
}


def test_values(project: Project) -> None:
    """It works even if the migration uses a new value in a default, and with rows."""
    old: list[Column[Any]] = []
    new: list[Column[Any]] = []
    defaults = []
    for change, (values, _) in CHANGES.items():
        before, after = mood("a", "b", name=change), mood(*values, name=change)
        defaults.append("c" if "c" in values else "b")
        old += [Column(change, before, server_default="b"), Column(f"{change} array", ARRAY(before))]
        new += [
            Column(change, after, server_default=defaults[-1]),
            Column(f"{change} array", ARRAY(after), server_default="{b}"),
            Column(f"{change} more", after, server_default=defaults[-1], nullable=False),
        ]
    project.table("posts", *old)
    project.change()
    arrays = ", ".join(f'"{change} array"' for change in CHANGES)
    project.sql(
        f"INSERT INTO blog.posts ({arrays}) VALUES ({', '.join(['%s'] * len(CHANGES))})".replace(
            "%s", "'{b,NULL,b}'"
        )
    )
    project.table("posts", *new)
    source = project.change()
    upgrade, _, downgrade = source.partition("def upgrade()")[2].partition("def downgrade()")
    for change, (values, expected) in CHANGES.items():
        assert re.findall(rf"op\.((?:add_enum_value|replace_enum)\('{change}', .*)", upgrade) == expected
        assert f"op.replace_enum('{change}', ['a', 'b'], schema='blog')" in downgrade
        assert project.enums()[f"blog.{change}"] == values
    for columns, expected_row in (
        (CHANGES, ["b"] * len(CHANGES)),
        ([f"{change} array" for change in CHANGES], ["{b,NULL,b}"] * len(CHANGES)),
        ([f"{change} more" for change in CHANGES], defaults),
    ):
        (row,) = project.sql("SELECT " + ", ".join(f'"{c}"::text' for c in columns) + " FROM blog.posts")
        assert list(row) == expected_row


def test_a_value_in_use(project: Project) -> None:
    """One line names the column and the value; the migration can change the rows first."""
    project.table("posts", Column("moods", ARRAY(mood("sad", "it's"))))
    project.change()
    project.sql("INSERT INTO blog.posts (moods) VALUES ('{sad,it''s}')")
    project.table("posts", Column("moods", ARRAY(mood("sad"))))
    project.migrate()
    with pytest.raises(UserError) as raised:
        migrations.upgrade()
    assert str(raised.value) == (
        "Column blog.posts.moods still has the value 'it''s', which is removed from enum blog.mood."
        " Update these rows first, for example in this migration."
    )
    (path,) = project.versions.glob("0003*")
    update = (
        "    op.execute(\"UPDATE blog.posts SET moods = array_remove(moods, 'it''s')\")\n    op.replace_enum"
    )
    path.write_text(path.read_text().replace("    op.replace_enum", update, 1))
    migrations.upgrade()
    assert project.sql("SELECT moods::text FROM blog.posts") == [("{sad}",)]
    assert status.differences() == []


def test_a_value_in_a_default(project: Project) -> None:
    project.table("posts", Column("mood", mood("sad", "ok"), server_default="ok"))
    project.change()
    project.table("posts", Column("mood", mood("sad"), server_default="ok"))
    project.migrate()
    expected = 'invalid input value for enum blog.mood: "ok"'
    with pytest.raises(UserError, match=expected):
        migrations.upgrade()


def test_another_default(project: Project) -> None:
    """The old default is a removed value, the new one an added value; or there is none."""
    columns = ("mood", "other")
    project.table("posts", *[Column(name, mood("sad", "ok"), server_default="ok") for name in columns])
    project.change()
    new = mood("sad", "great")
    project.table("posts", Column("mood", new, server_default="great"), Column("other", new))
    project.change()
    defaults = "SELECT column_default FROM information_schema.columns WHERE column_name IN ('mood', 'other')"
    assert project.sql(f"{defaults} ORDER BY 1") == [("'great'::blog.mood",), (None,)]
    migrations.downgrade("-1")
    assert project.sql(defaults) == [("'ok'::blog.mood",)] * 2


def test_what_depends_on_the_values(project: Project) -> None:
    """A new type replaces the enum everywhere, and nothing is lost."""
    project.table("kinds", Column("mood", mood("sad", "ok", "new"), unique=True))
    type_ = mood("sad", "ok", "new")
    project.table(
        "posts",
        Column("mood", type_, sa.ForeignKey("blog.kinds.mood"), server_default="ok"),
        Column("old", type_),
        Column("moods", ARRAY(type_), server_default="{ok}"),
        Column("title", Text),
        schema=None,
    )
    project.change()
    project.sql(
        "COMMENT ON TYPE blog.mood IS 'How it''s'",
        "ALTER TABLE posts ADD CONSTRAINT glad CHECK (mood <> 'sad')",
        "ALTER TABLE posts ADD CONSTRAINT same CHECK (mood = old OR 'ok' = ANY (moods))",
        "CREATE UNIQUE INDEX one ON posts (title) WHERE mood = 'ok'",
        "CREATE INDEX plain ON posts (old, mood)",
        "CREATE INDEX computed ON posts ((mood = 'ok'))",
        "ALTER TABLE posts ADD EXCLUDE USING btree (id WITH =) WHERE (mood = 'ok')",
        "ALTER TABLE posts ALTER title SET DEFAULT ('ok'::blog.mood)::text",
        "CREATE TABLE parts (mood blog.mood DEFAULT 'sad', n int) PARTITION BY RANGE (n)",
        "CREATE TABLE part PARTITION OF parts (CHECK (mood <> 'ok')) FOR VALUES FROM (0) TO (9)",
        "CREATE INDEX parts_index ON parts (n) WHERE mood = 'sad'",
        "CREATE TABLE parent (mood blog.mood CHECK (mood <> 'ok'))",
        "CREATE TABLE child () INHERITS (parent)",
        "ALTER TABLE child ALTER mood SET DEFAULT 'sad'",
        "INSERT INTO blog.kinds (mood) VALUES ('ok')",
        "INSERT INTO posts (old) VALUES ('sad')",
        "INSERT INTO parts VALUES ('sad', 1)",
    )
    before = project.sql(DEFINITIONS)
    replace = "op.replace_enum('mood', {}, schema='blog')"
    write(project, 3, replace.format(["ok", "sad"]), replace.format(["sad", "ok", "new"]))
    migrations.upgrade()
    assert project.sql(DEFINITIONS) == before
    assert project.enums() == {"blog.mood": ["ok", "sad"]}
    migrations.downgrade("-1")
    assert project.sql(DEFINITIONS) == before
    project.sql("DROP TABLE parts, parent, child")


DEFINITIONS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    UNION ALL SELECT relname, pg_get_indexdef(oid) FROM pg_class
    WHERE relkind IN ('i', 'I') AND relnamespace IN ('public'::regnamespace, 'blog'::regnamespace)
    UNION ALL SELECT attname, concat(attrelid::regclass, ' ', format_type(atttypid, atttypmod), ' ', pg_get_expr(adbin, adrelid), attgenerated)
    FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace IN ('public'::regnamespace, 'blog'::regnamespace))
    UNION ALL SELECT typname, obj_description(oid, 'pg_type') FROM pg_type WHERE typtype = 'e'
    ORDER BY 1, 2
"""


@pytest.mark.parametrize("null", ["", "NOT NULL"])
def test_generated_column(project: Project, null: str) -> None:
    """A column that compares the enum keeps its expression, on PostgreSQL 17 and later."""
    project.table("posts", Column("mood", mood("sad", "ok")))
    project.change()
    project.sql(
        f"ALTER TABLE blog.posts ADD happy boolean {null} GENERATED ALWAYS AS (mood = 'ok') STORED",
        "CREATE INDEX happiness ON blog.posts (happy)",
        "INSERT INTO blog.posts (mood) VALUES ('ok'), ('sad')",
    )
    before = project.sql(DEFINITIONS)
    write(project, 3, "op.replace_enum('mood', ['ok', 'sad'], schema='blog')", "pass")
    migrations.upgrade()
    assert project.sql(DEFINITIONS) == before
    assert project.sql("SELECT happy FROM blog.posts ORDER BY id") == [(True,), (False,)]


def test_view(project: Project) -> None:
    """If PostgreSQL cannot change something along with a column, its own message tells the owner."""
    project.table("posts", Column("mood", mood("sad", "ok")))
    project.change()
    project.sql("CREATE VIEW blog.moods AS SELECT mood FROM blog.posts")
    project.table("posts", Column("mood", mood("ok", "sad")))
    project.migrate()
    with pytest.raises(UserError, match="^cannot alter type of a column used by a view or rule"):
        migrations.upgrade()
    assert project.enums() == {"blog.mood": ["sad", "ok"]}


def test_check(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    """It reports what has changed, and its advice on a rename works."""
    changes = {"added": "a b c", "moved": "b a", "removed": "a", "renamed": "a c"}
    project.table("posts", *[Column(name, mood("a", "b", name=name)) for name in changes])
    project.change()
    project.table("posts", *[Column(name, mood(*changes[name].split(), name=name)) for name in changes])
    with caplog.at_level(logging.INFO):
        assert status.differences() != []
    rename = "op.execute(\"ALTER TYPE blog.renamed RENAME VALUE 'b' TO 'c'\")"
    assert [r.getMessage() for r in caplog.records if r.name.startswith("alembic.autogenerate")] == [
        "Detected added value 'c' of enum blog.added",
        "Detected changed order of enum blog.moved",
        "Detected removed value 'b' of enum blog.removed",
        "Detected added value 'c' of enum blog.renamed",
        "Detected removed value 'b' of enum blog.renamed",
        f"If 'b' was renamed, write instead: {rename}",
    ]
    source = project.migrate()
    (path,) = project.versions.glob("0003*")
    path.write_text(source.replace("op.replace_enum('renamed', ['a', 'c'], schema='blog')", rename))
    project.sql("INSERT INTO blog.posts (renamed) VALUES ('b')")
    migrations.upgrade()
    assert status.differences() == []
    assert project.sql("SELECT renamed::text FROM blog.posts") == [("c",)]


# Columns that change their type


Types = Callable[[str], Any]

CONVERSIONS: dict[str, tuple[Types, Types]] = {
    "from string": (lambda name: String(9), lambda name: mood("a", "b", name=name)),
    "from text": (lambda name: Text(), lambda name: mood("a", "b", name=name)),
    "to string": (lambda name: mood("a", "b", name=name), lambda name: String(9)),
    "to another": (
        lambda name: mood("a", "b", name=name),
        lambda name: mood("b", "a", "c", name=f"other {name}"),
    ),
    "to public": (
        lambda name: mood("a", "b", name=name),
        lambda name: mood("a", "b", name=name, schema=None),
    ),
    "to a string with a constraint": (
        lambda name: mood("a", "b", name=name),
        lambda name: mood("a", "b", name=name, native_enum=False),
    ),
}
DEFAULTS = [(None, None), ("a", "a"), ("a", "b"), ("a", None), (None, "a")]


def test_conversions(project: Project) -> None:
    """The values are kept, and the defaults match the models."""
    old: list[Column[Any]] = []
    new: list[Column[Any]] = []
    for number, (before, after) in enumerate(CONVERSIONS.values()):
        for default, new_default in DEFAULTS:
            name = f"e{number} {default} {new_default}"
            old.append(Column(name, before(name), server_default=default))
            new.append(Column(name, after(name), server_default=new_default))
    columns = ", ".join(f'"{column.name}"' for column in old)
    texts = ", ".join(f'"{column.name}"::text' for column in old)
    project.table("posts", *old)
    project.change()
    project.sql(f"INSERT INTO blog.posts ({columns}) VALUES {('a',) * len(old)}")
    project.table("posts", *new)
    project.change()
    assert project.sql(f"SELECT {texts} FROM blog.posts") == [("a",) * len(old)]
    (row,) = project.sql(f"INSERT INTO blog.posts DEFAULT VALUES RETURNING {texts}")
    assert row == tuple(default for _, default in DEFAULTS) * len(CONVERSIONS)
    migrations.downgrade("-1")
    (row,) = project.sql(f"INSERT INTO blog.posts DEFAULT VALUES RETURNING {texts}")
    assert row == tuple(default for default, _ in DEFAULTS) * len(CONVERSIONS)


# Existing migrations


def write(project: Project, number: int, upgrade: str, downgrade: str) -> None:
    """Write a migration as older versions, or their owners by hand, would."""
    (project.versions / f"000{number}_old.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n"
        f"revision = '000{number}_old'\n"
        f"down_revision = {heads()[0]!r}\n"
        f"def upgrade():\n    {upgrade}\ndef downgrade():\n    {downgrade}\n"
    )


def test_old_migrations(project: Project) -> None:
    """They create an enum with a table and never drop it; someone else's table may use it."""
    write(
        project,
        2,
        "op.create_table('posts', sa.Column('id', sa.Integer, primary_key=True),"
        " sa.Column('a', sa.Enum('x', name='a')), sa.Column('b', sa.ARRAY(sa.Enum('x', name='b'))))",
        "op.drop_table('posts')",
    )
    write(
        project,
        3,
        "op.execute(\"CREATE TYPE c AS ENUM ('x')\"); op.add_column('posts', sa.Column('c', sa.Enum('x', name='c')))",
        "op.drop_column('posts', 'c'); op.execute('DROP TYPE c')",
    )
    columns: list[Column[Any]] = [Column(name, Enum("x", name=name)) for name in "ac"]
    project.table("posts", *columns, Column("b", ARRAY(Enum("x", name="b"))), schema=None)
    migrations.upgrade()
    assert status.differences() == []
    migrations.downgrade("base")
    assert project.enums() == {}
    migrations.upgrade()
    reset()
    assert status.differences() == []
    assert project.enums() == {"public.a": ["x"], "public.b": ["x"], "public.c": ["x"]}
    project.table("posts", Column("a", Enum("x", "y", name="a")), schema=None)
    source = project.change()
    assert operations(source) == [
        "add_enum_value('a'",
        "drop_column('posts'",
        "drop_column('posts'",
        "drop_enum('b'",
        "drop_enum('c'",
    ]
    reset()
    assert status.differences() == []


@pytest.mark.parametrize("schema", [None, "blog", "types"])
def test_reset(project: Project, schema: str | None) -> None:
    """The enums go along with the tables, even in public, and even if their model is gone."""
    project.table("posts", Column("mood", mood("a", schema=schema)), schema=None)
    project.change()
    project.table("posts", Column("mood", mood("a", "b", schema=schema)), schema=None)
    project.migrate()
    migrations.upgrade()
    reset()  # the migrations create it with the first value
    assert status.differences() == []
    project.remove("posts")
    reset()
    migrations.downgrade("base")
    assert project.enums() == {}


def test_ownership() -> None:
    created = created_by(
        b"""
op.create_enum("a", ["x"], schema="blog")
op.create_enum("b", values)
op.create_enum(name, values)
op.create_enum("unknown", values, schema=name)
op.execute("CREATE TYPE blog.c AS ENUM ('x')")
op.execute(sa.text('create type "D" as enum (%s)'))
op.create_table("t", sa.Column("e", sa.Enum("x", name="e", schema="blog")))
postgresql.ENUM("x", name="f").create(op.get_bind())
sa.Enum("x", name="g", native_enum=False)
postgresql.ENUM("x", name="h", create_type=False)
sa.Enum("x", name="i", inherit_schema=True)
sa.Enum("x")
"""
    )
    assert created.enums == {("blog", "a"), ("public", "b"), ("blog", "c"), ("public", "D")}
    assert created.implicit_enums == {("blog", "e"), ("public", "f")}


def test_sql(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The printed SQL does the same, up and down."""
    project.table("posts", Column("mood", mood(*AWKWARD), server_default="it's"))
    project.change()
    project.table("posts", Column("mood", mood("b :x %", *AWKWARD), server_default="b :x %"))
    project.change()
    project.table("posts", Column("mood", mood(*reversed(AWKWARD)), server_default="it's"))
    project.change()
    after = project.enums()
    for run, revisions in (
        (migrations.downgrade, "head:0001_initial"),
        (migrations.upgrade, "0001_initial:head"),
    ):
        capsys.readouterr()
        run(revisions, sql=True)
        statements = re.split(r";\n\n(?=\S)", capsys.readouterr().out)
        with db().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))
        assert project.enums() == ({} if run is migrations.downgrade else after)
    assert status.differences() == []


def test_elsewhere() -> None:
    """On another database the operations do nothing, and the columns are strings."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        op: Any = Operations(MigrationContext.configure(connection))
        op.create_enum("mood", ["sad"])
        type_ = postgresql.ENUM("sad", name="mood", create_type=False)
        op.create_table("posts", Column("mood", type_))
        op.add_enum_value("mood", "ok")
        op.replace_enum("mood", ["ok"])
        op.drop_enum("mood")
        (column,) = sa.inspect(connection).get_columns("posts")
    assert isinstance(column["type"], String)
