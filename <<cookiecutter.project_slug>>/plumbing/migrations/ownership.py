"""Which schemas, tables and enums in the database belong to this project.

They are those of the models, and those that the migrations create: a model may be gone whose table
is still to be dropped.  Everything else in the database is left alone.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, text

from plumbing.current import metadata
from plumbing.enums import EnumName, declared_enums, stored_enums
from plumbing.migrations.history import script_directory
from plumbing.migrations.losses import NAME, table_named

TableName = tuple[str, str]  # schema, which may be "public", and table

ALL_TABLES = text("SELECT schemaname, tablename FROM pg_tables ORDER BY schemaname, tablename")


CREATE_ENUM = re.compile(rf"CREATE\s+TYPE\s+({NAME})\s+AS\s+ENUM", re.IGNORECASE)
CREATE_OBJECT = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?(DOMAIN|FUNCTION|MATERIALIZED\s+VIEW|PROCEDURE|SEQUENCE|TYPE|VIEW)"
    rf"\s+(?:IF\s+NOT\s+EXISTS\s+)?({NAME})",
    re.IGNORECASE,
)
ALTER_TABLE = rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?({NAME})"
MOVE_TABLE = re.compile(rf"{ALTER_TABLE}\s+SET\s+SCHEMA\s+({NAME})", re.IGNORECASE)
RENAME_TABLE = re.compile(rf"{ALTER_TABLE}\s+RENAME\s+TO\s+({NAME})", re.IGNORECASE)


Object = tuple[str, str]  # what it is, and its name: ("VIEW", "blog.latest")


class Created(NamedTuple):
    """What the operations in a migration create; a table that is renamed or moved is a new one."""

    schemas: frozenset[str]
    tables: frozenset[TableName]
    enums: frozenset[EnumName]
    implicit_enums: frozenset[EnumName]  # by op.create_table(), which op.drop_table() leaves
    objects: tuple[Object, ...]


def owned_schemas(metadata: MetaData) -> set[str]:
    """Return the names of the project's schemas; public is not one of them."""
    files = created()
    schemas = {schema for schema, _ in named_tables(metadata, files)}
    return schemas.union(*(file.schemas for file in files)) - {"public"}


def owned_table_names(metadata: MetaData) -> set[TableName]:
    """Return the names of the project's tables, whether or not the database has them."""
    return named_tables(metadata, created())


def named_tables(metadata: MetaData, files: list[Created]) -> set[TableName]:
    """Return the names of the tables of the models, and of those that migrations create."""
    tables = {(table.schema or "public", table.name) for table in metadata.tables.values()}
    return tables.union(*(file.tables for file in files))


def owned_tables(connection: Connection) -> list[TableName]:
    """Return the project's tables that are in the database, and any others in its schemas."""
    schemas = owned_schemas(metadata())
    tables = owned_table_names(metadata())
    present = [(schema, table) for schema, table in connection.execute(ALL_TABLES)]
    return [name for name in present if name in tables or name[0] in schemas]


def created_enums() -> set[EnumName]:
    """Return the names of the enums that the migrations create, whether or not they still exist."""
    return {enum for file in created() for enum in file.enums | file.implicit_enums}


def owned_enums(connection: Connection) -> list[EnumName]:
    """Return the project's enums that are in the database.

    They are those that the migrations create, those of the models, and those that only the project's
    tables use.  An enum that the models declare with create_type=False, and no migration creates, is
    not one of them.
    """
    created = created_enums()
    declared = declared_enums(metadata().tables.values())
    tables = set(owned_tables(connection))
    found = []
    for name, enum in stored_enums(connection).items():
        users = {(schema, table) for schema, table, _ in enum.columns}
        ours = declared[name].create_type if name in declared else bool(users) and users <= tables
        if name in created or ours:
            found.append(name)
    return found


def created_objects() -> list[Object]:
    """Return the functions, sequences, views and so on that migrations create by SQL, newest first."""
    return [found for file in reversed(created()) for found in file.objects]


def created() -> list[Created]:
    """Return what each migration creates, sorted by the names of the files."""
    return [created_in(path) for path in sorted(Path(script_directory().versions).glob("*.py"))]


def created_in(path: Path) -> Created:
    """Return what the operations in a migration create."""
    return created_by(path.read_bytes())


@cache
def created_by(source: bytes) -> Created:
    """Return what the operations in a migration's source create.

    The source is read, not run.  What is not written there as a literal is not found.
    """
    schemas = set()
    tables = set()
    enums = set()
    implicit = set()
    objects: list[Object] = []
    nodes = list(ast.walk(ast.parse(source)))
    for sql in texts(nodes):
        tables |= renamed_by(sql)
        for kind, name in CREATE_OBJECT.findall(sql):
            objects.insert(0, (" ".join(kind.upper().split()), name))
        for name in CREATE_ENUM.findall(sql):
            schema, enum = table_named(name)
            enums.add((schema or "public", enum))
    for call in calls(nodes):
        match call:
            case ast.Call(ast.Attribute(attr="create_schema"), [ast.Constant(str(name))]):
                schemas.add(name)
            case ast.Call(ast.Attribute(attr="create_table"), [ast.Constant(str(name)), *_]):
                schema = schema_argument(call)
                if schema is not None:
                    tables.add((schema, name))
            case ast.Call(ast.Attribute(attr="rename_table"), [_, ast.Constant(str(name)), *_]):
                schema = schema_argument(call)
                if schema is not None:
                    tables.add((schema, name))
            case ast.Call(ast.Attribute(attr="create_enum"), [ast.Constant(str(name)), *_]):
                schema = schema_argument(call)
                if schema is not None:
                    enums.add((schema, name))
            case ast.Call(
                ast.Attribute(attr="Sequence") | ast.Name("Sequence"), [ast.Constant(str(name)), *_]
            ):
                schema = schema_argument(call)
                if schema is not None:
                    objects.insert(0, ("SEQUENCE", f'"{schema}"."{name}"'))
            case ast.Call(ast.Attribute(attr="Enum" | "ENUM") | ast.Name("Enum" | "ENUM")):
                implicit |= implicit_enum(call)
    return Created(
        frozenset(schemas),
        frozenset(tables),
        frozenset(enums),
        frozenset(implicit),
        tuple(objects),
    )


def renamed_by(sql: str) -> set[TableName]:
    """Return the names that tables get by ALTER TABLE."""
    tables = set()
    for table, new_schema in MOVE_TABLE.findall(sql):
        tables.add((table_named(new_schema)[1], table_named(table)[1]))
    for table, new_name in RENAME_TABLE.findall(sql):
        tables.add((table_named(table)[0] or "public", table_named(new_name)[1]))
    return tables


def texts(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the strings in a file."""
    for node in nodes:
        match node:
            case ast.Constant(str(value)):
                yield value


def implicit_enum(call: ast.Call) -> set[EnumName]:
    """Return the name of the enum that sa.Enum("a", "b", name="mood") creates with a table."""
    schema = schema_argument(call)
    options = {option.arg: option.value for option in call.keywords}
    for option in ("create_type", "native_enum"):
        match options.get(option):
            case ast.Constant(False):
                return set()
    match options.get("name"):
        case ast.Constant(str(name)) if schema is not None and "inherit_schema" not in options:
            return {(schema, name)}
    return set()


def calls(nodes: list[ast.AST]) -> Iterator[ast.Call]:
    """Yield the calls in a file."""
    for node in nodes:
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
