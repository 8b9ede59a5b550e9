"""Creates, changes and drops PostgreSQL enums.

Alembic creates an enum with a table, but not with a column.  It never drops one, and does not compare
the values.  Here a migration creates an enum before its first use, changes its values, and drops it
after the last column that has it.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from itertools import takewhile
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, ops
from alembic.operations.ops import AlterColumnOp, ModifyTableOps, UpgradeOps
from alembic.util import PriorityDispatchResult
from sqlalchemy import ARRAY, DefaultClause, String

from plumbing.current import metadata
from plumbing.database import is_postgresql
from plumbing.enums import (
    POSTGRESQL,
    ColumnName,
    EnumName,
    StoredEnum,
    declared_enums,
    enum_sql,
    implementation,
    literal,
    native_enum,
    stored_enums,
)
from plumbing.migrations.operations.enums import (
    ChangeEnumOp,
    CreateEnumOp,
    DropEnumOp,
    EnumOp,
    ExtendEnumOp,
    ReplaceEnumOp,
)
from plumbing.migrations.operations.schemas import CreateSchemaOp, DropSchemaOp
from plumbing.migrations.ownership import created_enums, owned_schemas, owned_tables

logger = logging.getLogger("alembic.autogenerate.plumbing")

DROPS = (ops.DropTableOp, ops.DropColumnOp, ops.DropConstraintOp, ops.DropIndexOp)


# Compare the models with the database


def compare_enums(
    context: AutogenContext, upgrade: UpgradeOps, schemas: Collection[str | None]
) -> PriorityDispatchResult:
    """Add what the enums need to a migration that has what the tables need."""
    assert context.connection is not None
    declared = declared_enums(context.table_key_to_table.values())
    stored = stored_enums(context.connection)
    created = created_enums()
    tables = set(owned_tables(context.connection))
    for name in sorted(declared):
        enum = declared[name]
        present = stored.get(name)
        ours = enum.create_type or name in created
        if present is None or (ours and name not in created and not uses(present, tables)):
            # An enum that was created by hand must not hide that no migration creates it.
            logger.info("Detected added enum %s", sql_of(name))
            upgrade.ops.append(CreateEnumOp(name[1], enum.values, schema_of(name)))
        elif ours and present.values != enum.values:
            upgrade.ops.append(change_values(name, present.values, enum.values))
    for name in sorted(stored.keys() - declared.keys()):
        ours = name in created or name[0] in owned_schemas(metadata())
        if ours and loses_its_columns(stored[name], upgrade):
            logger.info("Detected removed enum %s", sql_of(name))
            upgrade.ops.append(DropEnumOp(name[1], schema_of(name), stored[name].values))
    return PriorityDispatchResult.CONTINUE


def uses(enum: StoredEnum, tables: Collection[tuple[str, str]]) -> bool:
    """Return whether one of some tables has a column with an enum."""
    return any((schema, table) in tables for schema, table, _ in enum.columns)


def change_values(name: EnumName, old: list[str], new: list[str]) -> ChangeEnumOp:
    """Return the operation that gives an enum its new values, and log what they are."""
    added = [value for value in new if value not in old]
    removed = [value for value in old if value not in new]
    for value in added:
        logger.info("Detected added value %s of enum %s", literal(value), sql_of(name))
    for value in removed:
        logger.info("Detected removed value %s of enum %s", literal(value), sql_of(name))
    if len(added) == len(removed) == 1 and new.index(added[0]) == old.index(removed[0]):
        before, after = literal(removed[0]), literal(added[0])
        rename = f"ALTER TYPE {sql_of(name)} RENAME VALUE {before} TO {after}"
        logger.info("If %s was renamed, write instead: op.execute(%r)", before, rename)
    kept = [value for value in new if value in old]
    if kept == old:
        return ExtendEnumOp(name[1], new, schema_of(name), old)
    if not added and not removed:
        logger.info("Detected changed order of enum %s", sql_of(name))
    return ReplaceEnumOp(name[1], new, schema_of(name), old)


def loses_its_columns(enum: StoredEnum, upgrade: UpgradeOps) -> bool:
    """Return whether there are columns with an enum, and a migration drops or changes them all."""
    lost: set[ColumnName] = set()
    for operation in flattened(upgrade.ops):
        match operation:
            case ops.DropTableOp(table_name=table):
                schema = operation.schema or "public"
                lost |= {column for column in enum.columns if column[:2] == (schema, table)}
            case ops.DropColumnOp(table_name=table, column_name=name):
                lost.add((operation.schema or "public", table, name))
            case AlterColumnOp(table_name=table, column_name=name) if operation.modify_type:
                lost.add((operation.schema or "public", table, name))
    return bool(enum.columns) and enum.columns <= lost


def flattened(operations: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    """Yield operations without the containers that hold the changes of a table each."""
    for operation in operations:
        if isinstance(operation, ModifyTableOps):
            yield from operation.ops
        else:
            yield operation


def schema_of(name: EnumName) -> str | None:
    """Return the schema of an enum as the models name it."""
    return None if name[0] == "public" else name[0]


def sql_of(name: EnumName) -> str:
    """Return the name of an enum as the models and SQL write it."""
    return enum_sql(schema_of(name), name[1])


# Order the operations


def arrange_enum_operations(upgrade: UpgradeOps) -> None:
    """Put the operations on enums in order with all others, and convert columns.

    The reverse of this order is right for the downgrade.
    """
    if not is_postgresql():
        return
    replaced = [operation for operation in upgrade.ops if isinstance(operation, ReplaceEnumOp)]
    names = {(operation.schema, operation.name) for operation in replaced}
    defaults: list[MigrateOperation] = []
    others: list[MigrateOperation] = []
    for operation in upgrade.ops:
        if isinstance(operation, ModifyTableOps):
            defaults += drop_defaults(operation, names)
            operation.ops = [part for whole in operation.ops for part in converted(whole)]
            if not operation.ops:
                continue
        if not isinstance(operation, (EnumOp, CreateSchemaOp, DropSchemaOp)):
            others.append(operation)
    drops = list(takewhile(only_drops, others))
    upgrade.ops = [
        *of_type(upgrade, ExtendEnumOp),  # it commits what comes before it
        *of_type(upgrade, CreateSchemaOp),
        *of_type(upgrade, CreateEnumOp),
        *drops,
        *defaults,
        *replaced,
        *others[len(drops) :],
        *of_type(upgrade, DropEnumOp),
        *of_type(upgrade, DropSchemaOp),
    ]


def of_type(upgrade: UpgradeOps, type_: type[MigrateOperation]) -> list[MigrateOperation]:
    """Return the operations of a type."""
    return [operation for operation in upgrade.ops if isinstance(operation, type_)]


def only_drops(operation: MigrateOperation) -> bool:
    """Return whether an operation needs no enum, since it only drops things."""
    if isinstance(operation, ModifyTableOps):
        return all(isinstance(part, DROPS) for part in operation.ops)
    return isinstance(operation, DROPS)


def drop_defaults(
    table: ModifyTableOps, enums: Collection[tuple[str | None, str]]
) -> list[MigrateOperation]:
    """Split the operations that change the default of a column whose enum is replaced.

    Returns those that drop the old defaults, which must run before; those that set the new ones stay
    in the table's operations.  Either default may be a value that only one of the two enums has.
    """
    dropped: list[MigrateOperation] = []
    for operation in table.ops:
        if not isinstance(operation, AlterColumnOp):
            continue
        enum = native_enum(operation.existing_type)
        if enum is None or (enum.schema, enum.name) not in enums:
            continue
        if operation.modify_server_default is False or not operation.existing_server_default:
            continue
        dropped.append(change_default(operation, operation.existing_server_default, None))
        operation.existing_server_default = None
        if operation.modify_server_default is None:
            operation.modify_server_default = False
    table.ops = [o for o in table.ops if not isinstance(o, AlterColumnOp) or o.has_changes()]
    return [ModifyTableOps(table.table_name, dropped, schema=table.schema)] if dropped else []


# Convert columns


class ConvertEnumOp(AlterColumnOp):
    """Changes the type of a column from or to an enum, for which PostgreSQL needs a USING clause."""

    def using(self) -> str:
        """Return the SQL that converts the old values, by way of text."""
        assert self.modify_type is not None
        name = POSTGRESQL.identifier_preparer.quote(self.column_name)
        array = "[]" if isinstance(implementation(self.modify_type), ARRAY) else ""
        text = f"{name}::text{array}"
        if isinstance(implementation(self.modify_type), String) and not native_enum(
            self.modify_type
        ):
            return text  # a cast to varchar(3) would truncate silently
        return f"{text}::{self.modify_type.compile(dialect=POSTGRESQL)}"


@renderers.dispatch_for(ConvertEnumOp)
def render_convert_enum(context: AutogenContext, operation: ConvertEnumOp) -> str:
    render = renderers.dispatch(AlterColumnOp(operation.table_name, operation.column_name))
    rendered: str = render(context, operation)
    return f"{rendered.removesuffix(')')},\n           postgresql_using={operation.using()!r})"


def converted(operation: MigrateOperation) -> list[MigrateOperation]:
    """Return the operations for one; three if it converts a column that has a default.

    PostgreSQL does not convert a default along with its column.
    """
    if not isinstance(operation, AlterColumnOp) or operation.modify_type is None:
        return [operation]
    if native_enum(operation.modify_type) is None and native_enum(operation.existing_type) is None:
        return [operation]
    default = operation.modify_server_default
    if default is False:
        default = default_of_the_model(operation)
    parts: list[MigrateOperation] = []
    if operation.existing_server_default:
        parts.append(change_default(operation, operation.existing_server_default, None))
    parts.append(
        ConvertEnumOp(
            operation.table_name,
            operation.column_name,
            schema=operation.schema,
            existing_type=operation.existing_type,
            existing_nullable=operation.existing_nullable,
            existing_comment=operation.existing_comment,
            modify_type=operation.modify_type,
            modify_nullable=operation.modify_nullable,
            modify_comment=operation.modify_comment,
        )
    )
    if default is not None:
        parts.append(change_default(operation, None, default, type_=operation.modify_type))
    return parts


def change_default(
    operation: AlterColumnOp, old: Any, new: Any, type_: Any = None
) -> AlterColumnOp:
    """Return the operation that changes the default of a column, and only that."""
    return AlterColumnOp(
        operation.table_name,
        operation.column_name,
        schema=operation.schema,
        existing_type=type_ or operation.existing_type,
        existing_nullable=operation.existing_nullable,
        existing_server_default=old,
        modify_server_default=new,
    )


def default_of_the_model(operation: AlterColumnOp) -> DefaultClause | None:
    """Return the default that the models give a column, whether or not it has changed."""
    for table in metadata().tables.values():
        if (table.schema, table.name) == (operation.schema, operation.table_name):
            for column in table.columns:
                if column.name == operation.column_name:
                    default = column.server_default
                    return default if isinstance(default, DefaultClause) else None
    return None


# Render


def render_enum(type_: Any, context: AutogenContext) -> str | None:
    """Return a PostgreSQL enum as a migration writes it, or None for any other type.

    create_type=False keeps op.create_table() from creating it again.
    """
    assert context.dialect is not None
    enum = native_enum(type_) if context.dialect.name == "postgresql" else None
    if enum is None:
        return None
    context.imports.add("from sqlalchemy.dialects import postgresql")
    arguments = [repr(str(value)) for value in enum.enums] + [f"name={str(enum.name)!r}"]
    if enum.schema:
        arguments.append(f"schema={str(enum.schema)!r}")
    rendered = f"postgresql.ENUM({', '.join(arguments)}, create_type=False)"
    array = implementation(type_)
    if not isinstance(array, ARRAY):
        return rendered
    dimensions = f", dimensions={array.dimensions}" if array.dimensions else ""
    return f"postgresql.ARRAY({rendered}{dimensions})"
