"""Test the text of the diagram: every version of Mermaid on code hosts can draw it."""

import re

import pytest
from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from plumbing.diagram.layers import layers_of
from plumbing.diagram.mermaid import KEYS_ONLY, LEFT_OUT, LONGEST_TEXT, is_named_after, page
from plumbing.merging import merge
from tests.support import mermaid


def drawn(metadata: MetaData) -> str:
    return mermaid.diagram(page(metadata))


def box(metadata: MetaData, name: str) -> list[str]:
    """Return the lines in the box of a table."""
    (found,) = re.findall(rf'^    "{name}" {{\n(.*?)^    }}', drawn(metadata), re.MULTILINE | re.DOTALL)
    return [line.strip() for line in found.splitlines()]


def lines(metadata: MetaData) -> list[str]:
    return [line.strip() for line in mermaid.LINE.findall(drawn(metadata))]


def key() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def table(metadata: MetaData, name: str, *parents: str) -> Table:
    """Add a table that refers to others."""
    columns: list[Column[int]] = [
        Column(f"{parent}_id", ForeignKey(f"{parent}.id"), nullable=False) for parent in parents
    ]
    return Table(name, metadata, key(), *columns)


@pytest.mark.parametrize(
    ("parents", "layers"),
    [
        ("a b:a c:a,b d", "a0 d0 b1 c2"),
        ("d:c c:b b:a a", "a0 b1 c2 d3"),
        ("b:a a:b c:b", "a0 b1 c2"),
        ("top x:top,y y:x z:x", "top0 x1 y2 z2"),
        ("", ""),
    ],
)
def test_layers(parents: str, layers: str) -> None:
    """When only a cycle is left, the table with the first name opens it."""
    pairs = [word.partition(":")[::2] for word in parents.split()]
    found = layers_of({name: set(others.split(",")) - {""} for name, others in pairs})
    assert found == {word[:-1]: int(word[-1]) for word in layers.split()}


def test_columns() -> None:
    metadata = MetaData()
    Table(
        "things",
        metadata,
        key(),
        Column("name", String(20), unique=True),
        Column("price", Numeric(10, 2), nullable=False),
        Column("prices", ARRAY(Numeric(10, 2)), nullable=False),
        Column("size", Enum("s", "m", native_enum=False), nullable=False),
        Column("sizes", ARRAY(Enum("s", "m", native_enum=False))),
        Column("color", Enum("red", "green", name="colors", schema="shop")),
        Column("pk", Integer, nullable=False),
        Column("2nd name", Text, nullable=False),
        Column("größe", Text, nullable=False),
    )
    assert box(metadata, "things") == [
        "integer id PK",
        'varchar(20) name UK "null"',
        "numeric(10_2) price",
        "numeric(10_2)[] prices",
        'enum size "s, m"',
        'enum[] sizes "null; s, m"',
        'shop_colors color "null; red, green"',
        "integer *pk",
        "text _2nd_name",
        "text größe",
    ]


def test_values_of_an_enum() -> None:
    """As many are shown as fit, and no character in them ends the text."""
    metadata = MetaData()
    Table(
        "things",
        metadata,
        Column("a", Enum("pending", "confirmed", "cancelled", native_enum=False), nullable=False),
        Column("b", Enum("x" * 40, "y", native_enum=False), nullable=False),
        Column("c", Enum('say "hi"', "~a~", "1\n2", native_enum=False), nullable=False),
    )
    assert box(metadata, "things") == [
        'enum a "pending, confirmed, …"',
        f'enum b "{"x" * 40}, …"',
        "enum c \"say 'hi', -a-, 1 2\"",
    ]


def test_unique_groups() -> None:
    metadata = MetaData()
    Table(
        "one",
        metadata,
        Column("a", Integer, primary_key=True),
        Column("b", Integer, primary_key=True),
        Column("c", Integer, nullable=False),
        Column("d", Integer),
        UniqueConstraint("d", "c"),
    )
    assert box(metadata, "one") == [
        "integer a PK",
        "integer b PK",
        'integer c "unique together"',
        'integer d "null; unique together"',
    ]
    Table(
        "two",
        metadata,
        Column("a", Integer, nullable=False),
        Column("b", Integer, nullable=False),
        Column("c", Integer, nullable=False),
        UniqueConstraint("b", "c"),
        Index("two_index", "a", "b", unique=True),
    )
    assert box(metadata, "two") == [
        'integer a "unique together 1"',
        'integer b "unique together 1, 2"',
        'integer c "unique together 2"',
    ]


def test_indexes_that_do_not_make_a_column_unique() -> None:
    """Partial indexes do not, nor do indexes of an expression on more than the column."""
    metadata = MetaData()
    table(metadata, "users")
    emails = Table(
        "emails",
        metadata,
        Column("user_id", ForeignKey("users.id"), nullable=False),
        Column("address", Text, nullable=False),
        Column("note", Text, nullable=False),
        Index("partial", "user_id", unique=True, postgresql_where=text("note = ''")),
        Index("expression", "note", func.lower("address"), unique=True),
    )
    Index("lower", func.lower(emails.c.address), unique=True)
    assert box(metadata, "emails") == ["integer user_id FK", "text address UK", "text note"]
    assert lines(metadata) == ['"users" ||--o{ "emails" : ""']


