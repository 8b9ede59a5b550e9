"""The rows: how many are lost when tables are dropped or emptied, and those that a new project gets."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import DropSchema

from app import database, revisions
from app.extensions import db
from app.faults import Explained
from app.models.base import BaseModel
from app.revisions import Name, owned


def owned_tables(connection: Connection) -> list[Name]:
    """Return the tables in the database that are this project's, and what is in its schemas."""
    schemas, tables = owned(db.metadata)
    everything = text("SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2")
    found = [(schema, table) for schema, table in connection.execute(everything)]
    return [key for key in found if key in tables or key[0] in schemas]


def rows_to_drop() -> dict[Name, int]:
    """Return how many rows there are in each table that drop_owned() drops."""
    with database.connect() as connection:
        return count_rows(connection, owned_tables(connection))


def drop_owned() -> list[str]:
    """Drop what is this project's, in one transaction.  Returns the names of the schemas."""
    with database.locked() as connection:
        for key in owned_tables(connection):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {database.quoted(*key)} CASCADE")
        if inspect(connection).has_table("alembic_version", "public"):  # keeps what was granted
            connection.exec_driver_sql("DELETE FROM public.alembic_version")
        # What this role could not create again is only emptied of its tables.
        schemas = sorted(owned(db.metadata)[0]) if database.may_create_schemas(connection) else []
        for schema in schemas:
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))
    return schemas


def model_tables(kind: str, name: str) -> list[Name]:
    """Return the tables of a schema's models, or the one table of a name; else raise Explained."""
    tables = [(table.schema or "public", table.name) for table in db.metadata.sorted_tables]
    labels = [{key[0]} if kind == "schema" else {key[1], ".".join(key)} for key in tables]
    found = [key for key, known in zip(tables, labels, strict=True) if name in known]
    if not found or (kind == "table" and len(found) > 1):
        known = ", ".join(sorted({max(known, key=len) for known in labels}))
        raise Explained(f"No {kind} of the models is just {name!r}: name one of {known}.")
    return found


def rows_of(tables: list[Name]) -> dict[Name, int]:
    """Return how many rows are lost when tables are emptied, with those that refer to them."""
    referring = text("""
        WITH RECURSIVE referring (child, parent) AS (
            SELECT conrelid, confrelid FROM pg_constraint
            UNION ALL SELECT inhrelid, inhparent FROM pg_inherits
        ), emptied AS (
            SELECT CAST(unnest(CAST(:tables AS regclass[])) AS oid) AS oid
            UNION SELECT child FROM referring JOIN emptied ON parent = emptied.oid
        )
        SELECT nspname, relname FROM pg_class JOIN emptied USING (oid)
        JOIN pg_namespace ON pg_namespace.oid = relnamespace ORDER BY 1, 2
    """)
    names = [database.quoted(*key).replace("%%", "%") for key in tables]  # as values
    with database.connect() as connection:
        refuse_pending(connection)
        rows = connection.execute(referring, {"tables": names})
        return count_rows(connection, [(schema, name) for schema, name in rows])


def empty(tables: Iterable[Name]) -> None:
    """Empty tables and those that refer to them, in one transaction; ids start from 1 again."""
    names = ", ".join(database.quoted(*key) for key in tables)
    with database.locked() as connection:
        refuse_pending(connection)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def grant(role: str) -> None:
    """Let a role read and write the rows of this project's tables, and of their owner's later ones."""
<% if cookiecutter.__sqlite %>
    database.require_postgresql("grant")
<% endif %>
    rows, to = "SELECT, INSERT, UPDATE, DELETE", f"TO {database.quoted(role)}"
    serials = text("SELECT schemaname, sequencename FROM pg_sequences WHERE sequenceowner = :owner")
    with database.locked() as connection:
        refuse_pending(connection)
        schemas = owned(db.metadata)[0]
        migrates = "SELECT tableowner FROM pg_tables WHERE tablename = 'alembic_version'"
        owner = connection.exec_driver_sql(f"{migrates} AND schemaname = 'public'").scalar()
        found = connection.execute(serials, {"owner": owner}).tuples()
        privileges: dict[str, list[tuple[str, ...]]] = {
            "USAGE ON SCHEMA": [(schema,) for schema in schemas],
            "USAGE ON SEQUENCE": [key for key in found if key[0] in {"public", *schemas}],
            f"{rows} ON TABLE": [*owned_tables(connection)],
            f"{rows} ON ALL TABLES IN SCHEMA": [(schema,) for schema in schemas],  # views, too
            "SELECT ON TABLE": [("public", "alembic_version")],
        }
        for privilege, keys in privileges.items():
            if names := ", ".join(database.quoted(*key) for key in keys):
                connection.exec_driver_sql(f"GRANT {privilege} {names} {to}")
        for privilege in ("USAGE ON SCHEMAS", f"{rows} ON TABLES", "USAGE ON SEQUENCES"):
            later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {database.quoted(owner)}"
            connection.exec_driver_sql(f"{later} GRANT {privilege} {to}")


def refuse_pending(connection: Connection) -> None:
    """Raise Explained if the tables are not those of the models."""
    if not all(revisions.applied(connection).values()):
        raise Explained("Revisions are pending. Run: python db_manage.py upgrade")


def count_rows(connection: Connection, tables: list[Name]) -> dict[Name, int]:
    """Return how many rows each table has, without those of its partitions."""
    revisions.set_lock_timeout(connection)
    count = "SELECT count(*) FROM ONLY {}"
    statements = {key: count.format(database.quoted(*key)) for key in tables}
    return {key: connection.exec_driver_sql(s).scalar_one() for key, s in statements.items()}


def insert_once(rows: Callable[[], Iterator[BaseModel]]) -> list[str]:
    """Insert rows, unless their tables hold any.  Returns lines that say what was done."""
    models = dict.fromkeys(type(row) for row in rows())
    with database.locked() as connection, Session(connection) as session:
        if held := [m.__tablename__ for m in models if session.scalar(select(m).limit(1))]:
            return [f"Nothing inserted: there are rows in {', '.join(held)}"]
        session.add_all(rows())
        session.flush()
    numbers = Counter(type(row).__name__ for row in rows())
    return [f"Inserting: {number} of {model}" for model, number in numbers.items()]
