"""What the templates write for a declared model: lines of SQLAlchemy and lines of Alembic."""

from dataclasses import dataclass

from hooks import layout
from hooks.declaration import Field, Model, cut

# The file of a model

ANY = "from typing import Any"
GROUPS = {"unique": "UniqueConstraint", "index": "Index"}


def standard_imports(model: Model) -> list[str]:
    """Return the imports of the standard library, `import` before `from` as ruff sorts them."""
    lines = {field.scalar.imports for field in model.columns} - {""}
    if partners(model):
        lines.add(f"from typing import TYPE_CHECKING{', Any' if ANY in lines else ''}")
        lines.discard(ANY)
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def sqlalchemy_imports(model: Model) -> list[str]:
    """Return the imports from SQLAlchemy."""
    names = {"ForeignKey" if field.target else field.scalar.sql for field in model.columns}
    names |= {"ARRAY" for field in model.columns if field.array}
    names |= {"func" for field in model.columns if field.function}
    names |= {GROUPS[group.flag] for group in model.groups}
    names |= {name for _ in model.links for name in ("Column", "ForeignKey", "Table")}
    lines = [layout.import_from("sqlalchemy", sorted(names - {"JSONB"}))] if names - {"JSONB"} else []
    lines += ["from sqlalchemy.dialects.postgresql import JSONB"] if "JSONB" in names else []
    orm = ["Mapped"] if model.fields or model.referrers else []
    orm += ["mapped_column"] if model.columns else []
    orm += ["relationship"] if relationships(model) else []
    return lines + ([layout.import_from("sqlalchemy.orm", orm)] if orm else [])


def modules(models: list[Model]) -> dict[str, str]:
    """Return module and class of every model, the base of all included."""
    return {"base": "BaseModel"} | {model.module: model.name for model in models}


def partners(model: Model) -> dict[str, str]:
    """Return module and name of the models at the other ends of its relationships."""
    ends = [field.target for field in model.fields if field.target]
    ends += [field.model for field in model.referrers]
    return {end.module: end.name for end in ends if end is not model}


def link_tables(model: Model) -> list[str]:
    """Return the statements that define the tables between many and many."""
    statements = []
    for link in model.links:
        (first, owner), (second, target) = link.link_columns.items()
        keys = [f'ForeignKey("{model.key}.id", ondelete="CASCADE")' for model in (owner, target)]
        arguments = [
            f'"{link.link_table}", BaseModel.metadata',
            f'Column("{first}", {keys[0]}, primary_key=True)',
            f'Column("{second}", {keys[1]}, primary_key=True, index=True)',
            *([f'schema="{model.schema}"'] if model.schema else []),
        ]
        statements.append(layout.statement(f"{link.link_table} = Table({', '.join(arguments)})"))
    return statements


def table_arguments(model: Model) -> str:
    """Return the line of __table_args__: what goes over several columns, and the schema."""
    parts = [f"UniqueConstraint({quoted(columns)})" for columns in model.grouped("unique")]
    parts += [f"Index(None, {quoted(columns)})" for columns in model.grouped("index")]
    parts += [f'{{"schema": "{model.schema}"}}'] if model.schema else []
    value = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if not model.groups:
        value = "".join(parts)
    return layout.statement(f"    __table_args__ = {value}") if value else ""


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def columns(model: Model) -> list[str]:
    """Return the attributes that are columns."""
    return [column(field) for field in model.columns]


def column(field: Field) -> str:
    python = f"list[{field.scalar.python}]" if field.array else field.scalar.python
    annotation = f"Mapped[{python}{' | None' if field.nullable else ''}]"
    options = [f"{flag}=True" for flag in ("index", "unique") if getattr(field, flag)]
    if field.function:
        options.append(f"server_default=func.{field.function}()")
    elif field.default is not None:
        options.append(f"server_default={layout.literal(field.default)}")
    return layout.assign(
        field.column, annotation, f"mapped_column({', '.join([column_type(field), *options])})"
    )


