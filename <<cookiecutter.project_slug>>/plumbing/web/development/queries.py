"""Reads rows for the pages of plumbing.web.development.rows, so that no model and no value can break a page.

The tables and their columns come from the models, but not the types: the database itself turns each
value into text.  So no type, property or validator of the application runs, and values that Python
cannot hold, such as the year 20000, are shown like any other.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Table,
    TableClause,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    quoted_name,
    select,
    table,
    text,
)
from sqlalchemy.exc import NoReferenceError
from sqlalchemy.types import NullType

from plumbing.current import db, mappers, metadata
from plumbing.database import is_postgresql, quoted
from plumbing.errors import UserError
from plumbing.labels import LONGEST, label_column

ROWS = 20  # of a page
CHARACTERS = 100  # of a value in a table of rows
BYTES = 16
ALL_CHARACTERS = 1_000_000  # of a value on the page of its row
ALL_BYTES = 10_000
COUNTED = 10_000  # rows; to count more could scan a large table
REFERRING_COUNTED = 1_000
LAST_PAGE = 10**9

# For one transaction.  Dates and numbers are to be written so that the database can read them again.
SETTINGS = {
    "transaction_read_only": "on",
    "lock_timeout": "1s",
    "statement_timeout": "5s",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}

# A type without an ordering of its own, such as json, is compared as text.
POSTGRESQL_FIELDS = text("""
    SELECT
        attname AS name,
        format_type(atttypid, atttypmod) AS type,
        declared.typcategory = 'N' AS is_number,
        plain.typcategory IN ('E', 'I', 'R', 'S') OR EXISTS (
            SELECT FROM pg_opclass
            JOIN pg_am ON pg_am.oid = opcmethod
            WHERE amname = 'btree' AND opcdefault AND opcintype = plain.oid
        ) AS is_comparable
    FROM pg_attribute
    JOIN pg_type AS declared ON declared.oid = atttypid
    JOIN pg_type AS plain ON plain.oid = CASE
        WHEN declared.typtype = 'd' THEN declared.typbasetype
        WHEN declared.typcategory = 'A' THEN declared.typelem
        ELSE declared.oid
    END
    WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped
""")
SQLITE_FIELDS = text("""
    SELECT name, lower(type) AS type, type IN ('INTEGER', 'FLOAT') AS is_number, 1 AS is_comparable
    FROM pragma_table_info(:table)
""")
ESTIMATE = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:table)")

OPERATORS = {
    "is": "equals",
    "contains": "contains",
    "null": "is NULL",
    "not-null": "is not NULL",
}


class BadAddress(UserError):
    """Raised if the address of a page names something that does not exist."""


@dataclass(frozen=True)
class Filter:
    """A condition that rows have to meet."""

    column: str
    operator: str  # one of OPERATORS
    value: str = ""


@dataclass(frozen=True)
class View:
    """Which rows of a table are shown, and in which order."""

    filters: tuple[Filter, ...] = ()
    sort: str = ""  # a column; without one, the primary key
    descending: bool = False
    page: int = 1


@dataclass(frozen=True)
class Field:
    """What the database says about a column."""

    name: str
    type: str = ""
    is_number: bool = False
    is_comparable: bool = True


@dataclass(frozen=True)
class Reference:
    """A foreign key, seen from one of its two tables."""

    table: Table  # the other one
    pairs: tuple[tuple[str, str], ...]  # names of a column here and of its column there


@dataclass
class Source:
    """A table of the models, and what the database says about it."""

    table: Table
    fields: dict[str, Field]

    @cached_property
    def names(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.table.columns]

    @cached_property
    def key(self) -> list[str]:
        """The names of the columns that identify a row, if there are any."""
        return key_names(self.table)

    @cached_property
    def references(self) -> list[Reference]:
        """The foreign keys of the table."""
        return references(self.table)

    @cached_property
    def whole(self) -> set[str]:
        """The names of the columns whose values are parts of links, so that none may be cut."""
        here = {name for reference in self.references for name, _ in reference.pairs}
        there = {name for reference in referring(self.table) for name, _ in reference.pairs}
        return {*self.key, *here, *there}

    @cached_property
    def clause(self) -> TableClause:
        """The table to select from."""
        return untyped(self.table)

    def field(self, name: str) -> Field:
        """Return a column of the table.  Raises BadAddress if there is none of that name."""
        if name not in self.names:
            raise BadAddress(f"{self.table.key} has no column {name!r}.")
        return self.fields.get(name) or Field(name)

    def sorted_by(self, view: View) -> list[str]:
        """Return the names of the columns that rows are sorted by, so that no page repeats a row.

        The last ones are the primary key, or, without one, everything that can be compared.
        """
        comparable = [name for name in self.names if self.field(name).is_comparable]
        chosen = [self.field(view.sort).name] if view.sort else []
        return list(dict.fromkeys(chosen + (self.key or comparable)))


@contextmanager
def read_only() -> Iterator[Connection]:
    """Yield a connection that cannot write, and waits neither for a lock nor for a slow query."""
    with db().engine.connect() as connection:
        if is_postgresql():
            values = [func.set_config(name, value, True) for name, value in SETTINGS.items()]
            connection.execute(select(*values))
        yield connection


# The tables of the models


def key_names(table: Table) -> list[str]:
    """Return the names of the columns of the primary key; that of a view is its model's."""
    names = [column.name for column in table.primary_key.columns]
    for mapper in mappers():
        if not names and mapper.local_table is table:
            names = [str(column.name) for column in mapper.primary_key if column.table is table]
    return names


