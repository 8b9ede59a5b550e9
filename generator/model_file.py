"""The lines of a model's file: imports, columns and relationships in SQLAlchemy's declarative style."""

from generator import layout, reserved
from generator.model import NAME_LENGTH, Field, Model
from generator.scalars import DATES

ANY = "from typing import Any"
GROUP_CLASSES = {"unique": "UniqueConstraint", "index": "Index"}


# Imports


def standard_imports(model: Model) -> list[str]:
    """Return the imports from the standard library."""
    lines = {field.scalar.imports for field in own_columns(model) if field.scalar.imports}
    names = typing_names(model)
    if names:
        lines.discard(ANY)
        lines.add(layout.import_from("typing", names))
    return layout.sorted_imports(lines)


def typing_names(model: Model) -> list[str]:
    """Return the names that the file needs from typing."""
    names = []
    if partners(model):
        names.append("TYPE_CHECKING")
    if any(field.scalar.imports == ANY for field in model.columns):
        names.append("Any")
    if enums(model):
        names += ["Literal", "get_args"]
    return names


def sqlalchemy_imports(model: Model) -> list[str]:
    """Return the imports from SQLAlchemy."""
    core = core_names(model)
    orm = orm_names(model)
    lines = []
    if core - {"JSONB"}:
        lines.append(layout.import_from("sqlalchemy", core - {"JSONB"}))
    if "JSONB" in core:
        lines.append("from sqlalchemy.dialects.postgresql import JSONB")
    if orm:
        lines.append(layout.import_from("sqlalchemy.orm", orm))
    return lines


def core_names(model: Model) -> set[str]:
    """Return the names that the file needs from SQLAlchemy's core."""
    names = set()
    for field in own_columns(model):
        names.add("ForeignKey" if field.target else field.scalar.sql)
        if field.array:
            names.add("ARRAY")
        if field.function:
            names.add("func")
        if field.is_identity:
            names.add("Identity")
        if field.index and field.index_method:
            names.add("Index")
    for group in model.groups:
        names.add(GROUP_CLASSES[group.flag])
    if model.links:
        names |= {"Column", "ForeignKey", "Table"}
    return names


def orm_names(model: Model) -> list[str]:
    """Return the names that the file needs from SQLAlchemy's ORM."""
    names = []
    if model.fields or model.referrers or model.has_own_id:
        names.append("Mapped")
    if own_columns(model):
        names.append("mapped_column")
    if model.references or model.links or model.referrers:
        names.append("relationship")
    return names


def own_columns(model: Model) -> list[Field]:
    """Return the columns that the model does not inherit."""
    return [model.id, *model.columns] if model.has_own_id else model.columns


def base(model: Model) -> str:
    """Return the class that the model inherits from."""
    return "Timestamped" if model.has_own_id else "BaseModel"


def base_names(model: Model) -> set[str]:
    """Return the names that the file needs from app.models.base; an association table is made with BaseModel's."""
    return {base(model), "BaseModel"} if model.links else {base(model)}


def partners(model: Model) -> dict[str, str]:
    """Return module and name of each other model that a relationship of this one leads to."""
    targets = [field.target for field in model.fields if field.target]
    sources = [field.model for field in model.referrers]
    return {other.module: other.name for other in targets + sources if other is not model}


def modules(models: list[Model]) -> dict[str, str]:
    """Return module and name of every model, and of their base."""
    return {"base": "BaseModel"} | {model.module: model.name for model in models}


def class_names(models: list[Model]) -> set[str]:
    return {model.name for model in models}


# Enums

Aliases = dict[tuple[str, ...], str]
"""The names of the types of a file's enums, by their values."""


def enums(model: Model) -> list[Field]:
    return [field for field in model.columns if field.type == "enum"]


def enum_aliases(model: Model, names: set[str]) -> Aliases:
    """Return a name for each set of values; columns with the same values share it.

    It is that of the model and of the first such field, unless a model or an import could have this name;
    `names` are those of all models.
    """
    aliases: Aliases = {}
    own = {*reserved.MODELS, *core_names(model), base(model)}
    for field in enums(model):
        values = tuple(field.arguments)
        if values not in aliases:
            name = alias(field)
            while name in names or name in own:
                name += "Value"
            own.add(name)
            aliases[values] = name
    return aliases


def alias(field: Field) -> str:
    """Return the name of the type of an enum: OrderStatus, or Status if that is too long."""
    name = "".join(part.capitalize() for part in field.name.split("_"))
    full_name = field.model.name + name
    return full_name if len(full_name) <= NAME_LENGTH else name


