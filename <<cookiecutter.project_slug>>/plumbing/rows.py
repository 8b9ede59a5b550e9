"""The rows in the database: count what would be lost, empty tables, start over, insert seeds.

These functions can be called from your own code, in the context of an application:

    from app import create_app, seeds
    from plumbing.rows import reset, seed

    with create_app().app_context():
        reset()
        seed(seeds.rows)
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Connection, func, inspect, quoted_name, select, table, text
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import DropSchema

from plumbing import migrations
from plumbing.current import metadata
from plumbing.database import connect, guard, quoted
from plumbing.errors import UserError
from plumbing.migrations.history import require_no_pending, require_one_head
from plumbing.migrations.lock import locked, set_lock_timeout
from plumbing.migrations.ownership import TableName, owned_schemas, owned_tables
from plumbing.schemas import may_create_schemas

# The tables that would be emptied along with :tables: those that refer to them by a foreign key,
# or are a part of them by inheritance or partitioning, and so on.
REFERRING = text("""
    WITH RECURSIVE referring (child, parent) AS (
        SELECT conrelid, confrelid FROM pg_constraint
        UNION ALL
        SELECT inhrelid, inhparent FROM pg_inherits
    ), emptied AS (
        SELECT CAST(unnest(CAST(:tables AS regclass[])) AS oid) AS oid
        UNION
        SELECT child FROM referring JOIN emptied ON parent = emptied.oid
    )
    SELECT nspname, relname
    FROM pg_class
    JOIN emptied USING (oid)
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    ORDER BY nspname, relname
""")

RowCounts = dict[TableName, int]
RowSource = Callable[[], Iterator[DeclarativeBase]]


# Start over


def rows_to_drop() -> RowCounts:
    """Return how many rows there are in each table that reset() drops."""
    with connect() as connection:
        return count_rows(connection, owned_tables(connection))


def reset(named: str | None = None) -> list[str]:
    """Drop this project's tables and schemas, and apply all migrations again.

    In production `named` has to be the name of the database, else ConfigError is raised.  Returns
    the schemas that were dropped.
    """
    dropped = drop_tables(named)
    migrations.upgrade()
    return dropped


def drop_tables(named: str | None = None) -> list[str]:
    """Drop this project's tables and schemas in one transaction.  Returns the schemas.

    In production `named` has to be the name of the database, else ConfigError is raised.
    """
    guard("reset", named)
    require_one_head()  # an error now, while everything is still there
    with locked() as connection:
        for name in owned_tables(connection):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(*name)} CASCADE")
        if inspect(connection).has_table("alembic_version", "public"):
            # Emptied and not dropped, so that it keeps what was granted on it.
            connection.exec_driver_sql("DELETE FROM public.alembic_version")
        if not may_create_schemas(connection):
            return []  # they stay, empty: this role could not create them again
        schemas = sorted(owned_schemas(metadata()))
        for schema in schemas:
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))
    return schemas


# Empty tables


def tables_of_schema(name: str) -> list[TableName]:
    """Return the models' tables in a schema.  Raises UserError if there are none."""
    tables = model_tables()
    found = [(schema, table) for schema, table in tables if schema == name]
    if not found:
        schemas = {schema for schema, _ in tables}
        raise unknown("schema", name, schemas)
    return found


def table_named(name: str) -> TableName:
    """Return the one table of the models with this name, plain or as schema.table.

    Raises UserError if there is none, or several.
    """
    tables = model_tables()
    found = [(schema, table) for schema, table in tables if name in (table, f"{schema}.{table}")]
    if len(found) != 1:
        full_names = {f"{schema}.{table}" for schema, table in tables}
        raise unknown("table", name, full_names)
    return found[0]


def model_tables() -> list[TableName]:
    """Return the tables of the models; those without a schema are in public."""
    return [(table.schema or "public", table.name) for table in metadata().sorted_tables]


def unknown(kind: str, name: str, known: Iterable[str]) -> UserError:
    """Return the error for a schema or a table that no model has."""
    choices = ", ".join(sorted(known))
    return UserError(f"No {kind} of the models is just {name!r}: name one of {choices}.")


def rows_to_empty(tables: Iterable[TableName]) -> RowCounts:
    """Return how many rows are lost when tables are emptied, with those that refer to them."""
    names = [quoted(*table).replace("%%", "%") for table in tables]  # values, not SQL
    with connect() as connection:
        require_no_pending(connection)
        found = connection.execute(REFERRING, {"tables": names})
        return count_rows(connection, [(schema, table) for schema, table in found])


def empty(tables: Iterable[TableName], named: str | None = None) -> None:
    """Empty tables and those that refer to them, in one transaction; ids start from 1 again.

    In production `named` has to be the name of the database, else ConfigError is raised.
    """
    guard("empty", named)
    names = ", ".join(quoted(*table) for table in tables)
    with locked() as connection:
        require_no_pending(connection)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def count_rows(connection: Connection, tables: Iterable[TableName]) -> RowCounts:
    """Return how many rows each table has, without those of its partitions."""
    set_lock_timeout(connection)
    counts = {}
    for schema, name in tables:
        source = table(quoted_name(name, quote=True), schema=quoted_name(schema, quote=True))
        query = select(func.count()).select_from(source).with_hint(source, "ONLY", "postgresql")
        counts[schema, name] = connection.scalar(query) or 0
    return counts


# Seeds


def seed(rows: RowSource, named: str | None = None) -> Counter[str]:
    """Insert rows in one transaction.  Returns how many rows of each model were inserted.

    `rows` is a function that yields new objects, such as `rows` in app/seeds.py.  Raises UserError
    if one of their tables already has rows.  In production `named` has to be the name of the
    database, else ConfigError is raised.
    """
    guard("seed", named)
    models = dict.fromkeys(type(row) for row in rows())
    inserted: Counter[str] = Counter()
    with locked() as connection, Session(connection) as session:
        filled = [
            model.__tablename__
            for model in models
            if session.scalar(select(model).limit(1)) is not None
        ]
        if filled:
            raise TablesNotEmpty(f"Nothing inserted: there are rows in {', '.join(filled)}")
        for row in rows():  # each before the next is made, so that ids follow their order
            session.add(row)
            inserted[type(row).__name__] += 1
        session.flush()
    return inserted


class TablesNotEmpty(UserError):
    """Seeds are inserted once, into empty tables."""
