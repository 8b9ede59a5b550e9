"""Creates and drops PostgreSQL schemas with as few privileges as possible."""

import logging

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import DropSchema

from plumbing.database import quoted
from plumbing.errors import (
    DEPENDENT_OBJECTS_STILL_EXIST,
    INSUFFICIENT_PRIVILEGE,
    UserError,
    sqlstate,
)
from plumbing.explanations import first_line

logger = logging.getLogger("alembic.env")

# What a schema holds besides tables, each with the words that name it in DROP.
OBJECTS = text("""
    SELECT replace(type, 'composite ', '') AS kind, identity
    FROM pg_depend
    JOIN pg_namespace ON pg_namespace.oid = refobjid
    CROSS JOIN pg_identify_object(classid, objid, objsubid)
    WHERE nspname = :schema AND refclassid = CAST('pg_namespace' AS regclass) AND deptype = 'n'
    ORDER BY kind, identity
""")


def create_schema(connection: Connection, schema: str, owner: str | None = None) -> bool:
    """Create a schema unless it exists.  Returns whether it was created.

    Raises UserError if it exists and belongs to somebody other than `owner`.
    """
    # IF NOT EXISTS would need the privilege to create even where the schema exists.
    query = text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = :schema")
    present_owner = connection.scalar(query, {"schema": schema})
    if present_owner is None:
        authorization = f" AUTHORIZATION {quoted(owner)}" if owner else ""
        connection.exec_driver_sql(f"CREATE SCHEMA {quoted(schema)}{authorization}")
        return True
    if owner not in (None, present_owner):
        change = f"ALTER SCHEMA {quoted(schema)} OWNER TO {quoted(owner)}"
        raise UserError(
            f"Schema {schema} belongs to {present_owner}. If it is this project's: {change}"
        )
    return False


def drop_schema(connection: Connection, schema: str) -> None:
    """Drop a schema, unless it is not empty or this role could not create it again."""
    if not may_create_schemas(connection):
        logger.info("Keeping: schema %s (this role could not create it again)", schema)
        return
    try:
        with connection.begin_nested():
            connection.execute(DropSchema(schema, if_exists=True))
    except DBAPIError as error:
        if sqlstate(error) not in (DEPENDENT_OBJECTS_STILL_EXIST, INSUFFICIENT_PRIVILEGE):
            raise
        logger.info("Keeping: schema %s (%s)", schema, first_line(error))
    else:
        logger.info("Dropping: schema %s", schema)


def drop_objects(connection: Connection, schema: str) -> None:
    """Drop the types, functions, views and so on in a schema that belong to the connection's role.

    Migrations could not create them again otherwise.
    """
    found = connection.execute(OBJECTS, {"schema": schema}).all()
    for kind, identity in found:
        statement = f"DROP {kind} IF EXISTS {identity} CASCADE"
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(statement.replace("%", "%%"))
        except DBAPIError as error:
            if sqlstate(error) != INSUFFICIENT_PRIVILEGE:
                raise


def drop_object(connection: Connection, kind: str, name: str) -> None:
    """Drop an object that a migration created, unless something else still needs it."""
    statement = f"DROP {kind} IF EXISTS {name}"
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement.replace("%", "%%"))
    except DBAPIError as error:
        logger.info("Keeping: %s %s (%s)", kind.lower(), name, first_line(error))


def may_create_schemas(connection: Connection) -> bool:
    """Return whether the role of a connection may create schemas."""
    privilege = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    return bool(connection.scalar(privilege))