def enum_types(aliases: Aliases) -> list[str]:
    """Return the statements that define the types of the enums."""
    return [enum_alias(name, values) for values, name in aliases.items()]


def enum_alias(name: str, values: tuple[str, ...]) -> str:
    literals = ", ".join(layout.literal(value) for value in values)
    return layout.statement(f"{name} = Literal[{literals}]")


# Tables


def link_tables(model: Model) -> list[str]:
    """Return the statements that define the association tables."""
    return [link_table(link) for link in model.links]


def link_table(link: Field) -> str:
    (first, owner), (second, target) = link.link_columns.items()
    owner_key = f'ForeignKey("{owner.key}.id", ondelete="CASCADE")'
    target_key = f'ForeignKey("{target.key}.id", ondelete="CASCADE")'
    arguments = [
        f'"{link.link_table}"',
        "BaseModel.metadata",
        f'Column("{first}", {owner_key}, primary_key=True)',
        f'Column("{second}", {target_key}, primary_key=True, index=True)',
    ]
    if link.model.schema:
        arguments.append(f'schema="{link.model.schema}"')
    table = layout.call("Table", arguments)
    return layout.statement(f"{link.link_table} = {table}")


def table_arguments(model: Model) -> str:
    """Return the line of __table_args__, or nothing: constraints on several columns, and the schema."""
    constraints = []
    for columns in model.grouped("unique"):
        constraints.append(layout.call("UniqueConstraint", quoted(columns)))
    for columns in model.grouped("index"):
        constraints.append(layout.call("Index", ["None", *quoted(columns)]))
    for field in model.columns:
        if field.index and field.index_method:
            constraints.append(f'Index(None, "{field.column}", postgresql_using="{field.index_method}")')
    options = [f'{{"schema": "{model.schema}"}}'] if model.schema else []
    if constraints:
        value = layout.tuple_of(constraints + options)
    elif options:
        value = options[0]
    else:
        return ""
    return layout.statement(f"    __table_args__ = {value}")


def quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]


# The base of the models


def base_imports(key: Field) -> list[str]:
    """Return the imports of app/models/base.py from the standard library."""
    return layout.sorted_imports({DATES, key.scalar.imports} - {""})


def base_core_names(key: Field) -> set[str]:
    """Return the names that app/models/base.py needs from SQLAlchemy's core."""
    names = {"DateTime", "func", "inspect"}
    if key.type != "integer":
        names.add(key.scalar.sql)
    if key.is_identity:
        names.add("Identity")
    return names


def base_key(key: Field) -> str:
    """Return the key of the models, before the columns of each.  `int` alone is an integer."""
    arguments = ["primary_key=True"] if key.type == "integer" else key_arguments(key)
    value = layout.call("mapped_column", [*arguments, "sort_order=-1"])
    return layout.assign(key.name, column_annotation(key, {}), value)


# Columns


def columns(model: Model, aliases: Aliases) -> list[str]:
    """Return the attributes that are columns."""
    return [column(field, aliases) for field in own_columns(model)]


def column(field: Field, aliases: Aliases) -> str:
    if field is field.model.id:
        value = layout.call("mapped_column", key_arguments(field))
        return layout.assign(field.name, column_annotation(field, aliases), value)
    arguments = [column_type(field, aliases)]
    if field.index and not field.index_method:
        arguments.append("index=True")
    if field.unique:
        arguments.append("unique=True")
    arguments += default_argument(field)
    value = layout.call("mapped_column", arguments)
    return layout.assign(field.column, column_annotation(field, aliases), value)


def key_arguments(key: Field) -> list[str]:
    """Return what a key has besides being one: its type, and where its values come from."""
    arguments = [column_type(key, {})]
    if key.is_identity:
        arguments.append("Identity()")
    return [*arguments, "primary_key=True", *default_argument(key)]


def default_argument(field: Field) -> list[str]:
    if field.function:
        return [f"server_default=func.{field.function}()"]
    if field.default is not None:
        return [f"server_default={layout.literal(field.default)}"]
    return []


def column_annotation(field: Field, aliases: Aliases) -> str:
    python_type = field.scalar.python
    if field.type == "enum":
        python_type = aliases[tuple(field.arguments)]
    if field.array:
        python_type = f"list[{python_type}]"
    if field.nullable:
        python_type = f"{python_type} | None"
    return f"Mapped[{python_type}]"


def column_type(field: Field, aliases: Aliases) -> str:
    """Return the type of a column, or the foreign key that implies it."""
    if field.target:
        return foreign_key(field, field.target)
    if field.type == "enum":
        return enum_type(field, aliases[tuple(field.arguments)])
    arguments = [*field.arguments, *field.scalar.fixed]
    name = field.scalar.sql
    if arguments:
        name = layout.call(name, arguments)
    return f"ARRAY({name})" if field.array else name


