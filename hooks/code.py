"""What the templates write for a declared model: lines of SQLAlchemy and lines of Alembic."""

from hooks import layout
from hooks.declaration import FLAGS, Field, Model

NOW = "sa.DateTime(timezone=True), server_default=sa.text('CURRENT_TIMESTAMP')"


# The file of a model


def standard_imports(model: Model) -> list[str]:
    """Return the imports of the standard library, `import` before `from` as ruff sorts them."""
    lines = {field.scalar.imports for field in model.fields} - {""}
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def sqlalchemy_imports(model: Model) -> list[str]:
    """Return the imports from SQLAlchemy."""
    names = {"ForeignKey" if field.target else field.scalar.sql for field in model.fields}
    orm = ["mapped_column"] if model.fields else []
    orm += ["relationship"] if model.references or model.referrers else []
    lines = [layout.import_from("sqlalchemy", sorted(names))] if names else []
    return lines + ([layout.import_from("sqlalchemy.orm", ["Mapped", *orm])] if orm else [])


def modules(models: list[Model]) -> dict[str, str]:
    """Return module and class of every model, the base of all included."""
    return {"base": "BaseModel"} | {model.module: model.name for model in models}


def partners(model: Model) -> dict[str, str]:
    """Return module and name of the models at the other ends of its relationships."""
    ends = model.targets + [field.model for field in model.referrers]
    return {end.module: end.name for end in ends if end is not model}


def columns(model: Model) -> list[str]:
    """Return the attributes that are columns."""
    return [
        layout.assign(
            field.column,
            f"Mapped[{field.scalar.python}{' | None' if field.nullable else ''}]",
            "mapped_column",
            [column_type(field), *(f"{flag}=True" for flag in FLAGS if getattr(field, flag))],
        )
        for field in model.fields
    ]


def column_type(field: Field) -> str:
    """Return the type of a column, or the foreign key that gives it."""
    if field.target:
        rule = f', ondelete="{field.delete_rule}"' if field.delete_rule else ""
        return f'ForeignKey("{field.target.key}.id"{rule})'
    given = ", ".join([*field.arguments, *field.scalar.fixed])
    return f"{field.scalar.sql}({given})" if given else field.scalar.sql


def relationships(model: Model) -> list[str]:
    """Return the attributes of its references, then those of the references to it."""
    return [near_side(field) for field in model.references] + [far_side(field) for field in model.referrers]


def near_side(field: Field) -> str:
    assert field.target is not None
    optional = " | None" if field.nullable else ""
    options = [f'back_populates="{field.other_side}"', *keys(field)]
    if field.target is field.model:
        options.append(f'remote_side="{field.model.name}.id"')
    annotation = f'Mapped["{field.target.name}{optional}"]'
    return layout.assign(field.name, annotation, "relationship", options)


def far_side(field: Field) -> str:
    name = field.model.name
    annotation = f'Mapped["{name} | None"]' if field.unique else f'Mapped[list["{name}"]]'
    options = [f'back_populates="{field.name}"', *keys(field), *on_delete(field)]
    return layout.assign(field.other_side, annotation, "relationship", options)


def on_delete(field: Field) -> list[str]:
    """Return the options that leave to PostgreSQL what happens to referring rows."""
    if field.delete_rule == "CASCADE":
        return ['cascade="all, delete-orphan"', "passive_deletes=True"]
    rules = {"SET NULL": ["passive_deletes=True"], "RESTRICT": ['passive_deletes="all"']}
    return rules.get(field.delete_rule or "", [])


def keys(field: Field) -> list[str]:
    """Return the option that says which of several references to one target is meant."""
    option = f'foreign_keys="{field.model.name}.{field.column}"'
    return [option] if len(field.rivals) > 1 else []


# The first migration, as Alembic's renderer prints it


def tables(models: list[Model]) -> list[Model]:
    """Return the models in the order in which Alembic creates their tables.

    Referenced ones come first, in layers, each sorted by schema and table.
    """
    order: dict[str, Model] = {}
    while len(order) < len(models):
        ready = [
            model
            for model in models
            if model.name not in order
            and all(target is model or target.name in order for target in model.targets)
        ]
        order |= {model.name: model for model in sorted(ready, key=lambda model: model.key)}
    return list(order.values())


def migration_columns(model: Model) -> list[str]:
    kinds = [("id", "sa.Integer()", False)]
    kinds += [(field.column, migration_type(field), field.nullable) for field in model.fields]
    kinds += [("created_at", NOW, False), ("updated_at", NOW, False)]
    return [f"sa.Column('{name}', {kind}, nullable={null})" for name, kind, null in kinds]


def migration_type(field: Field) -> str:
    names = zip(field.scalar.arguments, field.arguments, strict=False)
    given = [f"{name}={value}" for name, value in names]
    return f"sa.{field.scalar.sql}({', '.join([*given, *field.scalar.fixed])})"


def migration_constraints(model: Model) -> list[str]:
    """Return the constraints in Alembic's order: sorted as strings."""
    lines = [f"sa.PrimaryKeyConstraint('id', name=op.f('pk_{model.table}'))"]
    for field in model.fields:
        name = f"{model.table}_{field.column}"
        if field.unique:
            lines.append(f"sa.UniqueConstraint('{field.column}', name=op.f('uq_{name}'))")
        if field.target:
            key = f"['{field.column}'], ['{field.target.key}.id']"
            name = f"fk_{name}_{field.target.table}"
            rule = f", ondelete='{field.delete_rule}'" if field.delete_rule else ""
            lines.append(f"sa.ForeignKeyConstraint({key}, name=op.f('{name}'){rule})")
    return sorted(lines)


def migration_indexes(model: Model) -> list[tuple[str, str]]:
    """Return name and column of each index, sorted by name."""
    return sorted((f"ix_{model.table}_{f.column}", f.column) for f in model.fields if f.index)


def migration_schema(model: Model) -> str:
    return f", schema='{model.schema}'" if model.schema else ""
