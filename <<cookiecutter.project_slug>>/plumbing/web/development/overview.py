"""What the welcome page says about the database, in any state."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from plumbing import database
from plumbing.current import metadata
from plumbing.errors import UserError
from plumbing.explanations import EXPECTED, UPGRADE, explain
from plumbing.migrations.history import applied, heads
from plumbing.status import server_version, several_heads
from plumbing.web.development.queries import COUNTED, counting

UNKNOWN = "–"


@dataclass
class Overview:
    """The state of the database, and what to do if the application cannot use it as it is."""

    name: str
    server: str = ""  # with its version
    revision: str = ""
    problem: str = ""
    command: str = ""  # that solves the problem
    rows: dict[str, str] = field(default_factory=dict)  # by the key of a table; how many it has

    @property
    def is_empty(self) -> bool:
        """Whether no table has a row."""
        return bool(self.rows) and set(self.rows.values()) == {"0"}


def overview() -> Overview:
    """Look at the database.  An error becomes the problem that the result names."""
    found = Overview(database.described(), rows=dict.fromkeys(metadata().tables, UNKNOWN))
    try:
        with database.connect() as connection:
            found.server = server_version(connection)
            found.rows |= count_rows(connection)
            problem = find_problem(connection, found)
    except (*EXPECTED, UserError) as error:
        problem = explain(error)
    found.problem, _, found.command = problem.partition(" Run: ")
    if found.problem.split(" ")[0].isalpha():  # and not the path of a file
        found.problem = found.problem[:1].upper() + found.problem[1:]
    return found


def find_problem(connection: Connection, found: Overview) -> str:
    """Return the problem that keeps the application from using the database, with its remedy."""
    migrations = applied(connection)
    pending = [revision for revision, is_applied in migrations.items() if not is_applied]
    found.revision = next((r for r, is_applied in reversed(migrations.items()) if is_applied), "")
    if len(heads()) > 1:
        return several_heads(heads())
    if pending:
        return f"Migrations are pending: {', '.join(pending)}. {UPGRADE}"
    missing = [key for key, rows in found.rows.items() if rows == UNKNOWN]
    if missing:
        message = f"add {missing[0].replace('.', ' ')}"
        return (
            f"No migration creates {', '.join(missing)}."
            f' Run: python db_manage.py migrate "{message}"'
        )
    return ""


def count_rows(connection: Connection) -> dict[str, str]:
    """Return how many rows each table has that exists, by its key."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = '2s'"))  # as for a locked table
    tables = existing_tables(connection, metadata().tables.values())
    return {table.key: count(connection, table) for table in tables}


def existing_tables(connection: Connection, tables: Iterable[Table]) -> list[Table]:
    """Return the tables that the database has, as tables or as views."""
    inspector = inspect(connection)
    schemas = {table.schema for table in tables}
    present = set()
    for schema in schemas:
        names = inspector.get_table_names(schema) + inspector.get_view_names(schema)
        if connection.dialect.name == "postgresql":
            names += inspector.get_materialized_view_names(schema)
        present |= {(schema, name) for name in names}
    return [table for table in tables if (table.schema, table.name) in present]


def count(connection: Connection, table: Table) -> str:
    """Return the number of rows of a table, or ? if it is locked or not readable."""
    try:
        with connection.begin_nested():
            number = connection.scalar(select(counting(table, [], COUNTED + 1))) or 0
    except SQLAlchemyError:
        return "?"
    return f"{number:,}" if number <= COUNTED else f"over {COUNTED:,}"
