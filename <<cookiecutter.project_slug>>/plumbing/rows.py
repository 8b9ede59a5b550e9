"""Works on rows: count what would be lost, empty tables, start over, insert seeds.

These functions can be called from your own code, in the context of an application:

    from app import create_app, seeds
    from plumbing.rows import reset, seed

    with create_app().app_context():
        reset()
        seed(seeds.rows)
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ColumnClause,
    Connection,
    FromClause,
    TableClause,
    column,
    func,
    inspect,
    quoted_name,
    select,
    table,
    text,
)
from sqlalchemy import Table as ModelTable
from sqlalchemy.orm import DeclarativeBase, Session, class_mapper
from sqlalchemy.schema import DropSchema

from plumbing import migrations
from plumbing.current import mappers, metadata
from plumbing.database import connect, guard, is_postgresql, quoted, require_postgresql
from plumbing.enums import drop_enum
from plumbing.errors import UserError
from plumbing.inserting import insert
from plumbing.migrations import history
from plumbing.migrations.history import require_no_pending, require_one_head
from plumbing.migrations.lock import locked, set_lock_timeout
from plumbing.migrations.losses import Column as ColumnOfTable
from plumbing.migrations.losses import Table, losses_of
from plumbing.migrations.ownership import (
    TableName,
    created_objects,
    owned_enums,
    owned_schemas,
    owned_tables,
)
from plumbing.names import model_names
from plumbing.schemas import drop_object, drop_objects, may_create_schemas

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
ValueCounts = dict[tuple[str, str, str], int]  # by schema, table and column
RowSource = Callable[[], Iterator[DeclarativeBase]]


# Start over


def rows_to_drop() -> RowCounts:
    """Return how many rows there are in each table that reset() drops."""
    with connect() as connection:
        return count_rows(connection, owned_tables(connection))


def reset(named: str | None = None) -> list[str]:
    """Drop this project's tables and schemas, and apply all migrations again.

    In production, or if the server is on another machine, `named` has to name the database: see
    database.guard(), which raises ConfigError.  Returns
    the schemas that were dropped.
    """
    dropped = drop_tables(named)
    migrations.upgrade()
    return dropped


def drop_tables(named: str | None = None) -> list[str]:
    """Drop this project's tables and schemas in one transaction.  Returns the schemas.

    In production, or if the server is on another machine, `named` has to name the database: see
    database.guard(), which raises ConfigError.
    """
    require_postgresql("reset")
    guard("reset", named)
    require_one_head()  # an error now, while everything is still there
    with locked() as connection:
        schemas = sorted(owned_schemas(metadata()))
        enums = [name for name in owned_enums(connection) if name[0] not in schemas]
        for name in owned_tables(connection):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(*name)} CASCADE")
        for name in enums:
            drop_enum(connection, *name)
        for kind, object_name in created_objects():
            drop_object(connection, kind, object_name)
        if inspect(connection).has_table("alembic_version", "public"):
            # Emptied and not dropped, so that it keeps what was granted on it.
            connection.exec_driver_sql("DELETE FROM public.alembic_version")
        if not may_create_schemas(connection):
            for schema in schemas:  # it stays, since this role could not create it again
                drop_objects(connection, schema)
            return []
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
    tables = metadata().tables.values()
    return sorted((table.schema or "public", table.name) for table in tables)


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

    In production, or if the server is on another machine, `named` has to name the database: see
    database.guard(), which raises ConfigError.
    """
    require_postgresql("reset-table")
    guard("reset-table", named)
    names = ", ".join(quoted(*table) for table in tables)
    with locked() as connection:
        require_no_pending(connection)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


# Revert migrations


@dataclass
class Reverting:
    """What a downgrade would revert, and what would be lost."""

    migrations: list[str]  # their ids, in the order in which they are reverted
    rows: RowCounts
    values: ValueCounts  # those that are not NULL
    statements: list[str]  # SQL and operations that may lose more


