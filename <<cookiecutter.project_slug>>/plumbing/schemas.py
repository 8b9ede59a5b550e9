"""PostgreSQL schemas: create and drop them with no more privileges than that needs."""

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
    """Drop a schema, unless it still holds something or this role could not create it again."""
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


def may_create_schemas(connection: Connection) -> bool:
    """Return whether the role of a connection may create schemas."""
    privilege = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    return bool(connection.scalar(privilege))
