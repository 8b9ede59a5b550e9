"""The lines of the first migration, exactly as Alembic's autogenerate would render them."""

from dataclasses import dataclass

from generator.circles import needed, ordered
from generator.model import Field, Index, Model, cut

TIMESTAMP = "sa.DateTime(timezone=True), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False"


@dataclass
class Table:
    """A table that the migration creates, for a model or for a many-to-many link."""

    schema: str
    name: str
    columns: list[str]
    constraints: list[str]
    indexes: list[Index]
    layer: int
    """0 if no foreign key leads out of the table, else one more than the highest layer that one leads to."""

    @property
    def in_schema(self) -> str:
        """The argument that names the schema, if there is one."""
        return f", schema='{self.schema}'" if self.schema else ""

    @property
    def sort_key(self) -> tuple[int, str]:
        """Sorts as Alembic does: by layer, then by schema and name."""
        key = f"{self.schema}.{self.name}" if self.schema else self.name
        return self.layer, key


@dataclass
class LateKey:
    """A foreign key that completes a circle of tables."""

    name: str
    model: Model
    field: Field
    target: Model

    @property
    def in_schema(self) -> str:
        """The argument that names the schema of the key's table, if there is one."""
        return f", schema='{self.model.schema}'" if self.model.schema else ""

    @property
    def options(self) -> str:
        """The arguments behind those of every foreign key."""
        options = []
        if self.model.schema:
            options.append(f", source_schema='{self.model.schema}'")
        if self.target.schema:
            options.append(f", referent_schema='{self.target.schema}'")
        if self.field.delete_rule:
            options.append(f", ondelete='{self.field.delete_rule}'")
        return "".join(options)


def imports(models: list[Model]) -> str:
    """Return the imports that some types need, or nothing."""
    if any(field.type == "json" for model in models for field in model.fields):
        return "from sqlalchemy.dialects import postgresql"
    return ""


# Tables


def tables(models: list[Model]) -> list[Table]:
    """Return the tables in the order in which Alembic creates them."""
    layers: dict[str, int] = {}
    result = []
    for model in ordered(models):
        layer = layer_above(needed(model), layers)
        layers[model.name] = layer
        result.append(model_table(model, layer))
    for model in models:
        for link in model.links:
            ends = list(link.link_columns.values())
            result.append(link_table(link, layer_above(ends, layers)))
    return sorted(result, key=lambda table: table.sort_key)


def layer_above(targets: list[Model], layers: dict[str, int]) -> int:
    """Return the layer of a table with foreign keys to these models."""
    return max((layers[target.name] + 1 for target in targets), default=0)


def model_table(model: Model, layer: int) -> Table:
    columns = [column(model.id)]
    columns += [column(field) for field in model.columns]
    columns.append(f"sa.Column('created_at', {TIMESTAMP})")
    columns.append(f"sa.Column('updated_at', {TIMESTAMP})")
    return Table(
        schema=model.schema,
        name=model.table,
        columns=columns,
        constraints=sorted(constraints(model)),
        indexes=sorted(model.indexes, key=lambda index: cut(index.name)),
        layer=layer,
    )


def link_table(link: Field, layer: int) -> Table:
    first, second = link.link_columns
    keys = [primary_key([first, second], link.link_primary_key)]
    for (name, target), key in zip(link.link_columns.items(), link.link_foreign_keys, strict=True):
        keys.append(foreign_key(name, target, key, "CASCADE"))
    return Table(
        schema=link.model.schema,
        name=link.link_table,
        columns=[
            f"sa.Column('{name}', {column_type(target.id)}, nullable=False)"
            for name, target in link.link_columns.items()
        ],
        constraints=sorted(keys),
        indexes=[Index(link.link_index, [second])],
        layer=layer,
    )


# Constraints


def constraints(model: Model) -> list[str]:
    """Return the keys and the unique constraints of a model; the check of an enum is part of its type."""
    lines = [primary_key(["id"], model.primary_key)]
    for name, columns in model.uniques:
        lines.append(f"sa.UniqueConstraint({quoted(columns)}, name=op.f('{name}'))")
    for name, field in model.foreign_keys:
        assert field.target is not None
        if field.closes_circle:
            continue
        lines.append(foreign_key(field.column, field.target, name, field.delete_rule))
    return lines


def primary_key(columns: list[str], name: str) -> str:
    return f"sa.PrimaryKeyConstraint({quoted(columns)}, name=op.f('{name}'))"


def foreign_key(column: str, target: Model, name: str, delete_rule: str | None) -> str:
    rule = f", ondelete='{delete_rule}'" if delete_rule else ""
    return f"sa.ForeignKeyConstraint(['{column}'], ['{target.key}.id'], name=op.f('{name}'){rule})"


def quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


# Columns


def column(field: Field) -> str:
    arguments = [f"'{field.column}'", column_type(field)]
    if field.is_identity:
        arguments.append("sa.Identity(always=False)")
    if field.function:
        arguments.append(f"server_default=sa.text('{function_call(field.function)}')")
    elif field.default is not None:
        arguments.append(f"server_default={field.default!r}")
    arguments.append(f"nullable={field.nullable}")
    return f"sa.Column({', '.join(arguments)})"


def column_type(field: Field) -> str:
    field = field.stored
    if field.type == "json":
        return "postgresql.JSONB(none_as_null=True, astext_type=sa.Text())"
    if field.type == "enum":
        return enum_type(field)
    arguments = []
    for name, value in zip(field.scalar.arguments, field.arguments, strict=False):
        arguments.append(f"{name}={value}")
    arguments += field.scalar.fixed
    scalar = f"sa.{field.scalar.sql}({', '.join(arguments)})"
    return f"sa.ARRAY({scalar})" if field.array else scalar


def enum_type(field: Field) -> str:
    arguments = [repr(value) for value in field.arguments]
    arguments += [f"name='{field.name}'", "native_enum=False", "create_constraint=True"]
    if field.enum_length > field.longest_value:
        arguments.append(f"length={field.enum_length}")
    return f"sa.Enum({', '.join(arguments)})"


# Foreign keys of circles


def late_keys(models: list[Model]) -> list[LateKey]:
    """Return the foreign keys that are added once all tables exist, sorted as Alembic does."""
    keys = []
    for model in models:
        for name, field in model.foreign_keys:
            if field.closes_circle and field.target:
                keys.append(LateKey(name, model, field, field.target))
    return sorted(keys, key=lambda key: (key.model.key, key.name))


def function_call(name: str) -> str:
    """Return the call as SQLAlchemy compiles it: functions of the SQL standard take no brackets."""
    if name.startswith("current_"):
        return name.upper()
    return f"{name}()"