def what_downgrade_loses(revision: str) -> Reverting:
    """Return what is lost when all migrations after a revision are reverted.

    Raises CommandError if there is no such revision below the present one.
    """
    with connect() as connection:
        scripts = history.to_revert(connection, revision)
        lost = losses_of(scripts)
        rows = count_dropped_rows(connection, lost.tables)
        values = count_dropped_values(connection, lost.columns)
    return Reverting([script.revision for script in scripts], rows, values, lost.statements)


def count_dropped_rows(connection: Connection, tables: Iterable[Table]) -> RowCounts:
    """Return how many rows there are in those tables that exist, with their partitions."""
    set_lock_timeout(connection)
    inspector = inspect(connection)
    counts = {}
    for schema, name in tables:
        if inspector.has_table(name, schema):
            query = select(func.count()).select_from(source_of(schema, name))
            counts[schema or default_schema(), name] = connection.scalar(query) or 0
    return counts


def count_dropped_values(connection: Connection, columns: Iterable[ColumnOfTable]) -> ValueCounts:
    """Return how many values that are not NULL there are in those columns that exist."""
    inspector = inspect(connection)
    counts = {}
    for schema, table_name, name in columns:
        if not inspector.has_table(table_name, schema):
            continue
        present = [found["name"] for found in inspector.get_columns(table_name, schema)]
        if name in present:
            value: ColumnClause[object] = column(quoted_name(name, quote=True))
            query = select(func.count(value)).select_from(source_of(schema, table_name))
            counts[schema or default_schema(), table_name, name] = connection.scalar(query) or 0
    return counts


def default_schema() -> str:
    """Return the schema of a table for which a migration names none; SQLite has no schemas."""
    return "public" if is_postgresql() else ""


# Count


def source_of(schema: str | None, name: str) -> TableClause:
    """Return a table to select from, whatever its name."""
    quoted_schema = quoted_name(schema, quote=True) if schema else None
    return table(quoted_name(name, quote=True), schema=quoted_schema)


def count_rows(connection: Connection, tables: Iterable[TableName]) -> RowCounts:
    """Return how many rows each table has, without those of its partitions."""
    set_lock_timeout(connection)
    counts = {}
    for schema, name in tables:
        source = source_of(schema, name)
        query = select(func.count()).select_from(source).with_hint(source, "ONLY", "postgresql")
        counts[schema, name] = connection.scalar(query) or 0
    return counts


# Seeds


def seed(rows: RowSource, named: str | None = None) -> Counter[str]:
    """Insert rows in one transaction.  Returns how many rows of each model were inserted.

    `rows` is a function that yields new objects, such as `rows` in app/seeds.py.  Raises UserError
    if one of their tables already has rows.  In production `named` has to name the database, else
    ConfigError is raised.
    """
    guard("seed", named, asks=True)  # it loses nothing, so only production has to be named
    models = dict.fromkeys(type(row) for row in rows())
    names = model_names([*models, *(mapper.class_ for mapper in mappers())])
    with locked() as connection, Session(connection) as session:
        filled = [name for name, table in tables_of(models).items() if has_rows(connection, table)]
        if filled:
            raise TablesNotEmpty(f"Nothing inserted: there are rows in {', '.join(filled)}")
        inserted = insert(session, rows())
    return Counter(names[type(row)] for row in inserted)


def tables_of(models: Iterable[type[DeclarativeBase]]) -> dict[str, ModelTable]:
    """Return the tables of these models, by distinct names."""
    found = dict.fromkeys(class_mapper(model).local_table for model in models)
    tables = [table for table in found if isinstance(table, ModelTable)]
    number = Counter(table.name for table in tables)
    return {table.name if number[table.name] == 1 else table.fullname: table for table in tables}


def has_rows(connection: Connection, source: FromClause) -> bool:
    """Return whether a table or a view has a row; it must have all columns of its model."""
    first = source.select().limit(1).subquery()
    return bool(connection.scalar(select(func.count()).select_from(first)))


class TablesNotEmpty(UserError):
    """Seeds are inserted once, into empty tables."""
