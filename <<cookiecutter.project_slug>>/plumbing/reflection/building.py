"""Makes models of tables: which tables are models, which are links, and what refers to what."""

from plumbing.reflection.catalogue import Column, ForeignKey, Table
from plumbing.reflection.columns import add_column, column_notes, free_name, used_names
from plumbing.reflection.constraints import add_constraints, plain_columns
from plumbing.reflection.keys import key_column_type, key_of, new_model
from plumbing.reflection.models import Field, Model
from plumbing.reflection.names import COLUMNS, LONGEST, TIMES, as_name, in_snake_case, is_name
from plumbing.reflection.notes import add_notes

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
