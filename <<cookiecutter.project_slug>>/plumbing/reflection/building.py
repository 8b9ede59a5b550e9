"""Makes models of tables: their names, keys, columns, references, links, constraints and indexes."""

import re

from plumbing.reflection.catalogue import Column, Constraint, ForeignKey, Index, Table
from plumbing.reflection.defaults import Default, default_of, is_written, written
from plumbing.reflection.expressions import allowed_values, bare, unquoted_name
from plumbing.reflection.models import Field, Group, Key, Model
from plumbing.reflection.names import (
    BASE_COLUMNS,
    COLUMNS,
    LONGEST,
    SCHEMAS,
    TABLES,
    accepted_class_name,
    as_name,
    default_table,
    in_snake_case,
    is_name,
)
from plumbing.reflection.types import NO_ARRAYS, Type, shown, type_of

# Tables in which migration tools keep their records.
BOOKKEEPING = frozenset(
    {
        *("alembic_version", "schema_migrations", "ar_internal_metadata", "django_migrations"),
        *(
            "_prisma_migrations",
            "flyway_schema_history",
            "databasechangelog",
            "databasechangeloglock",
        ),
        *("knex_migrations", "knex_migrations_lock", "goose_db_version", "typeorm_metadata"),
        *("SequelizeMeta", "spatial_ref_sys", "__drizzle_migrations", "__EFMigrationsHistory"),
    }
)
TIMES = ("created_at", "updated_at")
CURRENT_TIMES = ("CURRENT_TIMESTAMP", "now", "transaction_timestamp")
KEY_TYPES = {"smallint": "integer", "integer": "integer", "bigint": "bigint", "numeric": "bigint"}
KEY_NAMES = {"string": "character varying"}
NUMBERED = ("integer", "bigint")
ENUM_LENGTH = 32
RULES = {"c": "cascade", "r": "restrict", "n": "setnull"}
ACTIONS = {"c": "CASCADE", "r": "RESTRICT", "n": "SET NULL", "d": "SET DEFAULT"}


