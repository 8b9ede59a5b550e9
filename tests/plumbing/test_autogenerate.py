"""Test what `migrate` writes for a change of the models: it runs up and down, and `check` finds nothing."""

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    INT4RANGE,
    INTERVAL,
    JSONB,
    TIMESTAMP,
    TSVECTOR,
    ExcludeConstraint,
)

from plumbing import database, migrations, status
from plumbing.current import db
from plumbing.local_postgres.programs import programs

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Models = Callable[[MetaData], object]


class Scene:
    """A database and its migrations, for models that change."""

    def __init__(self, app: Flask, root: Path, versions: Path) -> None:
        self.app = app
        self.root = root
        self.versions = versions

    def models(self, define: Models) -> None:
        """Use these models from now on."""
        db().metadatas[None] = MetaData(naming_convention=CONVENTION)
        Table("always_there", db().metadata, Column("id", Integer, primary_key=True))
        define(db().metadata)

    def migrate(self, ask: Callable[[str], bool] | None = None) -> str:
        """Write a migration and return its operations, or nothing if there is no change."""
        before = set(self.versions.glob("*.py"))
        if not migrations.migrate("change", ask):
            return ""
        (file,) = set(self.versions.glob("*.py")) - before
        return file.read_text().partition("def upgrade()")[2]

    def run(self, sql: str) -> None:
        with db().engine.begin() as connection:
            connection.exec_driver_sql(sql.replace("%", "%%"))

    def value(self, sql: str) -> Any:
        with db().engine.begin() as connection:
            return connection.exec_driver_sql(sql).scalar()

    def dump(self) -> list[str]:
        """Return the lines of the schema, sorted, because a column that is added again comes last."""
        command = [str(programs() / "pg_dump"), "-s", "-O", "-d", database.url_without_password()]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        lines = [line.strip().rstrip(",;") for line in output.splitlines()]
        return sorted(line for line in lines if line and not line.startswith(("--", "\\")))


