"""Test the names of check constraints: explicit ones are kept, and generated ones are stable."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Boolean, CheckConstraint, Column, Enum, Integer, MetaData, String, Table, func
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from plumbing.naming import constraint_name

CONVENTION = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
LONG = "a_table_with_a_name_that_is_as_long_as_postgresql_permits_63byte"


def names(table: Table) -> list[str]:
    """Return the names of the checks in the statement that creates a table."""
    statement = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    return re.findall(r'CONSTRAINT "?(\w+)"? CHECK', statement)


def table(*items: Column[Any] | CheckConstraint, name: str = "items") -> Table:
    metadata = MetaData(naming_convention={**CONVENTION, "constraint_name": constraint_name})
    return Table(name, metadata, *items)


def test_name_of_an_unnamed_check() -> None:
    """It is the same in every process, and however the condition is broken into lines."""
    for text in ("price > 0", "  price\n  > 0  "):
        assert names(table(Column("price", Integer), CheckConstraint(text))) == ["ck_items_price_89b88009"]
    on_column: Column[object] = Column("price", Integer, CheckConstraint("price > 0"))
    assert names(table(on_column)) == ["ck_items_price_89b88009"]


def test_two_unnamed_checks() -> None:
    checks = [CheckConstraint("price > 0"), CheckConstraint("price < 9"), CheckConstraint("LENGTH(name) > 1")]
    found = names(table(Column("price", Integer), Column("name", String), *checks))
    assert len(set(found)) == 3
    assert {name[:-8] for name in found} == {"ck_items_price_", "ck_items_length_name_"}


def test_expressions() -> None:
    price: Column[int] = Column("price", Integer)
    name: Column[str] = Column("name", String)
    found = names(table(price, name, CheckConstraint(price > 0), CheckConstraint(func.length(name) > price)))
    assert len(set(found)) == 2
    assert {each[:-8] for each in found} == {"ck_items_price_", "ck_items_length_name_price_"}


@pytest.mark.parametrize(
    "text", ["price > 0", "'ä' <> 'ö'", " AND ".join(f"column_{i} > {i}" for i in range(30))]
)
@pytest.mark.parametrize("name", ["items", LONG[:50], LONG[:63], "straße" * 7])
def test_length(name: str, text: str) -> None:
    """SQLAlchemy shortens names that are too long because of the table's name."""
    (found,) = names(table(Column("price", Integer), CheckConstraint(text), name=name))
    assert len(found.encode()) <= 63
    (other,) = names(table(Column("price", Integer), CheckConstraint(f"NOT {text}"), name=name))
    assert found != other


@pytest.mark.parametrize(
    "make",
    [
        lambda: CheckConstraint("price > 0", name="positive"),
        lambda: Column("price", Integer, CheckConstraint("price > 0", name="positive")),
        lambda: Column("kind", Enum("a", "b", name="kind", native_enum=False, create_constraint=True)),
        lambda: Column("sold", Boolean(name="sold", create_constraint=True)),
    ],
)
def test_names_that_were_given(make: Callable[[], Column[object] | CheckConstraint]) -> None:
    """They are the same as in the convention without our function."""
    expected = names(Table("items", MetaData(naming_convention=CONVENTION), make()))
    assert names(table(make())) == expected


def test_enum_without_a_name() -> None:
    kind: Column[object] = Column("kind", Enum("a", "b", native_enum=False, create_constraint=True))
    (found,) = names(table(kind))
    assert found.startswith("ck_items_kind_")