def column_type(field: Field) -> str:
    """Return the type of a column, or the foreign key that gives it."""
    if field.target:
        rule = f', ondelete="{field.delete_rule}"' if field.delete_rule else ""
        return f'ForeignKey("{field.target.key}.id"{rule})'
    arguments = [*field.arguments, *field.scalar.fixed]
    if field.type == "enum":
        arguments = [*map(layout.literal, field.arguments), f'name="{field.name}"', *enum_options(field)]
    name = f"{field.scalar.sql}({', '.join(arguments)})" if arguments else field.scalar.sql
    return f"ARRAY({name})" if field.array else name


def enum_options(field: Field) -> list[str]:
    """Return what makes it a string with a check constraint, with room for longer values."""
    short = max(len(value) for value in field.arguments) < 32
    return ["native_enum=False", "create_constraint=True", *(["length=32"] if short else [])]


def relationships(model: Model) -> list[str]:
    """Return the attributes of its references and links, then those of the ones to it."""
    near = [near_side(field) for field in model.references + model.links]
    return near + [far_side(field) for field in model.referrers]


def near_side(field: Field) -> str:
    assert field.target is not None
    options = [f'back_populates="{field.other_side}"']
    if field.is_link:
        return many_to_many(field.name, field.target, options + link_options(field, "", "other_"))
    options += keys(field)
    if field.target is field.model:
        options.append(f'remote_side="{field.model.name}.id"')
    annotation = f'Mapped["{field.target.name}{" | None" if field.nullable else ""}"]'
    return layout.assign(field.name, annotation, f"relationship({', '.join(options)})")


def far_side(field: Field) -> str:
    name, options = field.model.name, [f'back_populates="{field.name}"']
    if field.is_link:
        return many_to_many(field.other_side, field.model, options + link_options(field, "other_", ""))
    annotation = f'Mapped["{name} | None"]' if field.unique else f'Mapped[list["{name}"]]'
    options += [*keys(field), *on_delete(field)]
    return layout.assign(field.other_side, annotation, f"relationship({', '.join(options)})")


def many_to_many(name: str, other: Model, options: list[str]) -> str:
    return layout.assign(name, f'Mapped[list["{other.name}"]]', f"relationship({', '.join(options)})")


def link_options(link: Field, here: str, there: str) -> list[str]:
    """Return the option that names the table, and for a link to itself which column is which end."""
    model, table = link.model, link.model.qualified(link.link_table)
    options = [f'secondary="{table}"']
    if link.target is model:
        for join, prefix in (("primaryjoin", here), ("secondaryjoin", there)):
            options.append(f'{join}="{model.name}.id == {table}.c.{prefix}{model.module}_id"')
    return options


def on_delete(field: Field) -> list[str]:
    """Return the options that leave to PostgreSQL what happens to referring rows."""
    if field.delete_rule == "CASCADE":
        # What may be without the other is no orphan without it.
        cascade = "all" if field.nullable else "all, delete-orphan"
        return [f'cascade="{cascade}"', "passive_deletes=True"]
    rules = {"SET NULL": ["passive_deletes=True"], "RESTRICT": ['passive_deletes="all"']}
    return rules.get(field.delete_rule or "", [])


def keys(field: Field) -> list[str]:
    """Return the option that says which of several references to one target is meant."""
    rivals = [f for f in field.model.references if f.target is field.target]
    option = f'foreign_keys="{field.model.name}.{field.column}"'
    return [option] if len(rivals) > 1 else []


# The first migration, as Alembic's renderer prints it

NOW = "sa.DateTime(timezone=True), server_default=sa.text('CURRENT_TIMESTAMP')"


@dataclass
class Table:
    """A table of the migration: that of a model or of a link."""

    schema: str
    name: str
    columns: list[str]
    constraints: list[str]
    indexes: list[tuple[str, list[str]]]
    layer: int = 0

    @property
    def in_schema(self) -> str:
        return f", schema='{self.schema}'" if self.schema else ""


