"""Comments on what a table has that a declaration cannot say."""

from plumbing.reflection.catalogue import Column
from plumbing.reflection.expressions import bare
from plumbing.reflection.models import Model
from plumbing.reflection.names import TIMES

CURRENT_TIMES = ("CURRENT_TIMESTAMP", "now", "transaction_timestamp")


def add_notes(model: Model) -> None:
    """Say what else the table has, and which of the times differ."""
    table = model.table
    first = list(model.key.notes)
    for name in TIMES:
        if table.has_column(name) and not is_current_time(table.column(name)):
            first.append(described(table.column(name)))
    if table.kind == "p":
        first.append(f"partitioned by {table.partition_key}")
    first += [f"inherits from {parent.removeprefix('public.')}" for parent in table.parents]
    model.notes[:0] = first
    model.notes += [f"trigger {trigger}" for trigger in table.triggers]
    if table.row_security:
        model.notes.append("row level security")
    if table.unlogged:
        model.notes.append("unlogged")


def is_current_time(column: Column) -> bool:
    """Return whether a column is what every model has: the present time, with a time zone."""
    is_default = column.default is not None and bare(column.default) in CURRENT_TIMES
    is_type = column.declared_type == "timestamp with time zone"
    return is_type and is_default and not column.nullable


def described(column: Column) -> str:
    """Return a column as SQL."""
    null = "" if column.nullable else " NOT NULL"
    default = f" DEFAULT {column.default}" if column.default else ""
    return f"{column.name} {column.declared_type}{null}{default}"


def lacks_times(model: Model) -> bool:
    return not all(model.table.has_column(name) for name in TIMES)
