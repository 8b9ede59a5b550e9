"""Puts the operations of a migration in an order in which PostgreSQL can run them.

Alembic compares table by table.  But a table cannot be dropped while another one refers to it, and
of two new tables that refer to each other, one gets its foreign key afterwards.  A downgrade runs
the reverse operations from the last to the first, so it is in order, too.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum, auto

from alembic.operations import ops
from alembic.operations.ops import CreateTableOp, DropTableOp, MigrateOperation
from sqlalchemy import (
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import sort_tables_and_constraints
from sqlalchemy.types import NullType

from plumbing.migrations.autogenerate.enums import flattened
from plumbing.migrations.autogenerate.sequences import SequenceStatement
from plumbing.migrations.autogenerate.statements import (
    MoveTable,
    RenameColumn,
    RenameTable,
    Statement,
    add_exclusion,
)
from plumbing.migrations.operations.enums import (
    CreateEnumOp,
    DropEnumOp,
    ExtendEnumOp,
    ReplaceEnumOp,
)
from plumbing.migrations.operations.schemas import CreateSchemaOp, DropSchemaOp

Name = tuple[str | None, str, str]  # schema, table, and column or constraint


class Step(IntEnum):
    """The steps of an upgrade, in their order."""

    EXTEND_ENUMS = auto()  # commits what was done before
    CREATE_SCHEMAS = auto()
    RENAME = auto()
    CREATE_ENUMS_AND_SEQUENCES = auto()
    DROP_FOREIGN_KEYS = auto()
    DROP_CONSTRAINTS_AND_INDEXES = auto()
    DROP_DEFAULTS = auto()  # which may need a value that an enum loses
    REPLACE_ENUMS = auto()
    CHANGE_COLUMNS = auto()
    ADD_CONSTRAINTS_AND_INDEXES = auto()
    CREATE_TABLES = auto()
    ADD_FOREIGN_KEYS = auto()
    DROP_TABLES = auto()
    DROP_UNIQUE_CONSTRAINTS = auto()  # a foreign key of a dropped table may need them
    DROP_COLUMNS = auto()
    DROP_ENUMS = auto()
    DROP_SCHEMAS = auto()


def ordered(operations: Iterable[MigrateOperation], by_table: bool) -> list[MigrateOperation]:
    """Return the operations of an upgrade in their order.

    `by_table` leaves the changes of a table together, as SQLite needs it, where each table with
    changes is copied.
    """
    found = list(operations) if by_table else list(flattened(operations))
    creations = {table_of(op): op for op in found if isinstance(op, CreateTableOp)}
    removals = {table_of(reverse_of(op)): op for op in found if isinstance(op, DropTableOp)}
    created, added_keys = in_order(creations)
    dropped, dropped_keys = in_order(removals)
    take_out(added_keys, creations.values())
    take_out(dropped_keys, [reverse_of(op) for op in removals.values()])

    steps: dict[Step, list[MigrateOperation]] = {step: [] for step in Step}
    indexes: dict[Table, list[MigrateOperation]] = {table: [] for table in created + dropped}
    tables = {(table.schema, table.name): table for table in indexes}
    added = names_added(found)
    for op in found:
        table = tables.get((getattr(op, "schema", None), getattr(op, "table_name", "")))
        if isinstance(op, CreateTableOp | DropTableOp):
            continue
        if table is not None:
            indexes[table].append(op)
        else:
            steps[step_of(op, added)].append(op)
    steps[Step.DROP_FOREIGN_KEYS] += [ops.DropConstraintOp.from_constraint(k) for k in dropped_keys]
    steps[Step.ADD_FOREIGN_KEYS] += [foreign_key(key) for key in added_keys]
    for table in created:
        exclusions = exclusions_of(creations[table])
        take_out(exclusions, [creations[table]])
        additions = [add_exclusion(constraint) for constraint in exclusions]
        steps[Step.CREATE_TABLES] += [creations[table], *indexes[table], *additions]
    for table in reversed(dropped):
        steps[Step.DROP_TABLES] += [*indexes[table], removals[table]]
    order = list(Step)
    if relation_names(created) & relation_names(dropped):  # such as an index of a renamed table
        order.remove(Step.DROP_TABLES)
        order.insert(order.index(Step.CREATE_TABLES), Step.DROP_TABLES)
    return [op for step in order for op in steps[step]]


def reverse_of(op: DropTableOp) -> CreateTableOp:
    """Return the operation that creates a dropped table again."""
    creation = op._reverse
    assert creation is not None
    return creation


def table_of(op: CreateTableOp) -> Table:
    """Return the table of the models, or the reflected one, from which an operation was made."""
    columns = [item for item in op.columns if isinstance(item, Column)]
    return columns[0].table if columns else op.to_table()


def in_order(tables: Iterable[Table]) -> tuple[list[Table], list[ForeignKeyConstraint]]:
    """Return tables, each behind those that it refers to, and the foreign keys that break circles."""
    for table in tables:
        find_referred_tables(table)
    ordered = []
    keys: list[ForeignKeyConstraint] = []
    result = sort_tables_and_constraints(sorted(tables, key=str))  # type: ignore[no-untyped-call]
    for table, constraints in result:
        if table is None:
            keys = sorted(constraints, key=lambda key: (str(key.table), str(key.name)))
        else:
            ordered.append(table)
    return ordered, keys


def find_referred_tables(table: Table) -> None:
    """Let the foreign keys of a reflected table find the tables that are not dropped with it."""
    for key in table.foreign_keys:
        full_name, _, column = key.target_fullname.rpartition(".")
        schema, _, name = full_name.rpartition(".")
        if full_name not in table.metadata.tables:
            Table(name, table.metadata, schema=schema or None)
        referred = table.metadata.tables[full_name]
        if column not in referred.columns:
            referred.append_column(Column(column, NullType))


def relation_names(tables: list[Table]) -> set[tuple[str | None, str]]:
    """Return the names that a schema can have only once: those of indexes and unique constraints."""
    return {
        (table.schema, str(item.name))
        for table in tables
        for item in (*table.indexes, *table.constraints)
        if isinstance(item, Index | UniqueConstraint | PrimaryKeyConstraint)
    }


def exclusions_of(op: CreateTableOp) -> list[ExcludeConstraint]:
    """Return the exclusion constraints of a new table that have names."""
    return [item for item in op.columns if isinstance(item, ExcludeConstraint) and item.name]


def take_out(constraints: Sequence[Constraint], creations: Iterable[CreateTableOp]) -> None:
    """Let tables be created without some constraints."""
    for op in creations:
        op.columns = [item for item in op.columns if not any(item is each for each in constraints)]


def foreign_key(key: ForeignKeyConstraint) -> MigrateOperation:
    """Return the operation that adds a foreign key; what it says about its order is done here."""
    op = ops.AddConstraintOp.from_constraint(key)
    assert isinstance(op, ops.CreateForeignKeyOp)
    op.kw.pop("use_alter", None)
    return op


def names_added(operations: Iterable[MigrateOperation]) -> set[Name]:
    """Return the columns and the constraints that are added to tables that exist."""
    names: set[Name] = set()
    for op in operations:
        if isinstance(op, ops.AddColumnOp):
            names.add((op.schema, op.table_name, op.column.name))
        elif isinstance(op, ops.CreateUniqueConstraintOp):
            names.add((op.schema, op.table_name, str(op.constraint_name)))
    return names


def step_of(op: MigrateOperation, added: set[Name]) -> Step:
    """Return the step of an operation, unless it is on a table that is created or dropped."""
    match op:
        case ExtendEnumOp():
            return Step.EXTEND_ENUMS
        case CreateSchemaOp():
            return Step.CREATE_SCHEMAS
        case RenameColumn() | RenameTable() | MoveTable():
            return Step.RENAME
        case CreateEnumOp() | SequenceStatement():
            return Step.CREATE_ENUMS_AND_SEQUENCES
        case ReplaceEnumOp():
            return Step.REPLACE_ENUMS
        case DropEnumOp():
            return Step.DROP_ENUMS
        case DropSchemaOp():
            return Step.DROP_SCHEMAS
        case ops.AlterColumnOp(modify_server_default=None, modify_type=None):
            return Step.DROP_DEFAULTS
        case ops.DropConstraintOp(constraint_type="foreignkey"):
            return Step.DROP_FOREIGN_KEYS
        case ops.DropConstraintOp(constraint_type="unique"):
            if (op.schema, op.table_name, str(op.constraint_name)) not in added:
                return Step.DROP_UNIQUE_CONSTRAINTS
            return Step.DROP_CONSTRAINTS_AND_INDEXES
        case ops.DropConstraintOp() | ops.DropIndexOp() | Statement():
            return Step.DROP_CONSTRAINTS_AND_INDEXES
        case ops.CreateForeignKeyOp():
            return Step.ADD_FOREIGN_KEYS
        case ops.AddConstraintOp() | ops.CreateIndexOp():
            return Step.ADD_CONSTRAINTS_AND_INDEXES
        case ops.DropColumnOp():
            is_replaced = (op.schema, op.table_name, op.column_name) in added
            return Step.CHANGE_COLUMNS if is_replaced else Step.DROP_COLUMNS
    return Step.CHANGE_COLUMNS
