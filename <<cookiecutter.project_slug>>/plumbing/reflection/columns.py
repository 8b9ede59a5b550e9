"""Makes fields of columns that are no keys, with their enums and defaults."""

from plumbing.reflection.catalogue import Column
from plumbing.reflection.defaults import default_of, is_written, written
from plumbing.reflection.expressions import allowed_values
from plumbing.reflection.models import Field, Model
from plumbing.reflection.names import COLUMNS, LONGEST, as_name, in_snake_case, is_name
from plumbing.reflection.types import Type, shown, type_of

IDENTITY = "identity"


def add_column(model: Model, column: Column) -> None:
    """Add the field of a column that is no key."""
    name = free_name(as_name(column.name), model)
    type_ = type_of(column)
    field = Field(name, str(type_), column, model, nullable=column.nullable)
    if name != in_snake_case(column.name):
        field.notes.append(f"column {column.name}")
    if column.values is not None:
        set_values(field, column.values, f"enum type {shown(column.declared_type)}")
    elif type_.note:
        field.notes.append(type_.note)
    field.notes += column_notes(column)
    if column.default and column.is_numbered:
        field.notes.append("serial")
    model.fields.append(field)
    model.names[column.name] = name


def used_names(model: Model) -> set[str]:
    return {name for field in model.fields for name in field.attributes}


def free_name(name: str, model: Model) -> str:
    """Return the name of a field that no other has; a reserved one ends in _."""
    taken = used_names(model)
    candidates = [name, f"{name[: LONGEST - 1].rstrip('_')}_"]
    candidates += [f"{name[:58].rstrip('_')}_{number}" for number in range(2, 1000)]
    return next(each for each in candidates if is_name(each, COLUMNS) and each not in taken)


def set_values(field: Field, values: list[str], note: str) -> None:
    """Make an enum of a field, unless the declaration cannot write a value."""
    if all(is_written(value) for value in values) and len(set(values)) == len(values) and values:
        field.type = f"enum({'|'.join(written(value) for value in values)})"
        field.notes += [note] if note else []
    else:
        field.type = "text"
        field.notes.append(note or "an enum")


def column_notes(column: Column) -> list[str]:
    """Return what the declaration does not say of any column."""
    notes = []
    if column.generated:
        notes.append(f"generated: {column.generated}")
    if column.identity:
        notes.append(IDENTITY)
    if column.collation:
        notes.append(f"collation {column.collation}")
    return notes


def add_default(field: Field) -> None:
    """Set the default of a field, or note it."""
    column = field.column
    if column is None or field.target or not column.default or column.is_numbered:
        return
    values = enum_values(field)
    default = default_of(column.default, type_of(column), values)
    if field.type == "text" and type_of(column).name != "text":
        default = default_of(column.default, Type("text"))
    field.default = default.text
    if default.note:
        field.notes.append(default.note)


def enum_values(field: Field) -> list[str] | None:
    """Return the values of an enum, from its type or from its check."""
    if not field.type.startswith("enum(") or field.column is None or field.model is None:
        return None
    if field.column.values is not None:
        return field.column.values
    for check in field.model.table.checks:
        found = allowed_values(check.definition)
        if found and found[0] == field.column.name:
            return found[1]
    return None