@pytest.fixture
def scene(empty_app: Flask, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """An empty database, and an empty folder of migrations."""
    folder = tmp_path / "migrations"
    shutil.copytree(root / "migrations", folder, ignore=shutil.ignore_patterns("versions"))
    (folder / "versions").mkdir()
    extension = empty_app.extensions["migrate"]
    monkeypatch.setattr(extension, "directory", str(folder))
    monkeypatch.setattr(extension.migrate, "directory", str(folder))
    monkeypatch.setattr("plumbing.diagram.write", lambda: Path("docs/models.md"))
    metadatas = dict(db().metadatas)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield Scene(empty_app, root, folder / "versions")
    db().metadatas.update(metadatas)


def follow(scene: Scene, before: Models, after: Models, rows: str = "") -> str:
    """Apply a change of the models up, down and up again, with rows; return the migration."""
    scene.models(before)
    scene.migrate()
    migrations.upgrade()
    assert status.differences() == []
    scene.run(rows or "SELECT")
    old = scene.dump()
    scene.models(after)
    assert status.differences() != []
    written = scene.migrate()
    migrations.upgrade()
    assert status.differences() == []
    new = scene.dump()
    migrations.downgrade("-1")
    assert without_checks(scene.dump()) == without_checks(old)
    file = scene.versions / "0002_change.py"
    file.rename(file.with_suffix(".later"))
    scene.models(before)
    assert status.differences() == []
    file.with_suffix(".later").rename(file)
    scene.models(after)
    migrations.upgrade()
    assert scene.dump() == new
    migrations.downgrade("base")
    left = [line for line in scene.dump() if line.startswith("CREATE")]
    assert left == ["CREATE TABLE public.alembic_version ("]
    return written


def without_checks(dump: list[str]) -> list[str]:
    """Return a dump without check constraints: PostgreSQL rewrites its own output when it reads it."""
    return [line for line in dump if " CHECK (" not in line]


def items(elements: Callable[[], list[Any]], schema: str | None = None) -> Models:
    """Return models with one table, which has some columns and whatever `elements` returns."""

    def define(metadata: MetaData) -> None:
        columns: list[Any] = [
            Column("id", Integer, primary_key=True),
            Column("name", String(50)),
            Column("number", Integer),
            Column("period", INT4RANGE),
        ]
        more = elements()
        names = [element.name for element in more if isinstance(element, Column)]
        kept = [column for column in columns if column.name not in names]
        Table("items", metadata, *kept, *more, schema=schema)

    return define


def together(*models: Models) -> Models:
    """Return all these models as one."""

    def define(metadata: MetaData) -> None:
        for each in models:
            each(metadata)

    return define


ROWS = "(id, name, number, period) VALUES (1, 'a', 1, '[1,2)'), (2, 'b', 2, NULL)"


def exclude(**options: Any) -> ExcludeConstraint:
    return ExcludeConstraint(("period", "&&"), name="no_overlap", **options)


def color(*values: str) -> "Column[Any]":
    return Column("color", Enum(*values, name="color", native_enum=False, create_constraint=True, length=9))


Change = Callable[[], tuple[list[Any], list[Any]]]

CHANGES: dict[str, Change] = {
    "a check is added": lambda: ([], [CheckConstraint("number > 0", name="positive")]),
    "a check is changed": lambda: (
        [CheckConstraint("number > 0", name="positive")],
        [CheckConstraint("number > -1", name="positive")],
    ),
    "a check is removed": lambda: ([CheckConstraint("name ~ '^[a-z :%\\\\]+$'", name="letters")], []),
    "a check with signs": lambda: ([], [CheckConstraint("name <> 'it''s 5 % \\:x'", name="signs")]),
    "an enum of strings gains a value": lambda: ([color("red")], [color("red", "green")]),
    "an enum of strings loses a value": lambda: ([color("red", "green")], [color("red")]),
    "a column with its own check is added": lambda: ([], [color("red")]),
    "a column with its own check is removed": lambda: ([color("red")], []),
    "a boolean with its own check is added": lambda: (
        [],
        [Column("sold", Boolean(name="sold", create_constraint=True))],
    ),
    "an exclusion is added": lambda: ([], [exclude()]),
    "an exclusion is changed": lambda: ([exclude()], [exclude(where=text("number > 5"))]),
    "an exclusion is removed": lambda: ([exclude()], []),
    "a unique constraint is added": lambda: ([], [UniqueConstraint("name")]),
    "a unique constraint becomes deferrable": lambda: (
        [UniqueConstraint("name")],
        [UniqueConstraint("name", deferrable=True, initially="DEFERRED")],
    ),
    "a unique constraint is no longer deferrable": lambda: (
        [UniqueConstraint("name", deferrable=True, initially="DEFERRED")],
        [UniqueConstraint("name")],
    ),
    "NULL becomes one value": lambda: (
        [UniqueConstraint("name", "number")],
        [UniqueConstraint("name", "number", postgresql_nulls_not_distinct=True)],
    ),
    "a unique constraint gets another column": lambda: (
        [UniqueConstraint("name", name="uq_items")],
        [UniqueConstraint("name", "number", name="uq_items")],
    ),
    "an index is added": lambda: ([], [Index(None, "name")]),
    "an index becomes partial": lambda: (
        [Index("ix", "name")],
        [Index("ix", "name", postgresql_where=text("number > 3 AND name <> 'x :y 5%'"))],
    ),
    "an index is partial in another way": lambda: (
        [Index("ix", "name", postgresql_where=text("number > 3"))],
        [Index("ix", "name", postgresql_where=text("number > 4"))],
    ),
    "an index on an expression": lambda: ([], [Index("ix", text("lower(name)"))]),
    "an index on another expression": lambda: (
        [Index("ix", text("lower(name)"))],
        [Index("ix", text("lower(name || 'x :y 5%')"))],
    ),
    "an index with operators": lambda: (
        [Index("ix", "name")],
        [Index("ix", "name", postgresql_ops={"name": "varchar_pattern_ops"})],
    ),
    "an index with operators in its text": lambda: ([], [Index("ix", text("name varchar_pattern_ops"))]),
    "an index of another kind": lambda: (
        [Index("ix", "number")],
        [Index("ix", "number", postgresql_using="brin")],
    ),
    "an index backwards": lambda: ([Index("ix", "number")], [Index("ix", text("number DESC NULLS LAST"))]),
    "an index that includes a column": lambda: (
        [Index("ix", "number")],
        [Index("ix", "number", postgresql_include=["name"])],
    ),
    "an index becomes unique": lambda: ([Index("ix", "number")], [Index("ix", "number", unique=True)]),
    "an index becomes a constraint": lambda: (
        [Index("uq_items_number", "number", unique=True)],
        [UniqueConstraint("number", name="uq_items_number")],
    ),
    "another primary key": lambda: (
        [Column("number", Integer, nullable=False)],
        [Column("number", Integer, primary_key=True)],
    ),
    "a generated column": lambda: ([], [Column("twice", Integer, Computed("number * 2"))]),
    "another expression of a generated column": lambda: (
        [Column("twice", Integer, Computed("number * 2", persisted=True)), Index("ix", "twice")],
        [Column("twice", Integer, Computed("number * 3", persisted=True)), Index("ix", "twice")],
    ),
    "a column is generated": lambda: (
        [Column("twice", Integer)],
        [Column("twice", Integer, Computed("number * 2", persisted=True))],
    ),
    "a column is no longer generated": lambda: (
        [Column("twice", Integer, Computed("number * 2", persisted=True))],
        [Column("twice", Integer)],
    ),
    "a generated column is removed": lambda: ([Column("twice", Integer, Computed("number * 2"))], []),
    "a default is added": lambda: ([], [Column("number", Integer, server_default="5")]),
    "a default is removed": lambda: ([Column("number", Integer, server_default=text("1 + 1"))], []),
    "a default is changed": lambda: (
        [Column("name", String(50), server_default="it's 5% :x")],
        [Column("name", String(50), server_default=text("'it''s 6% \\:x' || now()"))],
    ),
    "integer from text": lambda: ([Column("more", String(9), server_default="7")], [Column("more", Integer)]),
    "integer from text with a default": lambda: (
        [Column("more", String(9), server_default="7")],
        [Column("more", Integer, server_default="8")],
    ),
    "text from integer": lambda: ([Column("more", Integer)], [Column("more", String(9))]),
    "text from integer with a default": lambda: (
        [Column("more", Integer, server_default="7")],
        [Column("more", Text, server_default="7")],
    ),
    "uuid from text": lambda: ([Column("more", String(36))], [Column("more", Uuid)]),
    "uuid from integer": lambda: ([Column("more", Integer)], [Column("more", Uuid)]),
    "boolean from integer": lambda: (
        [Column("more", Integer, server_default="0")],
        [Column("more", Boolean, server_default=text("false"))],
    ),
    "jsonb from json": lambda: (
        [Column("more", JSON, server_default="{}")],
        [Column("more", JSONB, server_default="{}")],
    ),
    "json from text": lambda: ([Column("more", Text)], [Column("more", JSONB)]),
    "an array from text": lambda: ([Column("more", Text)], [Column("more", ARRAY(Text))]),
    "a time from text": lambda: ([Column("more", Text)], [Column("more", TIMESTAMP(timezone=True))]),
    "a date from a time": lambda: ([Column("more", TIMESTAMP(timezone=True))], [Column("more", Date)]),
    "a narrower text": lambda: ([Column("name", String(50))], [Column("name", String(20))]),
    "another scale": lambda: ([Column("more", Numeric(10, 4))], [Column("more", Numeric(8, 2))]),
    "a type under a check": lambda: (
        [Column("more", Integer), CheckConstraint("more > 0", name="more")],
        [Column("more", Text), CheckConstraint("more > '0'", name="more")],
    ),
}


def part(change: Change, number: int) -> list[Any]:
    return change()[number]


def test_changes(scene: Scene) -> None:
    """One migration handles all changes together, each in a schema with its name."""
    schemas = {re.sub(r"\W", "_", name.lower()): elements for name, elements in CHANGES.items()}

    def state(number: int) -> Models:
        """Return the models before or after, built anew each time because a column belongs to one table."""
        return together(
            *[items(partial(part, elements, number), schema) for schema, elements in schemas.items()]
        )

    rows = ";".join(f"INSERT INTO {schema}.items {ROWS}" for schema in schemas)
    written = follow(scene, state(0), state(1), rows)
    upgrade, _, downgrade = written.partition("def downgrade")
    for schema in schemas:
        assert re.search(rf"\b{schema}\b", upgrade), schema
        assert re.search(rf"\b{schema}\b", downgrade), schema


DEFAULTS: list[tuple[Any, Any]] = [
    (Text, "it's 5% :x"),
    (Text, ""),
    (Text, "NULL"),
    (Text, "'quoted'"),
    (String(9), "a\\b"),
    (Text, text("gen_random_uuid()::text")),
    (Text, text("current_setting('app.user', true)")),
    (Text, text("'a' || 'b'")),
    (Text, func.concat("a", "5% :x")),
    (Text, text("CURRENT_USER")),
    (Uuid, func.gen_random_uuid()),
    (Integer, "0"),
    (Integer, "-1"),
    (Integer, text("(1 + 1)")),
    (BigInteger, text("(extract(epoch FROM now()) * 1000)::bigint")),
    (Numeric(10, 2), "0.50"),
    (Numeric(10, 2), text("round(random()::numeric, 2)")),
    (Boolean, "false"),
    (Boolean, false()),
    (Date, func.current_date()),
    (Date, text("CURRENT_DATE + 30")),
    (TIMESTAMP(timezone=True), func.now()),
    (TIMESTAMP(timezone=True), text("clock_timestamp() + interval '30 days'")),
    (TIMESTAMP(timezone=True), text("(now() AT TIME ZONE 'utc')")),
    (TIMESTAMP(timezone=True), text("date_trunc('day', now())")),
    (INTERVAL, "1 day"),
    (JSON, "{}"),
    (JSON, '{"b": 1, "a": [1, 2]}'),
    (JSONB, '{"b": 1, "a": "it\'s"}'),
    (JSONB, text("jsonb_build_object('a', 1)")),
    (ARRAY(Text), "{}"),
    (ARRAY(Text), text("ARRAY['a', 'b']::varchar[]")),
    (ARRAY(Integer), text("'{1,2}'")),
    (LargeBinary, text("'\\xDEAD'")),
    (Enum("a", "b", name="letter"), "a"),
    (Enum("a", "b", name="word", native_enum=False), "b"),
]
EXPRESSIONS: list[tuple[Any, str]] = [
    (Integer, "number * 2"),
    (Integer, "coalesce(number, 0) % 7"),
    (Integer, "CASE WHEN number > 5 THEN 1 ELSE 0 END"),
    (Integer, "length(name)"),
    (Integer, "(data ->> 'size')::int"),
    (Boolean, "name IN ('a', 'b')"),
    (Boolean, "number BETWEEN 1 AND 5 AND name IS NOT NULL"),
    (Text, "lower(name)"),
    (Text, "name || ' 5% :x ' || number::text"),
    (Text, "substring(name FROM 1 FOR 3)"),
    (Text, "trim(both ' ' from name)"),
    (Numeric(10, 2), "number / 100.0"),
    (Date, "(moment AT TIME ZONE 'UTC')::date"),
    (Text, "data #>> '{a,b}'"),
    (TSVECTOR, "to_tsvector('english', coalesce(name, '') || ' ' || coalesce(name, ''))"),
]
CHECKS = [
    "number > 0",
    "number IN (1, 2, 3)",
    "name IN ('a', 'b')",
    "name NOT IN ('a', 'b') OR number IS NULL",
    "number BETWEEN 1 AND 5",
    "name ~ '^[a-z]+$'",
    "name LIKE '5%\\:x'",
    "length(trim(name)) > 0",
    "char_length(name) >= 2 AND number <> -1",
    "(data ->> 'kind') IS NOT NULL",
    "jsonb_typeof(data) = 'object'",
    "number % 2 = 0",
    "NOT (number = 1 AND name = 'a')",
    "moment > '2020-01-01'",
    "name = ANY (ARRAY['a', 'b'])",
    "num_nonnulls(name, number) = 1",
]
INDEXES: list[Callable[[Table], Index]] = [
    lambda t: Index("i1", func.lower(t.c.name)),
    lambda t: Index("i2", text("lower(name)"), text("number DESC")),
    lambda t: Index("i3", t.c.number.desc().nulls_last()),
    lambda t: Index("i4", t.c.name, postgresql_where=t.c.number > 5),
    lambda t: Index("i5", t.c.name, unique=True, postgresql_where=text("name IN ('a', 'b')")),
    lambda t: Index("i6", t.c.data, postgresql_using="gin"),
    lambda t: Index("i7", t.c.data, postgresql_using="gin", postgresql_ops={"data": "jsonb_path_ops"}),
    lambda t: Index("i8", text("name varchar_pattern_ops")),
    lambda t: Index("i9", t.c.name, postgresql_include=["number"]),
    lambda t: Index("i10", t.c.number, postgresql_with={"fillfactor": 70}),
    lambda t: Index("i11", text("to_tsvector('english', name)"), postgresql_using="gin"),
    lambda t: Index("i12", text("(data ->> 'a')")),
    lambda t: Index("i13", t.c.name.collate("C")),
    lambda t: Index("i14", t.c.moment, postgresql_using="brin"),
    lambda t: Index("i15", t.c.number, postgresql_nulls_not_distinct=True, unique=True),
]


def expressions(metadata: MetaData) -> None:
    columns = [Column(f"default_{n}", type_, server_default=d) for n, (type_, d) in enumerate(DEFAULTS)]
    generated = [
        Column(f"generated_{n}", type_, Computed(sql.replace(":x", "\\:x"), persisted=True))
        for n, (type_, sql) in enumerate(EXPRESSIONS)
    ]
    checks = [CheckConstraint(sql, name=f"check_{n}") for n, sql in enumerate(CHECKS)]
    table = Table(
        "expressions",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(50)),
        Column("number", Integer),
        Column("data", JSONB),
        Column("moment", TIMESTAMP(timezone=True)),
        *columns,
        *generated,
        *checks,
    )
    for index in INDEXES:
        index(table)