def test_the_times_are_left_out() -> None:
    """They are left out unless they are part of a key; the page says so."""
    metadata = MetaData()
    times = [Column(name, DateTime(timezone=True), nullable=False) for name in ("created_at", "updated_at")]
    Table("things", metadata, key(), *times, Column("deleted_at", DateTime, nullable=False))
    assert box(metadata, "things") == ["integer id PK", "timestamp deleted_at"]
    assert LEFT_OUT in page(metadata)
    Table(
        "logs",
        metadata,
        Column("name", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), primary_key=True),
        UniqueConstraint("name", "created_at"),
    )
    assert box(metadata, "logs") == [
        'text name "unique together"',
        'timestamptz created_at "unique together"',
        "timestamptz updated_at PK",
    ]


def test_names_of_lines() -> None:
    """A line is labelled with its columns only if the tables alone do not identify it."""
    assert is_named_after("user_id", "users")
    assert is_named_after("category_id", "categories")
    assert is_named_after("invited_by_user_id", "users")
    assert is_named_after("user_profile_id", "user_profiles")
    assert not is_named_after("author_id", "users")
    assert not is_named_after("user_name", "users")
    metadata = MetaData()
    for name in ("users", "categories"):
        Table(name, metadata, key(), Column("parent_id", ForeignKey(f"shop.{name}.id")), schema="shop")
    Table(
        "posts",
        metadata,
        key(),
        Column("category_id", ForeignKey("shop.categories.id"), nullable=False),
        Column("author_id", ForeignKey("shop.users.id"), nullable=False),
    )
    Table(
        "likes",
        metadata,
        Column("user_id", ForeignKey("shop.users.id"), nullable=False),
        Column("liked_user_id", ForeignKey("shop.users.id"), unique=True),
    )
    assert lines(metadata) == [
        '"shop.users" |o--o| "likes" : "liked_user_id"',
        '"shop.users" ||--o{ "likes" : "user_id"',
        '"shop.categories" ||--o{ "posts" : ""',
        '"shop.users" ||--o{ "posts" : "author_id"',
        '"shop.categories" |o--o{ "shop.categories" : ""',
        '"shop.users" |o--o{ "shop.users" : ""',
    ]


def test_a_foreign_key_of_several_columns() -> None:
    metadata = MetaData()
    Table("seats", metadata, *(Column(name, Integer, primary_key=True) for name in ("row", "seat")))
    foreign_key = ForeignKeyConstraint(["row", "seat"], ["seats.row", "seats.seat"])
    Table("tickets", metadata, key(), Column("row", Integer), Column("seat", Integer), foreign_key)
    assert lines(metadata) == ['"seats" |o--o{ "tickets" : "row, seat"']


def test_a_key_that_refers_to_another_table() -> None:
    """As in joined-table inheritance, there is one row each; part of a key may occur more than once."""
    metadata = MetaData()
    table(metadata, "users")
    Table("admins", metadata, Column("id", ForeignKey("users.id"), primary_key=True))
    columns: list[Column[int]] = [
        Column(name, ForeignKey("users.id"), primary_key=True) for name in ("a", "b")
    ]
    Table("friends", metadata, *columns)
    assert lines(metadata) == [
        '"users" ||--o| "admins" : "id"',
        '"users" ||--o{ "friends" : "a"',
        '"users" ||--o{ "friends" : "b"',
    ]


def test_direction() -> None:
    """It goes left to right if more tables would be side by side than one below the other."""
    metadata = MetaData()
    table(metadata, "root")
    table(metadata, "a")
    assert "direction" not in drawn(metadata)  # two tables fit
    for name in ("b", "c", "d"):
        table(metadata, name, "root")
    assert drawn(metadata).splitlines()[2] == "    direction LR"
    for name, parent in zip("efghijk", "defghij", strict=True):
        table(metadata, name, parent)
    assert "direction" not in drawn(metadata)


def test_a_long_chain_in_a_wide_diagram() -> None:
    """It wraps to the left after four tables, or the diagram would be wide again."""
    metadata = MetaData()
    table(metadata, "a")
    for name, parent in zip("bcdef", "abcde", strict=True):
        table(metadata, name, parent)
    for number in range(8):
        table(metadata, f"t{number}", "a")
    assert "direction LR" in drawn(metadata)
    assert lines(metadata)[:5] == [
        '"a" ||--o{ "b" : ""',
        '"b" ||--o{ "c" : ""',
        '"c" ||--o{ "d" : ""',
        '"e" }o--|| "d" : ""',
        '"f" }o--|| "e" : ""',
    ]


def test_tables_that_refer_to_each_other() -> None:
    metadata = MetaData()
    table(metadata, "stores", "staff")
    table(metadata, "staff", "stores")
    assert lines(metadata) == ['"stores" ||--o{ "staff" : ""', '"staff" ||--o{ "stores" : ""']


def test_too_many_tables_for_mermaid() -> None:
    """Boxes show only their keys if the diagram exceeds Mermaid's 50,000 characters."""
    metadata = MetaData()
    table(metadata, "root")
    for number in range(400):
        child = table(metadata, f"t{number:03}", "root")
        child.append_column(Column("description_of_the_thing", Text))
    assert KEYS_ONLY in page(metadata)
    assert len(drawn(metadata)) < LONGEST_TEXT
    assert box(metadata, "t007") == ["integer id PK", "integer root_id FK"]


def test_nothing_to_draw() -> None:
    assert drawn(MetaData()).endswith("erDiagram\n")


def test_order() -> None:
    """It is the order that a merge uses; otherwise each merge would redraw the page."""
    metadata = MetaData()
    for name in ("b", "a_b", "a"):
        table(metadata, name)
    table(metadata, "c", "b", "a", "a_b")
    table(metadata, "c_d", "c", "a")
    ours = page(metadata)
    table(metadata, "z", "a")
    theirs = page(metadata)
    base = ours.replace('    "a" ||--o{ "c_d" : ""\n', "")
    assert merge("docs/models.md", base, ours, theirs) == (theirs, False)
