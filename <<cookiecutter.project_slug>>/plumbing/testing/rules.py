"""The constraints of a table, each with the changes of a row that would break it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import NoReferencedTableError
from sqlalchemy.schema import Constraint

from plumbing.errors import (
    CHECK_VIOLATION,
    EXCLUSION_VIOLATION,
    FOREIGN_KEY_VIOLATION,
    NOT_NULL_VIOLATION,
    UNIQUE_VIOLATION,
)
from plumbing.testing.targets import Row, Target, quoted

# Values to try, as SQL.  PostgreSQL converts them to the type of the column: some fit, some do not.
VALUES = (
    "'-1'",
    "'~'",
    "'00000000-0000-0000-0000-000000000000'",
    "'0'",
    "''",
    "'32767'",
    "'1000-01-01'",
    "'9999-12-31'",
    "'00:00:00'",
    "'true'",
    "'false'",
    "'{}'",
    "'[-2,-1]'",
    "'empty'",
    "'0.0.0.0'",
    r"'\x00'",
)


@dataclass(frozen=True)
class Change:
    """An UPDATE of a row, which may take values from another row."""

    assignments: str
    row: Row
    other: Row | None = None

    def description(self, target: Target) -> str:
        """Say what is changed."""
        return f"UPDATE {target.table.fullname} SET {self.assignments.replace('%%', '%')}"

    def statement(self, target: Target) -> str:
        """Return the SQL."""
        source, condition = "", self.row.condition("this")
        if self.other:
            source = f" FROM {target.source} AS other"
            condition = f"{condition} AND {self.other.condition('other')}"
        return f"UPDATE {target.source} AS this SET {self.assignments}{source} WHERE {condition}"


@dataclass(frozen=True)
class Copy(Change):
    """An INSERT of the same row with another value in one column."""

    column: str = ""
    value: str = ""

    def description(self, target: Target) -> str:
        """Say what the copy has of its own."""
        return (
            f"INSERT INTO {target.table.fullname} a copy with {self.assignments.replace('%%', '%')}"
        )

    def statement(self, target: Target) -> str:
        """Return the SQL."""
        names = ", ".join(target.columns)
        values = [self.value if name == self.column else name for name in target.columns]
        return (
            f"INSERT INTO {target.name} ({names}) SELECT {', '.join(values)}"
            f" FROM {target.source} AS this WHERE {self.row.condition('this')}"
        )


@dataclass
class Rule:
    """A constraint of a model."""

    description: str
    sqlstate: str  # of the error that refuses a row which breaks it
    broken: str  # a query that finds something if the database holds such a row
    changes: list[Change] = field(default_factory=list)
    name: str = ""  # in the database; if it is given, only an error about this name counts
    unique: set[str] = field(default_factory=set)  # the columns that are unique together
    obstacle: str = ""  # why nothing can be tried


def rules_of(connection: Connection, target: Target) -> Iterator[Rule]:
    """Yield the constraints of a table that its model declares."""
    for column in target.table.columns:
        if not (column.nullable or column.system):
            yield not_null(connection, target, column)
    for constraint in constraints_of(connection, target):
        match constraint:
            case ForeignKeyConstraint():
                yield foreign_key(connection, target, constraint)
            case PrimaryKeyConstraint() | UniqueConstraint() if len(constraint.columns):
                yield unique(connection, target, constraint)
            case CheckConstraint():
                yield check(connection, target, constraint)
            case ExcludeConstraint():
                yield exclusion(connection, target, constraint)
    for index in sorted(target.table.indexes, key=lambda index: str(index.name)):
        if index.unique:
            yield unique_index(connection, target, index)


def constraints_of(connection: Connection, target: Target) -> list[Constraint]:
    """Return the constraints that a table has on PostgreSQL: the type of an enum brings none."""
    dialect: Any = connection.dialect
    compiler = dialect.ddl_compiler(dialect, None)
    found = [c for c in target.table.constraints if c._should_create_for_compiler(compiler)]
    return sorted(found, key=lambda constraint: (type(constraint).__name__, str(constraint.name)))


def not_null(connection: Connection, target: Target, column: Column[Any]) -> Rule:
    """Return the rule for a column that has to have a value."""
    name = quoted(connection, column.name)
    rule = Rule(
        description=f"NOT NULL on {column.name}",
        sqlstate=NOT_NULL_VIOLATION,
        broken=f"SELECT 1 FROM {target.source} WHERE {name} IS NULL LIMIT 1",
    )
    if column.name in target.generated:
        rule.obstacle = "the database generates the column"
    rule.changes = [Change(f"{name} = NULL", row) for row in target.rows]
    return rule


def foreign_key(connection: Connection, target: Target, constraint: ForeignKeyConstraint) -> Rule:
    """Return the rule for columns that have to refer to a row."""
    names = [column.name for column in constraint.columns]
    rule = Rule(
        description=f"FOREIGN KEY ({', '.join(names)})",
        sqlstate=FOREIGN_KEY_VIOLATION,
        broken="",
    )
    try:
        parent = constraint.referred_table
    except NoReferencedTableError:
        rule.obstacle = "no model has the table that it refers to"
        return rule
    rule.description += f" to {parent.fullname}"
    pairs = [
        (f"this.{quoted(connection, key.parent.name)}", quoted(connection, key.column.name))
        for key in constraint.elements
    ]
    present = " AND ".join(f"{child} IS NOT NULL" for child, _ in pairs)
    equal = " AND ".join(f"parent.{name} = {child}" for child, name in pairs)
    source = quoted(connection, parent.schema or "public", parent.name)
    rule.broken = (
        f"SELECT 1 FROM {target.source} AS this WHERE {present}"
        f" AND NOT EXISTS (SELECT 1 FROM {source} AS parent WHERE {equal}) LIMIT 1"
    )
    rule.changes = [
        *other_values(connection, target, names),
        # For columns that other rows refer to: those refuse an UPDATE of them.
        *copies(connection, target, names),
    ]
    if not rule.changes:
        rule.obstacle = "the database generates its columns"
    return rule


def unique(
    connection: Connection, target: Target, constraint: PrimaryKeyConstraint | UniqueConstraint
) -> Rule:
    """Return the rule for columns whose values no two rows share."""
    kind = "PRIMARY KEY" if isinstance(constraint, PrimaryKeyConstraint) else "UNIQUE"
    names = [column.name for column in constraint.columns]
    columns = [quoted(connection, name) for name in names]
    values = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    if constraint.dialect_options["postgresql"].get("nulls_not_distinct"):
        values = "true"
    rule = Rule(
        description=f"{kind} ({', '.join(names)})",
        sqlstate=UNIQUE_VIOLATION,
        broken=f"SELECT 1 FROM {target.source} WHERE {values}"
        f" GROUP BY {', '.join(columns)} HAVING count(*) > 1 LIMIT 1",
        unique=set(names),
    )
    return with_copies(connection, target, names, rule)


def unique_index(connection: Connection, target: Target, index: Index) -> Rule:
    """Return the rule for a unique index, which may be on expressions, or on some rows only."""
    words = [str(part) for part in index.expressions]
    condition = index.dialect_options["postgresql"]["where"]
    name = name_of(connection, index)
    rule = Rule(
        description=f"UNIQUE INDEX ({', '.join(words)})",
        sqlstate=UNIQUE_VIOLATION,
        broken=missing_index(connection, target, name, "indisunique"),
        name=name,
    )
    if condition is not None:
        words.append(str(condition))
        rule.description += f" WHERE {condition}"
    return with_copies(connection, target, mentioned(target, " ".join(words)), rule)


def exclusion(connection: Connection, target: Target, constraint: ExcludeConstraint) -> Rule:
    """Return the rule for columns whose values do not overlap."""
    words = [str(part) for part, _, _ in constraint._render_exprs]
    name = name_of(connection, constraint)
    rule = Rule(
        description=f"EXCLUDE ({', '.join(words)})",
        sqlstate=EXCLUSION_VIOLATION,
        broken=missing_index(connection, target, name, "indisexclusion"),
    )
    if constraint.where is not None:
        words.append(str(constraint.where))
    return with_copies(connection, target, mentioned(target, " ".join(words)), rule)


def with_copies(connection: Connection, target: Target, names: list[str], rule: Rule) -> Rule:
    """Add the changes that give a row the values of another row."""
    if target.generated.intersection(names):
        rule.obstacle = "the database generates a column of it"
    elif len(target.rows) < 2:
        rule.obstacle = "there is only one row"
    columns = [quoted(connection, name) for name in names]
    assignments = ", ".join(f"{column} = other.{column}" for column in columns)
    rule.changes = [Change(assignments, *pair) for pair in permutations(target.rows, 2)]
    return rule


def check(connection: Connection, target: Target, constraint: CheckConstraint) -> Rule:
    """Return the rule for a condition that each row has to meet."""
    options = {"literal_binds": True, "include_table": False}
    condition = constraint.sqltext.compile(dialect=connection.dialect, compile_kwargs=options)
    text = str(condition)
    rule = Rule(
        description=f"CHECK ({text.replace('%%', '%')})",
        sqlstate=CHECK_VIOLATION,
        broken=f"SELECT 1 FROM {target.source} WHERE NOT ({text}) LIMIT 1",
        name=name_of(connection, constraint),
    )
    names = mentioned(target, text)
    if target.generated.intersection(names):  # then from other columns
        names = [column.name for column in target.table.columns]
    rule.changes = other_values(connection, target, names, "NULL")
    return rule


def other_values(
    connection: Connection, target: Target, names: list[str], *more: str
) -> list[Change]:
    """Return the changes that set one of the columns to one of the values."""
    columns = [quoted(connection, name) for name in names if name not in target.generated]
    found = product(target.rows, columns, [*VALUES, *more])
    return [Change(f"{column} = {value}", row) for row, column, value in found]


def copies(connection: Connection, target: Target, names: list[str]) -> list[Change]:
    """Return the copies of rows with one of the values in one of the columns."""
    columns = [quoted(connection, name) for name in names if name not in target.generated]
    found = product(target.rows, columns, VALUES)
    return [Copy(f"{name} = {value}", row, None, name, value) for row, name, value in found]


def mentioned(target: Target, text: str) -> list[str]:
    """Return the columns of a table whose names occur in some SQL."""
    words = set(re.findall(r"\w+", text))
    names = [column.name for column in target.table.columns]
    return [name for name in names if name in words or f'"{name}"' in text]


def missing_index(connection: Connection, target: Target, name: str, kind: str) -> str:
    """Return the query that finds something if a table does not have an index of some kind."""
    table = quoted(connection, target.table.schema or "public", target.table.name)
    named = f"relname = {literal(name)}" if name else "true"  # PostgreSQL has chosen the name
    return (
        f"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_index"
        f" JOIN pg_class ON pg_class.oid = indexrelid"
        f" WHERE indrelid = {literal(table)}::regclass"
        f" AND {named} AND {kind})"
    )


def literal(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def name_of(connection: Connection, item: Constraint | Index) -> str:
    """Return the name of a constraint or an index in the database, which may be cut off.

    It is empty if the model leaves the name to PostgreSQL.
    """
    if item.name is None:
        return ""
    preparer: Any = connection.dialect.identifier_preparer
    return str(preparer.format_constraint(item, _alembic_quote=False) or "")