class Builder:
    """Makes the models of the tables of one database."""

    def __init__(self, tables: list[Table]) -> None:
        kept = [table for table in tables if table.kind in "rp" and table.name not in BOOKKEEPING]
        self.by_oid = {table.oid: table for table in kept}
        self.models: dict[int, Model] = {}
        self.links = {table.oid for table in kept if self.looks_like_link(table)}

    def build(self) -> list[Model]:
        """Return the models, sorted by schema and table."""
        self.name_models()
        self.place_links()
        for model in self.models.values():
            self.add_fields(model)
        for oid in sorted(self.links, key=lambda oid: self.by_oid[oid].full_name):
            self.add_link(self.by_oid[oid])
        for model in self.models.values():
            add_constraints(model)
            add_notes(model)
        return list(self.models.values())

    # Names

    def name_models(self) -> None:
        """Make a model for each table that is not a link, without fields."""
        taken: set[str] = set()
        tables: set[tuple[str, str]] = set()
        ordinary = [table for oid, table in self.by_oid.items() if oid not in self.links]
        ordinary.sort(key=lambda table: (table.schema != "public", table.schema, table.name))
        self.models = {table.oid: new_model(table, taken, tables) for table in ordinary}

    # Links

    def looks_like_link(self, table: Table) -> bool:
        """Return whether a table has two foreign keys, which are its primary key, and nothing else."""
        keys = [key.columns for key in table.foreign_keys]
        columns = [column.name for column in table.columns]
        return (
            len(columns) == 2
            and sorted(keys) == sorted([[column] for column in columns])
            and sorted(table.key) == sorted(columns)
            and not (table.checks or table.exclusions or table.uniques)
            and all(self.refers_to_key(key) for key in table.foreign_keys)
            and not any(
                key.target == table.oid
                for each in self.by_oid.values()
                for key in each.foreign_keys
            )
        )

    def refers_to_key(self, key: ForeignKey) -> bool:
        """Return whether a foreign key refers to the whole primary key of a table, in one column."""
        target = self.by_oid.get(key.target)
        if target is None or len(key.columns) != 1:
            return False
        return key.target_columns == [key_of(target).column]

    def place_links(self) -> None:
        """Make ordinary models of the links whose tables do not have the name that a field gives."""
        unplaced = {oid for oid in self.links if self.owner(self.by_oid[oid]) is None}
        while unplaced:
            self.links -= unplaced
            self.name_models()
            unplaced = {oid for oid in self.links if self.owner(self.by_oid[oid]) is None}

    def owner(self, table: Table) -> tuple[Model, str, ForeignKey, ForeignKey] | None:
        """Return which model declares a link, the name of the field, and the keys to owner and target."""
        by_column = {key.columns[0]: key for key in table.foreign_keys}
        ordered = [by_column[name] for name in table.key]
        for first, second in (ordered, ordered[::-1]):
            model = self.models.get(first.target)
            if (
                model is None
                or second.target not in self.models
                or table.schema != model.table.schema
            ):
                continue
            prefix = f"{model.table_name}_"
            name = table.name.removeprefix(prefix)
            if table.name.startswith(prefix) and is_name(name, COLUMNS):
                return model, name, first, second
        return None

    def add_link(self, table: Table) -> None:
        """Add the field of a many-to-many table to its owner."""
        found = self.owner(table)
        assert found is not None
        model, name, first, second = found
        target = self.models[second.target]
        field = Field(name, target.full_name, model=model, target=target, is_link=True)
        other = "other_" if target is model else ""
        columns = [f"{model.module}_id", f"{other}{target.module}_id"]
        if [first.columns[0], second.columns[0]] != columns:
            field.notes.append(f"columns {first.columns[0]}, {second.columns[0]}")
        elif table.key != columns:
            field.notes.append(f"primary key ({', '.join(table.key)})")
        actions = {
            key.columns[0]: ACTIONS.get(key.on_delete, "NO ACTION") for key in (first, second)
        }
        if len({*actions.values()}) == 1:
            actions = {"": actions[first.columns[0]]}
        for column, action in actions.items():
            if action != "CASCADE":
                field.notes.append(f"{column} ON DELETE {action}".strip())
        if not any(plain_columns(index, table) == second.columns for index in table.indexes):
            field.notes.append(f"no index on {second.columns[0]}")
        field.notes += [f"comment on {table.name}: {table.comment}"] if table.comment else []
        if model.field_named(name):  # a column has the name
            field.name = free_name(f"{name}_{target.plural}", model)
            field.notes.append(f"table {table.name}")
        model.fields.append(field)
        target.referrers.append(field)

    # Fields

    def add_fields(self, model: Model) -> None:
        """Add a field for each column but the key and the times."""
        table = model.table
        references = {
            key.columns[0]: key for key in reversed(table.foreign_keys) if self.is_reference(key)
        }
        for column in table.columns:  # references choose their names first
            is_key = column.name == model.key.column
            if column.name in references:
                self.add_reference(model, column, references[column.name])
            elif is_key or column.name in TIMES:
                model.names[column.name] = "id" if is_key else column.name
        for column in table.columns:
            if column.name not in model.names:
                add_column(model, column)
        places = {column.name: place for place, column in enumerate(table.columns)}
        model.fields.sort(
            key=lambda field: places[field.column.name] if field.column else len(places)
        )
        for key in table.foreign_keys:
            if references.get(key.columns[0]) is not key:
                model.notes.append(key.definition)

    def is_reference(self, key: ForeignKey) -> bool:
        """Return whether a foreign key can be a reference: in one column, to the key of a model."""
        return key.target in self.models and self.refers_to_key(key)

    def add_reference(self, model: Model, column: Column, key: ForeignKey) -> None:
        """Add the field of a foreign key."""
        target = self.models[key.target]
        field = Field("", target.full_name, column, model, target, nullable=column.nullable)
        field.name = reference_name(column.name, model, target)
        if f"{field.name}_id" != in_snake_case(column.name):
            field.notes.append(f"column {column.name}")
        printed = key_column_type(target)
        if column.type != printed:
            field.notes.append(column.declared_type)
        if key.on_delete in RULES:
            field.flags.append(RULES[key.on_delete])
        if key.on_delete == "d":
            field.notes.append("ON DELETE SET DEFAULT")
        if key.on_delete == "n" and not column.nullable:
            field.nullable = True
            field.notes.append("NOT NULL")
        if key.on_update in ACTIONS:
            field.notes.append(f"ON UPDATE {ACTIONS[key.on_update]}")
        if key.deferrable:
            field.notes.append("DEFERRABLE")
        for word in ("MATCH FULL", "NOT VALID"):
            if word in key.definition:
                field.notes.append(word)
        if target is model and not field.nullable:
            field.nullable = True
            field.notes.append("NOT NULL")
        field.notes += column_notes(column)
        if column.default:
            field.notes.append(f"default {column.default}")
        model.fields.append(field)
        model.names[column.name] = field.name
        target.referrers.append(field)


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
    return notes + column_notes(column)