def references(table: Table) -> list[Reference]:
    """Return the foreign keys of a table, sorted by their columns."""
    found = []
    for constraint in table.foreign_key_constraints:
        try:
            pairs = [(element.parent.name, element.column.name) for element in constraint.elements]
            found.append(Reference(constraint.referred_table, tuple(pairs)))
        except NoReferenceError:  # to a table that no model has
            continue
    return sorted(found, key=lambda reference: (len(reference.pairs), reference.pairs))


def referring(table: Table) -> list[Reference]:
    """Return the foreign keys of other tables, or of its own, that refer to a table."""
    found = []
    for other in sorted(metadata().tables.values(), key=lambda other: other.key):
        for reference in references(other):
            if reference.table is table:
                pairs = tuple((there, here) for here, there in reference.pairs)
                found.append(Reference(other, pairs))
    return found


def untyped(model: Table) -> TableClause:
    """Return a table without the types of the model, whatever the names in it."""
    columns: list[ColumnClause[Any]] = [
        column(quoted_name(each.name, quote=True)) for each in model.columns
    ]
    schema = quoted_name(model.schema, quote=True) if model.schema else None
    return table(quoted_name(model.name, quote=True), *columns, schema=schema)


# Queries


def find(connection: Connection, table: Table) -> Source:
    """Return a table with what the database says about its columns."""
    query = POSTGRESQL_FIELDS if is_postgresql() else SQLITE_FIELDS
    found = connection.execute(query, {"table": name_as_value(table)}).mappings()
    fields = {row["name"]: Field(**row) for row in found}
    return Source(table, fields)


def name_as_value(table: Table) -> str:
    """Return the name of a table as a parameter, not as a part of SQL."""
    if not is_postgresql():
        return table.name
    return quoted(table.schema, table.name).replace("%%", "%")


def rows(connection: Connection, source: Source, view: View) -> Sequence[RowMapping]:
    """Return the rows of a page and, if there is a next page, one more.

    The database skips the earlier rows (OFFSET).  To start after the last row seen would be faster on
    pages far behind, but it needs a key, which views lack, and a case for every NULL.  Of a million
    rows with an integer key, page 500 takes 5 ms longer than page 1, and page 50,000 half a second.
    Few will go there: what is last is on page 1 of the other order.
    """
    page = (
        select(source.clause)
        .where(*conditions(source, view.filters))
        .order_by(*ordering(source.clause, source, view))
        .limit(ROWS + 1)
        .offset((view.page - 1) * ROWS)
        .subquery("page")
    )
    query = select(
        *values(page, source, CHARACTERS, BYTES),
        *labels(page, source.references),
    )
    return connection.execute(query.order_by(*ordering(page, source, view))).mappings().all()


def row(connection: Connection, source: Source, identity: Sequence[Filter]) -> RowMapping | None:
    """Return the row with these values, as a whole, or None."""
    if not identity:
        return None
    page = select(source.clause).where(*conditions(source, identity)).limit(1).subquery("page")
    query = select(
        *values(page, source, ALL_CHARACTERS, ALL_BYTES, pretty=True),
        *labels(page, source.references),
    )
    return connection.execute(query).mappings().first()


def count(connection: Connection, source: Source, filters: Sequence[Filter]) -> int:
    """Return the number of rows; one more than COUNTED stands for any larger number."""
    counted = counting(source.clause, conditions(source, filters), COUNTED + 1)
    return connection.scalar(select(counted)) or 0


def estimate(connection: Connection, source: Source) -> int:
    """Return the number of rows of which the planner of PostgreSQL knows, or 0."""
    if not is_postgresql():
        return 0
    found = connection.scalar(ESTIMATE, {"table": name_as_value(source.table)})
    return max(0, int(found or 0))


