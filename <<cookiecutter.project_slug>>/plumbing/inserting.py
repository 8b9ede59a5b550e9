"""Inserts new objects of models, such as those of app/seeds.py."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Table, cast, func, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, Session, object_mapper

from plumbing.errors import UserError, sqlstate
from plumbing.explanations import first_line

REFUSED_ROWS = ("22", "23")  # codes of PostgreSQL, or their beginnings: a value, a constraint

AnyRow = TypeVar("AnyRow", bound=object)


def insert(session: Session, rows: Iterable[AnyRow]) -> list[AnyRow]:
    """Insert rows, and return them.  Raises UserError if the database refuses one.

    If rows have ids of their own, the database continues after them.
    """
    __tracebackhide__ = True  # in a test that fails, pytest shows only the message
    inserted: list[AnyRow] = []
    waiting: set[Mapper[Any]] = set()
    numbered: set[Table] = set()
    try:
        for row in rows:  # each before the next is made, so that ids follow their order
            mapper = object_mapper(row)
            if refers_only_by_key(mapper, waiting):
                session.add_all(list(session))  # with what belongs to them
                session.flush()
                waiting.clear()
            session.add(row)
            waiting.add(mapper)
            numbered |= numbered_tables(row, mapper)
            inserted.append(row)
        session.flush()
        for table in numbered:
            advance_sequence(session, table)
    except DBAPIError as error:
        if not sqlstate(error).startswith(REFUSED_ROWS):
            raise
        diagnosis: Any = getattr(error.orig, "diag", None)
        detail = getattr(diagnosis, "message_detail", None) or ""
        message = f"A row of app/seeds.py is refused: {first_line(error)}. {detail}"
        raise UserError(message.strip()) from None
    return inserted


def numbered_tables(row: object, mapper: Mapper[Any]) -> set[Table]:
    """Return the numbered tables in which a new row already has a number."""
    tables = [table for table in mapper.tables if isinstance(table, Table)]
    return {
        table
        for table in tables
        if table.autoincrement_column is not None
        and getattr(row, mapper.get_property_by_column(table.autoincrement_column).key) is not None
    }


def advance_sequence(session: Session, table: Table) -> None:
    """Make the next number of a table greater than those of its rows."""
    dialect = session.connection().dialect
    column: Any = table.autoincrement_column
    if dialect.name == "postgresql":
        name = dialect.identifier_preparer.format_table(table).replace("%%", "%")
        sequence = func.pg_get_serial_sequence(name, column.name)
        new_value = func.setval(cast(sequence, REGCLASS), func.max(column))
        session.execute(select(new_value).where(sequence.is_not(None)))


def refers_only_by_key(mapper: Mapper[Any], others: Iterable[Mapper[Any]]) -> bool:
    """Return whether a model has a foreign key to another, but no relationship.

    The relationships tell SQLAlchemy which rows to insert first.
    """
    keys = {key.target_fullname for column in mapper.columns for key in column.foreign_keys}
    referred = {key.rpartition(".")[0] for key in keys}
    return any(
        not are_related(mapper, other)
        for other in others
        if other.base_mapper is not mapper.base_mapper
        and referred & {str(table) for table in other.tables}
    )


def are_related(*pair: Mapper[Any]) -> bool:
    """Return whether one of two models has a relationship to the other."""
    bases = {mapper.base_mapper for mapper in pair}
    return any(
        {relationship.parent.base_mapper, relationship.mapper.base_mapper} == bases
        for mapper in pair
        for relationship in mapper.relationships
        if not relationship.viewonly
    )
