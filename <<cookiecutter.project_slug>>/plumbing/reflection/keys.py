"""Makes a model of a table, and an id of its primary key."""

from plumbing.reflection.catalogue import Column, Table
from plumbing.reflection.columns import IDENTITY, column_notes
from plumbing.reflection.defaults import Default, default_of
from plumbing.reflection.models import Key, Model
from plumbing.reflection.names import (
    LONGEST,
    SCHEMAS,
    TABLES,
    accepted_class_name,
    as_name,
    default_table,
    is_name,
)
from plumbing.reflection.types import Type, shown, type_of

KEY_TYPES = {
    "bigint": "bigint",
    "integer": "integer",
    "numeric": "bigint",
    "smallint": "integer",
    "string": "string",
    "text": "string",
    "uuid": "uuid",
}
KEY_NAMES = {"string": "character varying"}
NUMBERED = ("integer", "bigint")


def new_model(table: Table, taken: set[str], tables: set[tuple[str, str]]) -> Model:
    """Return a model without fields; `taken` has the files of the others, `tables` their tables."""
    schema = "" if table.schema == "public" else as_name(table.schema, "schema")
    if schema and not is_name(schema, SCHEMAS):
        schema = f"{schema[: LONGEST - 7]}_schema"
    class_name = accepted_class_name(table.name, schema, taken)
    name = table.name if is_name(table.name, TABLES) else default_table(class_name)[:LONGEST]
    while (schema, name) in tables:
        name = f"{name[: LONGEST - 2]}_2"
    tables.add((schema, name))
    model = Model(table, schema, class_name, name, key_of(table))
    taken.add(model.module)
    if name != table.name or schema not in ("", table.schema):
        model.notes.append(f"table {table.full_name}")
    return model


def key_of(table: Table) -> Key:
    """Return what the declaration makes of a primary key: an id."""
    names = table.key or (["id"] if table.has_column("id") else [])
    if len(names) != 1:
        return Key(notes=[f"primary key ({', '.join(names)})"] if names else ["no primary key"])
    column = table.column(names[0])
    type_ = type_of(column)
    text = key_type(type_)
    is_reference = any(key.columns == names for key in table.foreign_keys)
    if is_reference or not text:  # the field of the column says the type
        return Key(notes=[f"primary key {column.name}"] if table.key else ["no primary key"])
    default = default_of(column.default, type_) if column.default else Default()
    if text == "uuid" and default.text == "uuid":
        text = "uuid=uuid"
    notes = key_notes(column, text, default)
    what = f"{'primary key' if table.key else 'no primary key, but'} {column.name}"
    if notes:
        notes = [", ".join([what, *notes])]
    elif column.name != "id" or not table.key:
        notes = [what]
    return Key(text, column.name, notes)


def key_notes(column: Column, text: str, default: Default) -> list[str]:
    """Return what a key has that its declaration does not say."""
    notes = []
    kind, _, arguments = text.partition("=")[0].partition("(")
    exact = f"character varying({arguments}" if arguments else KEY_NAMES.get(kind, kind)
    if column.declared_type != exact:
        notes.append(shown(column.declared_type))
    if kind in NUMBERED and not column.is_numbered:
        notes.append(
            f"DEFAULT {column.default}" if column.default else "not numbered by PostgreSQL"
        )
    elif kind not in NUMBERED and column.default and (text != "uuid=uuid" or default.note):
        notes.append(f"DEFAULT {column.default}")
    return notes + [note for note in column_notes(column) if note != IDENTITY]


def key_type(type_: Type) -> str:
    """Return the type of a key that is nearest, nothing if there is none."""
    if type_.array or type_.name not in KEY_TYPES:
        return ""
    arguments = f"({type_.arguments})" if type_.name == "string" and type_.arguments else ""
    return KEY_TYPES[type_.name] + arguments


def key_column_type(model: Model) -> str:
    """Return the type of a model's key as PostgreSQL prints it."""
    return model.table.column(model.key.column).type