def foreign_key(field: Field, target: Model) -> str:
    arguments = [f'"{target.key}.id"']
    if field.delete_rule:
        arguments.append(f'ondelete="{field.delete_rule}"')
    if field.closes_circle:
        arguments.append("use_alter=True")
    return layout.call("ForeignKey", arguments)


def enum_type(field: Field, alias: str) -> str:
    """Return the type of a string with a check constraint, and with room for longer values."""
    arguments = [f"*get_args({alias})"]
    arguments.append(f'name="{field.name}"')
    arguments.append("native_enum=False")
    arguments.append("create_constraint=True")
    if field.enum_length > field.longest_value:
        arguments.append(f"length={field.enum_length}")
    return layout.call("Enum", arguments)


# Relationships


def relationships(model: Model) -> list[str]:
    """Return the relationships that the model declares, then the other sides of those that lead to it."""
    lines = [relationship(reference) for reference in model.references]
    lines += [link_relationship(link) for link in model.links]
    for field in model.referrers:
        if field.is_link:
            lines.append(other_link_relationship(field))
        else:
            lines.append(other_relationship(field))
    return lines


def relationship(reference: Field) -> str:
    """Return the relationship to the one model that a reference leads to."""
    target = reference.target
    assert target is not None
    options = [f'back_populates="{reference.other_side}"']
    options += foreign_keys(reference)
    if target is reference.model:
        options.append(f'remote_side="{target.name}.id"')
    options += circle_options(reference)
    null = " | None" if reference.nullable else ""
    value = layout.call("relationship", options)
    return layout.assign(reference.name, f'Mapped["{target.name}{null}"]', value)


def other_relationship(reference: Field) -> str:
    """Return the relationship on the target of a reference: to many rows, or to one at most."""
    name = reference.model.name
    annotation = f'Mapped["{name} | None"]' if reference.unique else f'Mapped[list["{name}"]]'
    options = [f'back_populates="{reference.name}"']
    options += foreign_keys(reference)
    options += delete_options(reference)
    options += circle_options(reference)
    value = layout.call("relationship", options)
    return layout.assign(reference.other_side, annotation, value)


def link_relationship(link: Field) -> str:
    assert link.target is not None
    options = [f'back_populates="{link.other_side}"']
    options += link_options(link, near="", far="other_")
    value = layout.call("relationship", options)
    return layout.assign(link.name, f'Mapped[list["{link.target.name}"]]', value)


def other_link_relationship(link: Field) -> str:
    options = [f'back_populates="{link.name}"']
    options += link_options(link, near="other_", far="")
    value = layout.call("relationship", options)
    return layout.assign(link.other_side, f'Mapped[list["{link.model.name}"]]', value)


def link_options(link: Field, near: str, far: str) -> list[str]:
    """Return the option that names the table; a link to its own model must also tell its columns apart.

    `near` and `far` are the prefixes of the columns that refer to this row and to the other row.
    """
    model = link.model
    table = model.qualified(link.link_table)
    options = [f'secondary="{table}"']
    if link.target is model:
        column = f"{model.module}_id"
        options.append(f'primaryjoin="{model.name}.id == {table}.c.{near}{column}"')
        options.append(f'secondaryjoin="{model.name}.id == {table}.c.{far}{column}"')
    return options


def foreign_keys(reference: Field) -> list[str]:
    """Return the option that a relationship needs if more than one foreign key connects the two tables."""
    model = reference.model
    target = reference.target
    assert target is not None
    ways = [other for other in model.references if other.target is target]
    back = [other for other in target.references if other.target is model and target is not model]
    if len(ways + back) == 1:
        return []
    return [f'foreign_keys="{model.name}.{reference.column}"']


def circle_options(reference: Field) -> list[str]:
    """Return the option with which SQLAlchemy sets a reference once both rows exist, on both of its sides."""
    return ["post_update=True"] if reference.closes_circle else []


def delete_options(reference: Field) -> list[str]:
    """Return the options that leave ON DELETE to PostgreSQL."""
    match reference.delete_rule:
        case "CASCADE":
            # A row whose reference may be NULL can exist without the other one: it is no orphan.
            cascade = "all" if reference.nullable else "all, delete-orphan"
            return [f'cascade="{cascade}"', "passive_deletes=True"]
        case "SET NULL":
            return ["passive_deletes=True"]
        case "RESTRICT":
            return ['passive_deletes="all"']
        case _ if not reference.nullable:
            return ['passive_deletes="all"']
        case _:
            return []
