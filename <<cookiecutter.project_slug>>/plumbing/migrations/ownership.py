"""Which schemas and tables in the database belong to this project.

They are those of the models, and those that the migrations create: a model may be gone whose table
is still to be dropped.  Everything else in the database is left alone.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, MetaData, text

from plumbing.current import metadata
from plumbing.migrations.history import script_directory

TableName = tuple[str, str]  # schema, which may be "public", and table

ALL_TABLES = text("SELECT schemaname, tablename FROM pg_tables ORDER BY schemaname, tablename")


def owned_schemas(metadata: MetaData) -> set[str]:
    """Return the names of the project's schemas; public is not one of them."""
    schemas = {schema for schema, _ in owned_table_names(metadata)}
    for path in migration_files():
        schemas |= created_in(path)[0]
    return schemas - {"public"}


def owned_table_names(metadata: MetaData) -> set[TableName]:
    """Return the names of the project's tables, whether or not the database has them."""
    tables = {(table.schema or "public", table.name) for table in metadata.tables.values()}
    for path in migration_files():
        tables |= created_in(path)[1]
    return tables


def owned_tables(connection: Connection) -> list[TableName]:
    """Return the project's tables that are in the database, and any others in its schemas."""
    schemas = owned_schemas(metadata())
    tables = owned_table_names(metadata())
    present = [(schema, table) for schema, table in connection.execute(ALL_TABLES)]
    return [name for name in present if name in tables or name[0] in schemas]


def migration_files() -> list[Path]:
    """Return the paths of the migrations, sorted."""
    return sorted(Path(script_directory().versions).glob("*.py"))


def created_in(path: Path) -> tuple[frozenset[str], frozenset[TableName]]:
    """Return the schemas and the tables that the operations in a migration create."""
    return created_by(path.read_bytes())


@cache
def created_by(source: bytes) -> tuple[frozenset[str], frozenset[TableName]]:
    """Return the schemas and the tables that the operations in a migration's source create.

    The source is read, not run.  What is not written there as a literal is not found.
    """
    schemas = set()
    tables = set()
    for call in calls(ast.parse(source)):
        match call:
            case ast.Call(ast.Attribute(attr="create_schema"), [ast.Constant(str(name))]):
                schemas.add(name)
            case ast.Call(ast.Attribute(attr="create_table"), [ast.Constant(str(name)), *_]):
                schema = schema_argument(call)
                if schema is not None:
                    tables.add((schema, name))
    return frozenset(schemas), frozenset(tables)


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def schema_argument(call: ast.Call) -> str | None:
    """Return the schema= of a call, "public" without one, or None if it is not a literal."""
    for option in call.keywords:
        if option.arg != "schema":
            continue
        match option.value:
            case ast.Constant(str(schema)):
                return schema
            case ast.Constant(None):
                return "public"
        return None
    return "public"