def test_nothing_has_changed(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """However the server rewrites an expression, it compares as equal."""
    scene.models(expressions)
    scene.migrate()
    migrations.upgrade()
    with caplog.at_level("INFO"):
        status.differences()
    found = [line for line in caplog.messages if line.startswith("Detected")]
    assert [line for line in found if "assuming SERIAL" not in line] == []
    assert scene.migrate() == ""


def table_like_a_type(metadata: MetaData) -> None:
    Table(
        "date",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("days", ARRAY(Date), server_default="{2026-01-31}"),
        schema="shop",
    )


def test_table_like_a_type(scene: Scene) -> None:
    """The type `date` is not mistaken for the row type of a temporary table with that name."""
    scene.models(table_like_a_type)
    scene.migrate()
    migrations.upgrade()
    assert scene.migrate() == ""


def circle(metadata: MetaData, use_alter: bool = False) -> None:
    to_b = ForeignKey("b.id", use_alter=use_alter)
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_id", Integer, to_b))
    to_a = ForeignKey("a.id")
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", Integer, to_a))


def chain(*names: str, schemas: tuple[str | None, ...] = (None,)) -> Models:
    """Return models in which each table refers to the previous one, taking turns in these schemas."""

    def define(metadata: MetaData) -> None:
        before = ""
        for number, name in enumerate(names):
            schema = schemas[number % len(schemas)]
            elements: list[Any] = [Column("id", Integer, primary_key=True)]
            if before:
                elements.append(Column("before_id", Integer, ForeignKey(f"{before}.id"), index=True))
            table = Table(name, metadata, *elements, schema=schema)
            before = table.key

    return define


def no_models(metadata: MetaData) -> None:
    pass


def shelf(metadata: MetaData, with_books: bool = True, code: bool = True) -> None:
    """Return a table that others refer to by a unique column."""
    columns: list[Any] = [Column("id", Integer, primary_key=True)]
    if code:
        columns += [Column("code", String(9)), UniqueConstraint("code")]
    if with_books:
        columns.append(Column("favorite_id", Integer, ForeignKey("books.id", use_alter=True)))
        place = Column("place", String(9), ForeignKey("shelves.code"))
        Table("books", metadata, Column("id", Integer, primary_key=True), place)
    Table("shelves", metadata, *columns)


def itself(metadata: MetaData) -> None:
    parent = Column("parent_id", Integer, ForeignKey("nodes.id"), nullable=False)
    Table("nodes", metadata, Column("id", Integer, primary_key=True), parent)


TABLES: dict[str, tuple[Models, Models]] = {
    "a circle is added": (no_models, circle),
    "a circle is removed": (circle, no_models),
    "a circle with use_alter": (no_models, lambda metadata: circle(metadata, use_alter=True)),
    "a circle with use_alter is removed": (lambda metadata: circle(metadata, use_alter=True), no_models),
    "half of a circle": (chain("b"), circle),
    "a table that refers to itself": (no_models, itself),
    "a table that refers to itself is removed": (itself, no_models),
    "a chain is added": (no_models, chain("z", "b", "y", "a")),
    "a chain is removed": (chain("z", "b", "y", "a"), no_models),
    "the end of a chain is removed": (chain("z", "b", "y", "a"), chain("z", "b")),
    "a chain through schemas is removed": (
        chain("z", "b", "y", "a", schemas=("later", None, "early")),
        no_models,
    ),
    "tables refer to each other's new columns": (
        lambda metadata: shelf(metadata, with_books=False, code=False),
        shelf,
    ),
    "a table goes, and what it referred to": (
        shelf,
        lambda metadata: shelf(metadata, with_books=False, code=False),
    ),
}


@pytest.mark.parametrize("change", TABLES)
def test_tables(scene: Scene, change: str) -> None:
    follow(scene, *TABLES[change])


def library(table: str = "books", title: str = "title", schema: str | None = None) -> Models:
    """Return models whose table or column can be renamed; another table refers to it."""

    def define(metadata: MetaData) -> None:
        books = Table(
            table,
            metadata,
            Column("id", Integer, primary_key=True),
            Column(title, String(80), nullable=False, unique=True, index=True),
            Column("year", Integer, index=True),
            CheckConstraint("year > 0", name="year"),
            Index("ix_lower", text(f"lower({title})")),
            schema=schema,
        )
        book_id = Column("book_id", Integer, ForeignKey(books.c.id))
        Table("loans", metadata, Column("id", Integer, primary_key=True), book_id)

    return define


RENAMES: dict[str, tuple[Models, Models, str]] = {
    "a column": (
        library(),
        library(title="headline"),
        "op.alter_column('books', 'title', new_column_name='headline')",
    ),
    "a column in a schema": (
        library(schema="shop"),
        library(schema="shop", title="headline"),
        "op.alter_column('books', 'title', new_column_name='headline', schema='shop')",
    ),
    "a table": (library(), library("volumes"), "op.rename_table('books', 'volumes')"),
    "a table in a schema": (
        library(schema="shop"),
        library("volumes", schema="shop"),
        "op.rename_table('books', 'volumes', schema='shop')",
    ),
    "a table into a schema": (
        library(),
        library(schema="shop"),
        "op.execute('ALTER TABLE books SET SCHEMA shop')",
    ),
    "a table out of a schema": (
        library(schema="shop"),
        library(),
        "op.execute('ALTER TABLE shop.books SET SCHEMA public')",
    ),
    "a table into another schema, with another name": (
        library(schema="shop"),
        library("volumes", schema="Old Shop"),
        "op.execute('ALTER TABLE shop.books SET SCHEMA \"Old Shop\"');"
        " op.rename_table('books', 'volumes', schema='Old Shop')",
    ),
}


def new_name(models: Models) -> tuple[str, str]:
    """Return the library's table with its schema, and the name of the title column."""
    metadata = MetaData()
    models(metadata)
    (table,) = [table for table in metadata.tables.values() if table.name != "loans"]
    quoted = ".".join(f'"{name}"' for name in (table.schema, table.name) if name)
    return quoted, list(table.columns)[1].name


@pytest.mark.parametrize("rename", RENAMES)
def test_rename(scene: Scene, rename: str) -> None:
    """A renamed table or column keeps its rows if the question is answered with yes."""
    before, after, operations = RENAMES[rename]
    scene.models(before)
    scene.migrate()
    migrations.upgrade()
    old_table, old_column = new_name(before)
    new_table, new_column = new_name(after)
    scene.run(f"INSERT INTO {old_table} (id, {old_column}, year) VALUES (7, 'Emma', 1815)")
    scene.run("INSERT INTO loans (id, book_id) VALUES (1, 7)")
    old = scene.dump()
    scene.models(after)
    questions: list[str] = []

    def answer(question: str) -> bool:
        questions.append(question)
        return True

    written = scene.migrate(answer)
    assert len(questions) == 1
    assert "drop_table" not in written and "drop_column" not in written
    assert operations.partition(";")[0] in re.sub(r",\s+", ", ", written)
    migrations.upgrade()
    assert status.differences() == []
    assert scene.value(f"SELECT id FROM {new_table} WHERE {new_column} = 'Emma'") == 7
    assert scene.value("SELECT book_id FROM loans") == 7
    migrations.downgrade("-1")
    assert scene.dump() == old
    assert scene.value(f"SELECT {old_column} FROM {old_table}") == "Emma"
    migrations.upgrade()
    assert status.differences() == []
    migrations.downgrade("base")
    left = [line for line in scene.dump() if line.startswith("CREATE")]
    assert left == ["CREATE TABLE public.alembic_version ("]


@pytest.mark.parametrize("rename", RENAMES)
def test_rename_without_a_terminal(scene: Scene, rename: str, caplog: pytest.LogCaptureFixture) -> None:
    """The line says what to write; the migration drops and adds, as Alembic's would."""
    before, after, operations = RENAMES[rename]
    scene.models(before)
    scene.migrate()
    migrations.upgrade()
    scene.models(after)
    with caplog.at_level("INFO", "alembic.env"):
        written = scene.migrate()
    (line,) = [message for message in caplog.messages if message.startswith("Renamed?")]
    assert line.endswith(f"write instead: {operations}")
    assert "drop_table" in written or "drop_column" in written
    migrations.upgrade()
    assert status.differences() == []


def test_two_renames(scene: Scene) -> None:
    """Columns of one type are paired by the most similar names, and no is an answer."""

    def words(*names: str) -> Models:
        return items(lambda: [Column(name, Text) for name in names])

    scene.models(words("first_name", "last_name", "city"))
    scene.migrate()
    migrations.upgrade()
    scene.models(words("given_name", "lastname", "country"))
    questions: list[str] = []

    def answer(question: str) -> bool:
        questions.append(question)
        return "lastname" in question

    written = scene.migrate(answer)
    assert len(questions) == 3
    assert "new_column_name='lastname'" in written
    assert written.count("new_column_name") == 2  # up and down
    migrations.upgrade()
    assert status.differences() == []


def taken_over(metadata: MetaData) -> None:
    """Return tables as a declaration creates them, with names by convention."""
    Table("people", metadata, Column("id", BigInteger, Identity(), primary_key=True))
    Table(
        "books",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("isbn", String(20), unique=True),
        Column("title", Text, index=True),
        Column(
            "state", Enum("new", "old", name="state", native_enum=False, create_constraint=True, length=32)
        ),
        Column("author_id", ForeignKey("people.id"), index=True),
        Column("added", DateTime(timezone=True), server_default=func.current_timestamp()),
        Column("price", Numeric(10, 2), server_default="0"),
        Column("tags", ARRAY(Text), server_default="{a,b}"),
        UniqueConstraint("title", "state"),
    )


OLD_DATABASE = """
    CREATE TABLE always_there (id integer PRIMARY KEY);
    CREATE TABLE people ({people});
    CREATE TABLE books (
        {books},
        isbn varchar(20){isbn},
        title text,
        state varchar(32) {check},
        author_id bigint REFERENCES people,
        added timestamptz DEFAULT now(),
        price numeric(10,2) DEFAULT {price},
        tags text[] DEFAULT ARRAY['a', 'b']
    );
    CREATE UNIQUE INDEX index_books_on_title_and_state ON books (title, state);
    CREATE INDEX {index} ON books (title);
    CREATE INDEX index_books_on_author_id ON books (author_id)
"""
AS_IT_WAS = {
    "people": "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "books": "id serial PRIMARY KEY",
    "isbn": " UNIQUE",
    "check": "CHECK (state IN ('new', 'old'))",
    "index": "idx_books_title",
    "price": "0",
}
# What another database may have instead, and what `check` then reports.
OLD_DATABASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "serial": ({"people": "id bigserial PRIMARY KEY"}, []),
    "by default": ({"people": "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"}, []),
    "identity": ({"books": "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}, []),
    "a dumped check": (
        {"check": "CHECK (state::text = ANY (ARRAY['new'::varchar::text, 'old'::varchar::text]))"},
        [],
    ),
    "no unique": ({"isbn": ""}, ["added unique constraint uq_books_isbn on 'books'"]),
    "a name of ours": ({"index": "ix_books_name"}, ["renamed index ix_books_title on 'books'"]),
    "other values": (
        {"check": "CHECK (state IN ('new'))"},
        [
            "removed check constraint books_state_check on 'books'",
            "added check constraint ck_books_state on 'books'",
        ],
    ),
    "another default": ({"price": "1"}, ["server default on column 'books.price'"]),
    "every second": (
        {"people": "id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT 2) PRIMARY KEY"},
        ["server default on column 'people.id': identity options attributes ['always']"],
    ),
}


@pytest.mark.parametrize("old", OLD_DATABASES)
def test_a_database_that_is_taken_over(scene: Scene, old: str, caplog: pytest.LogCaptureFixture) -> None:
    """Names outside the convention, and another way to number a key, are not differences."""
    changes, expected = OLD_DATABASES[old]
    scene.models(taken_over)
    scene.migrate()
    scene.run(OLD_DATABASE.format(**AS_IT_WAS | changes))
    migrations.stamp("head")
    caplog.clear()
    caplog.set_level("INFO")
    assert bool(status.differences()) == bool(expected)
    found = [line.removeprefix("Detected ") for line in caplog.messages if line.startswith("Detected ")]
    assert [line for line in found if not line.startswith("sequence named")] == expected


@pytest.mark.parametrize("others", [False, True])
def test_queries_of_many_tables(scene: Scene, others: bool) -> None:
    """Many tables in a schema take as many queries as one, and unrelated tables are not read."""

    def models(count: int) -> Models:
        def define(metadata: MetaData) -> None:
            for schema in (None, "public", "one", "two", "three"):
                for number in range(count):
                    key = Column("id", Text, primary_key=True)  # for a SERIAL, Alembic asks for the sequence
                    Table(f"t{number}_{schema}", metadata, key, schema=schema)

        return define

    def queries() -> list[str]:
        found: list[str] = []
        with database.connect() as connection:
            engine = connection.engine

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            found.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert status.differences() == []
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return found

    counts = []
    for count in (1, 7):
        scene.models(models(count))
        scene.migrate()
        migrations.upgrade()
        if others:
            scene.run("CREATE TABLE IF NOT EXISTS one.of_others (id int, at tsvector)")
        counts.append(len(queries()))
    assert counts[0] == counts[1] < 120