def tables(models: list[Model]) -> list[Table]:
    """Return the tables in the order in which Alembic creates them.

    Referenced ones come first, in layers, each sorted by schema and table.
    """
    layers: dict[str, int] = {}
    result = []
    for model in models:  # each refers only to those before it
        targets = [f.target for f in model.references if f.target and f.target is not model]
        layers[model.name] = max((layers[target.name] + 1 for target in targets), default=0)
        result.append(model_table(model, layers[model.name]))
        for link in model.links:
            ends = [layers[end.name] + 1 for end in link.link_columns.values()]
            result.append(link_table(link, max(ends)))
    return sorted(result, key=lambda t: (t.layer, f"{t.schema}.{t.name}" if t.schema else t.name))


def model_table(model: Model, layer: int) -> Table:
    id_column = "sa.Column('id', sa.Integer(), nullable=False)"
    times = [f"sa.Column('{name}', {NOW}, nullable=False)" for name in ("created_at", "updated_at")]
    constraints = [f"sa.PrimaryKeyConstraint('id', name=op.f('pk_{model.table}'))"]
    for name, columns in model.uniques:
        constraints.append(f"sa.UniqueConstraint({str(columns)[1:-1]}, name=op.f('{name}'))")
    for name, f in model.foreign_keys:
        constraints.append(foreign_key(f.column, f.target, name, f.delete_rule))
    columns = [id_column, *map(migration_column, model.columns), *times]
    indexes = sorted(model.indexes, key=lambda index: cut(index[0]))  # as Alembic finds them
    return Table(model.schema, model.table, columns, sorted(constraints), indexes, layer)


def link_table(link: Field, layer: int) -> Table:
    name, (first, second) = link.link_table, link.link_columns
    constraints = [f"sa.PrimaryKeyConstraint('{first}', '{second}', name=op.f('pk_{name}'))"]
    for (column, target), key in zip(link.link_columns.items(), link.link_keys, strict=True):
        constraints.append(foreign_key(column, target, key, "CASCADE"))
    columns = [f"sa.Column('{column}', sa.Integer(), nullable=False)" for column in (first, second)]
    indexes = [(link.link_names[2], [second])]
    return Table(link.model.schema, name, columns, sorted(constraints), indexes, layer)


def foreign_key(column: str, target: Model | None, name: str, delete_rule: str | None) -> str:
    assert target is not None
    rule = f", ondelete='{delete_rule}'" if delete_rule else ""
    return f"sa.ForeignKeyConstraint(['{column}'], ['{target.key}.id'], name=op.f('{name}'){rule})"


def migration_column(field: Field) -> str:
    parts = [repr(field.column), migration_type(field)]
    if field.function:
        parts.append(f"server_default=sa.text('{sql_function(field.function)}')")
    elif field.default is not None:
        parts.append(f"server_default={field.default!r}")
    return f"sa.Column({', '.join(parts)}, nullable={field.nullable})"


def sql_function(name: str) -> str:
    """Return the call as SQLAlchemy compiles it: the standard's functions take no brackets."""
    return name.upper() if name.startswith("current_") else f"{name}()"


def migration_type(field: Field) -> str:
    if field.type == "json":
        return "postgresql.JSONB(none_as_null=True, astext_type=sa.Text())"
    given = [f"{n}={value}" for n, value in zip(field.scalar.arguments, field.arguments, strict=False)]
    if field.type == "enum":
        given = [*map(repr, field.arguments), f"name='{field.name}'", *enum_options(field)]
    name = f"sa.{field.scalar.sql}({', '.join([*given, *field.scalar.fixed])})"
    return f"sa.ARRAY({name})" if field.array else name


def migration_imports(models: list[Model]) -> str:
    """Return the imports that some types need, or nothing."""
    needed = any(field.type == "json" for model in models for field in model.fields)
    return "from sqlalchemy.dialects import postgresql" if needed else ""