def count_referring(
    connection: Connection, found: Sequence[tuple[Reference, list[str]]]
) -> list[int]:
    """Return how many rows refer to a row by each foreign key, in one query.

    Each comes with the values of its columns.  One more than REFERRING_COUNTED stands for any larger
    number.
    """
    counts = []
    for reference, values in found:
        clause = untyped(reference.table)
        equal = [
            clause.c[there] == unknown(value)
            for (_, there), value in zip(reference.pairs, values, strict=True)
        ]
        counts.append(counting(clause, equal, REFERRING_COUNTED + 1))
    return list(connection.execute(select(*counts)).one()) if counts else []


# Parts of queries


def counting(
    clause: TableClause, conditions: Sequence[ColumnElement[bool]], limit: int
) -> ColumnElement[int]:
    """Return an expression for the number of rows, which stops counting at a limit."""
    one: Select[Any] = (
        select(literal_column("1")).select_from(clause).where(*conditions).limit(limit)
    )
    return select(func.count()).select_from(one.subquery()).scalar_subquery()


def conditions(source: Source, filters: Sequence[Filter]) -> list[ColumnElement[bool]]:
    """Return filters as SQL.  Raises BadAddress if there is no such column or operator."""
    return [condition(source, each) for each in filters]


def condition(source: Source, given: Filter) -> ColumnElement[bool]:
    """Return a filter as SQL."""
    field = source.field(given.column)
    value = source.clause.c[field.name]
    match given.operator:
        case "null":
            return value.is_(None)
        case "not-null":
            return value.is_not(None)
        case "contains":
            return cast(value, Text).icontains(given.value, autoescape=True)
        case "is" if field.is_comparable:
            return value == unknown(given.value)
        case "is":
            return cast(value, Text) == given.value
    raise BadAddress(f"There is no operator {given.operator!r}.")


def unknown(value: str) -> ColumnElement[Any]:
    """Return a parameter without a type: PostgreSQL reads it as one of what it is compared to."""
    return literal(value, NullType())


def ordering(clause: FromClause, source: Source, view: View) -> list[ColumnElement[Any]]:
    """Return what rows are sorted by.  NULL sorts where the database puts it, as indexes do."""
    keys: list[ColumnElement[Any]] = []
    for name in source.sorted_by(view):
        value: ColumnElement[Any] = clause.c[name]
        if not source.field(name).is_comparable:
            value = cast(value, Text)
        keys.append(value.desc() if view.descending else value.asc())
    return keys


def values(
    page: FromClause, source: Source, characters: int, size: int, pretty: bool = False
) -> Iterator[ColumnElement[Any]]:
    """Yield the value of each column as text, cut after a character too many, and the size of bytes.

    Values that are parts of links are not cut.
    """
    for number, name in enumerate(source.names):
        value = page.c[name]
        field = source.field(name)
        if name in source.whole:
            as_text = as_text_of(value, field, ALL_CHARACTERS, pretty=False)
        else:
            as_text = func.substr(as_text_of(value, field, size, pretty), 1, characters + 1)
        yield as_text.label(f"text_{number}")
        yield size_of(value, field).label(f"size_{number}")


def as_text_of(
    value: ColumnElement[Any], field: Field, size: int, pretty: bool
) -> ColumnElement[Any]:
    """Return a value as text; of bytes at most some as hex."""
    if not is_postgresql():
        as_hex = func.hex(func.substr(value, 1, size))
        return case((func.typeof(value) == "blob", as_hex), else_=cast(value, Text))
    if field.type == "bytea":
        return cast(func.substr(value, 1, size), Text)
    if field.type == "jsonb" and pretty:
        return func.jsonb_pretty(value)
    return cast(value, Text)


def size_of(value: ColumnElement[Any], field: Field) -> ColumnElement[Any]:
    """Return how many bytes a value has, or NULL if it is not of bytes."""
    if not is_postgresql():
        return case((func.typeof(value) == "blob", func.length(value)))
    if field.type == "bytea":
        return func.octet_length(value)
    return null()


def labels(page: FromClause, found: Sequence[Reference]) -> Iterator[ColumnElement[Any]]:
    """Yield the label of the row that each foreign key refers to: all in the query of the page."""
    for number, reference in enumerate(found):
        name = label_column(reference.table.columns)
        if name is None:
            continue
        target = untyped(reference.table).alias()
        on = [target.c[there] == page.c[here] for here, there in reference.pairs]
        start = func.substr(cast(target.c[name.name], Text), 1, LONGEST + 1)
        found_label = select(start).where(and_(*on)).limit(1).scalar_subquery()
        yield found_label.label(f"label_{number}")
