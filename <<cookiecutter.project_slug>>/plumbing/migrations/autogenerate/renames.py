"""Notices what may have been renamed or moved, and keeps its rows.

Alembic sees that a column is gone and that another one is new.  If both are of one type, the old
one may have got another name.  The same goes for two tables with the same columns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from alembic.autogenerate import produce_migrations, render_op_text
from alembic.autogenerate.api import AutogenContext
from alembic.operations import Operations, ops
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Table
from sqlalchemy.schema import CreateSchema

from plumbing.current import metadata
from plumbing.migrations.autogenerate.enums import flattened
from plumbing.migrations.autogenerate.order import reverse_of, table_of
from plumbing.migrations.autogenerate.printed import TYPE, Printed, full_name, read
from plumbing.migrations.autogenerate.statements import MoveTable, RenameColumn, RenameTable
from plumbing.schemas import logger

Ask = Callable[[str], bool]
Item = TypeVar("Item", Table, Column[Any])


@dataclass
class Rename:
    """A column or a table that may have got another name or another schema."""

    old: str
    new: str
    operations: list[MigrateOperation]


def with_renames(
    operations: list[MigrateOperation], context: MigrationContext, ask: Ask | None
) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
    """Return the operations that rename, and those that remain.

    `ask` asks whether something was renamed.  Without it, a line in the log says what may be, and
    how to write it.
    """
    connection = context.connection
    assert connection is not None
    renames = list(find_renames(operations, connection))
    if ask is None:
        for rename in renames:
            logger.info(advice(rename, context))
        return [], operations
    renaming: list[MigrateOperation] = []
    for rename in renames:
        if ask(f"Was {rename.old} renamed to {rename.new}? Then its rows are kept."):
            renaming += rename.operations
    if not renaming:
        return [], operations
    with connection.begin_nested() as savepoint:
        for operation in renaming:
            if isinstance(operation, MoveTable) and operation.new:
                connection.execute(CreateSchema(operation.new, if_not_exists=True))
            Operations(context).invoke(operation)
        remaining = produce_migrations(context, metadata()).upgrade_ops
        savepoint.rollback()
    assert remaining is not None
    return renaming, remaining.ops


def advice(rename: Rename, context: MigrationContext) -> str:
    """Return the line that says what may have been renamed, and the operations to write then."""
    autogenerate = AutogenContext(context, metadata=metadata())
    written = [render_op_text(autogenerate, operation) for operation in rename.operations]
    return (
        f"Renamed? {rename.old} is dropped and {rename.new} added, so what is in it would be lost."
        f" If it was renamed, write instead: {'; '.join(' '.join(w.split()) for w in written)}"
    )


def find_renames(operations: list[MigrateOperation], connection: Connection) -> Iterator[Rename]:
    """Yield what may have been renamed; nothing is in two of them."""
    found = list(flattened(operations))
    models = Printed(connection, list(metadata().tables.values()))
    dropped_tables = [table_of(reverse_of(op)) for op in found if isinstance(op, ops.DropTableOp)]
    created_tables = [table_of(op) for op in found if isinstance(op, ops.CreateTableOp)]
    dropped = [op.to_column() for op in found if isinstance(op, ops.DropColumnOp)]
    added = [op.column for op in found if isinstance(op, ops.AddColumnOp)]
    tables = {*dropped_tables, *(column.table for column in dropped)}
    stored = read(connection, [full_name(table) for table in tables])

    def description(column: Column[Any]) -> tuple[object, ...]:
        """Return the type of a column that is added, and to what it refers."""
        return models.type_of(column), column.computed is None, referred_tables(column)

    def old_description(column: Column[Any]) -> tuple[object, ...]:
        type_ = stored[full_name(column.table)].get((TYPE, column.name))
        return type_, column.computed is None, referred_tables(column)

    for old_table, new_table in pairs(
        {table: {c.name: old_description(c) for c in table.columns} for table in dropped_tables},
        {table: {c.name: description(c) for c in table.columns} for table in created_tables},
    ):
        operations = list(table_operations(old_table, new_table))
        yield Rename(f"table {old_table.fullname}", new_table.fullname, operations)
    for old, new in pairs(
        {column: (column.table.fullname, old_description(column)) for column in dropped},
        {column: (column.table.fullname, description(column)) for column in added},
    ):
        operation = RenameColumn(old.table.name, old.name, new.name, old.table.schema)
        table = old.table.fullname
        yield Rename(f"column {table}.{old.name}", f"{table}.{new.name}", [operation])


def referred_tables(column: Column[Any]) -> set[str]:
    return {key.target_fullname.rpartition(".")[0] for key in column.foreign_keys}


def pairs(old: dict[Item, Any], new: dict[Item, Any]) -> Iterator[tuple[Item, Item]]:
    """Yield those of the same description, the ones with the most similar names first."""
    alike = [(one, other) for one in old for other in new if old[one] == new[other]]
    alike.sort(key=lambda pair: similarity(*pair), reverse=True)
    used: set[Item] = set()
    for one, other in alike:
        is_replaced = isinstance(one, Column) and one.name == other.name
        if not is_replaced and not used & {one, other}:
            used |= {one, other}
            yield one, other


def similarity(one: Item, other: Item) -> float:
    return SequenceMatcher(None, one.name, other.name).ratio()


def table_operations(old: Table, new: Table) -> Iterator[MigrateOperation]:
    """Yield the operations that make one table of another."""
    if old.schema != new.schema:
        yield MoveTable(old.name, old.schema, new.schema)
    if old.name != new.name:
        yield RenameTable(old.name, new.name, schema=new.schema)
