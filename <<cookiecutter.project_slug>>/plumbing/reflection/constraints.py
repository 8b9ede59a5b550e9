"""Makes flags, groups, enums and notes of the constraints and indexes of a table."""

import re

from plumbing.reflection.catalogue import Constraint, Index, Table
from plumbing.reflection.columns import add_default, set_values
from plumbing.reflection.expressions import allowed_values, unquoted_name
from plumbing.reflection.models import Field, Group, Model
from plumbing.reflection.types import NO_ARRAYS

ENUM_LENGTH = 32
"""The length of an enum's column in the template, unless a value is longer."""


def add_constraints(model: Model) -> None:
    """Add enums, defaults, flags and groups, and a note for everything else."""
    add_checks(model)
    for field in model.fields:
        add_default(field)
    table = model.table
    if len(table.key) > 1 or (table.key and not model.key.column):
        add_unique(model, table.key, [])
    for constraint in table.uniques:
        add_unique(model, constraint.columns, constraint_notes(constraint))
    for index in table.indexes:
        add_index(model, index)
    for constraint in table.exclusions:
        model.notes.append(constraint.definition)
    imply_indexes(model)


def add_checks(model: Model) -> None:
    """Make enums of the checks that list values."""
    for check in model.table.checks:
        found = allowed_values(check.definition)
        field = find_field(model, found[0]) if found else None
        column = field.column if field and not field.target else None
        if found is None or field is None or column is None or not can_be_enum(field):
            model.notes.append(check_note(check))
        else:
            longest = max(len(value) for value in found[1])
            expected = f"character varying({max(ENUM_LENGTH, longest)})"
            is_ours = column.declared_type == expected and not field.notes
            field.notes = [note for note in field.notes if note != column.declared_type]
            set_values(field, found[1], "" if is_ours else column.declared_type)


def can_be_enum(field: Field) -> bool:
    """Return whether a field is text, and not an enum yet."""
    return field.type.partition("(")[0] in ("string", "text") and not field.type.endswith("[]")


def check_note(check: Constraint) -> str:
    """Return a check without the second pair of brackets that PostgreSQL prints."""
    condition = check.definition.removeprefix("CHECK ")
    return "check " + re.sub(r"^\(\((.*)\)\)", r"(\1)", condition)


def find_field(model: Model, column: str) -> Field | None:
    return next(
        (field for field in model.fields if field.column and field.column.name == column), None
    )


def constraint_notes(constraint: Constraint) -> list[str]:
    """Return what a unique constraint says besides its columns."""
    notes = []
    if "NULLS NOT DISTINCT" in constraint.definition:
        notes.append("NULLS NOT DISTINCT")
    if " INCLUDE " in constraint.definition:
        notes.append("INCLUDE" + constraint.definition.partition(" INCLUDE")[2])
    if constraint.deferrable:
        notes.append("DEFERRABLE")
    return notes


def add_unique(model: Model, columns: list[str], notes: list[str]) -> None:
    """Add a unique constraint as a flag or a group."""
    names = [model.names[column] for column in columns]
    fields = [model.field_named(name) for name in names]
    if any(field and is_json(field) for field in fields):
        model.notes.append(f"unique ({', '.join(columns)})")
    elif len(names) > 1:
        add_group(model, Group("unique", names, notes))
    elif field := fields[0]:
        if "unique" not in field.flags:
            field.flags.insert(0, "unique")
            field.notes += notes
    else:
        add_group(model, Group("unique", names, notes))


def add_group(model: Model, group: Group) -> None:
    """Add a group, unless there is the same already."""
    same = [each for each in model.groups if (each.flag, each.names) == (group.flag, group.names)]
    if not same:
        model.groups.append(group)


def add_index(model: Model, index: Index) -> None:
    """Add an index as a flag or a group, or note it."""
    columns = plain_columns(index, model.table)
    method = index.rest.partition(" ")[0]
    if columns is None:
        model.notes.append(index_note(index))
        return
    names = [model.names[column] for column in columns]
    fields = [model.field_named(name) for name in names]
    inverted = [bool(field and (is_json(field) or is_array(field))) for field in fields]
    if index.unique:
        if method == "btree":
            add_unique(model, columns, ["a unique index"])
        else:
            model.notes.append(index_note(index))
    elif len(names) == 1 and fields[0]:
        suits = method == ("gin" if inverted[0] else "btree")
        if suits and "unique" not in fields[0].flags:
            fields[0].flags += ["index"] if "index" not in fields[0].flags else []
        else:
            model.notes.append(index_note(index))
    elif method != "btree" or any(f and is_json(f) for f in fields):
        model.notes.append(index_note(index))
    else:
        add_group(model, Group("index", names))


def index_note(index: Index) -> str:
    unique = "unique index" if index.unique else "index"
    return f"{unique} {index.rest.removeprefix('btree ')}"


def plain_columns(index: Index, table: Table) -> list[str] | None:
    """Return the columns of an index that has nothing else to say, else None."""
    columns = [unquoted_name(part) for part in index.parts]
    if not all(table.has_column(column) for column in columns):
        return None
    if not index.rest.endswith(f" ({', '.join(index.parts)})"):
        return None
    return columns


def is_json(field: Field) -> bool:
    return field.type in NO_ARRAYS


def is_array(field: Field) -> bool:
    return field.type.endswith("[]")


def imply_indexes(model: Model) -> None:
    """Leave out the index that each reference has, and note which the database lacks."""
    first = {group.names[0] for group in model.groups}
    missing = []
    for field in model.fields:
        if not field.target or field.is_link or "unique" in field.flags or field.column is None:
            continue
        if field.name in first:
            continue
        if "index" in field.flags:
            field.flags.remove("index")
        else:
            missing.append(field.column.name)
    if missing:
        model.notes.append(f"no index on {', '.join(missing)}")
