"""Database roles: one that owns the tables and migrates, one that reads and writes rows."""

from sqlalchemy import Connection, text

from plumbing.current import metadata
from plumbing.database import quoted, require_postgresql
from plumbing.errors import UserError
from plumbing.explanations import UPGRADE
from plumbing.migrations.history import require_no_pending
from plumbing.migrations.lock import locked
from plumbing.migrations.ownership import TableName, owned_schemas, owned_tables
from plumbing.schemas import create_schema

ROWS = "SELECT, INSERT, UPDATE, DELETE"


def create_schemas(owner: str | None = None) -> dict[str, bool]:
    """Create the project's schemas, for the role `owner` if one is given, which can then migrate.

    Returns each schema's name and whether it was created.
    """
    if owner:
        require_postgresql("schemas --owner")
    created = {}
    with locked() as connection:
        for schema in sorted(owned_schemas(metadata())):
            created[schema] = create_schema(connection, schema, owner)
        if owner:
            connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA public TO {quoted(owner)}")
    return created


def grant(role: str) -> None:
    """Let a role read and write the rows of the project's tables, also of those created later."""
    require_postgresql("grant")
    with locked() as connection:
        require_no_pending(connection)
        schemas = sorted(owned_schemas(metadata()))
        owner = owner_of_migrations(connection)
        grant_on_present(connection, role, schemas, owner)
        grant_on_later(connection, role, owner)


def owner_of_migrations(connection: Connection) -> str:
    """Return the role that owns public.alembic_version, and so the tables."""
    query = text(
        "SELECT tableowner FROM pg_tables"
        " WHERE tablename = 'alembic_version' AND schemaname = 'public'"
    )
    owner = connection.scalar(query)
    if owner is None:
        raise UserError(f"There is no table public.alembic_version. {UPGRADE}")
    return str(owner)


def grant_on_present(connection: Connection, role: str, schemas: list[str], owner: str) -> None:
    """Grant what the role needs on the schemas, tables, views and sequences that there are."""
    schema_names: list[tuple[str, ...]] = [(schema,) for schema in schemas]
    tables: list[tuple[str, ...]] = list(owned_tables(connection))
    sequences: list[tuple[str, ...]] = list(sequences_of(connection, owner, {"public", *schemas}))
    privileges: list[tuple[str, list[tuple[str, ...]]]] = [
        ("USAGE ON SCHEMA", schema_names),
        ("USAGE ON SEQUENCE", sequences),
        (f"{ROWS} ON TABLE", tables),
        (f"{ROWS} ON ALL TABLES IN SCHEMA", schema_names),  # views, too
        ("SELECT ON TABLE", [("public", "alembic_version")]),
    ]
    for privilege, objects in privileges:
        names = ", ".join(quoted(*name) for name in objects)
        if names:
            connection.exec_driver_sql(f"GRANT {privilege} {names} TO {quoted(role)}")


def sequences_of(connection: Connection, owner: str, schemas: set[str]) -> list[TableName]:
    """Return the sequences in some schemas that belong to a role."""
    query = text("SELECT schemaname, sequencename FROM pg_sequences WHERE sequenceowner = :owner")
    found = connection.execute(query, {"owner": owner})
    return [(schema, name) for schema, name in found if schema in schemas]


def grant_on_later(connection: Connection, role: str, owner: str) -> None:
    """Grant the same on what the owner of the tables will create."""
    for privilege in ("USAGE ON SCHEMAS", f"{ROWS} ON TABLES", "USAGE ON SEQUENCES"):
        connection.exec_driver_sql(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted(owner)} GRANT {privilege} TO {quoted(role)}"
        )