def key_type(type_: Type) -> str:
    """Return the type of a key that is nearest, nothing if there is none."""
    if type_.array:
        return ""
    if type_.name in ("string", "text", "uuid"):
        return str(type_) if type_.name != "text" else "string"
    return KEY_TYPES.get(type_.name, "")


def key_column_type(model: Model) -> str:
    """Return the type of a model's key as PostgreSQL prints it."""
    return model.table.column(model.key.column).type


def reference_name(column: str, model: Model, target: Model) -> str:
    """Return the field for a foreign key: author_id gives author."""
    name = as_name(column)
    if name.endswith("_id") and name != "_id":
        name = name.removesuffix("_id")
    elif name.startswith("id_"):
        name = name.removeprefix("id_")
    if name == "id":
        name = target.module
    taken = used_names(model)

    def fits(candidate: str) -> bool:
        column = f"{candidate}_id"
        is_valid = is_name(candidate, COLUMNS) and is_name(column) and not candidate.endswith("_id")
        return is_valid and not {candidate, column} & taken

    candidates = [name[: LONGEST - 3], target.module, f"{name}_{target.module}"[: LONGEST - 3]]
    candidates = [candidates[0], candidates[2], candidates[1]]
    candidates += [f"{target.module[:50]}_{number}" for number in range(2, 1000)]
    return next(candidate for candidate in candidates if fits(candidate))


def used_names(model: Model) -> set[str]:
    return {name for field in model.fields for name in field.attributes}


def free_name(name: str, model: Model) -> str:
    """Return the name of a field that no other has; a reserved one ends in _."""
    taken = used_names(model)
    candidates = [name, f"{name[: LONGEST - 1].rstrip('_')}_"]
    candidates += [f"{name[:58].rstrip('_')}_{number}" for number in range(2, 1000)]
    return next(each for each in candidates if is_name(each, COLUMNS) and each not in taken)


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
    if column.identity and column.name != "id":
        notes.append("identity")
    if column.collation:
        notes.append(f"collation {column.collation}")
    return notes


# Constraints and indexes


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
    """Add a unique constraint as a flag or a group; one of the id alone says nothing."""
    names = [model.names[column] for column in columns]
    fields = [model.field_named(name) for name in names]
    if len(names) > 1 and any(field and is_json(field) for field in fields):
        model.notes.append(f"unique ({', '.join(columns)})")
    elif len(names) > 1:
        add_group(model, Group("unique", names, notes))
    elif field := fields[0]:
        if "unique" not in field.flags:
            field.flags.insert(0, "unique")
            field.notes += notes
    elif names != ["id"]:
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
    elif method != "btree" or names == ["id"] or any(f and is_json(f) for f in fields):
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


# Notes of tables


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
    return not all(model.table.has_column(name) for name in BASE_COLUMNS[1:])
