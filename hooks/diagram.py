"""The diagram of a fresh project: the text that its app/diagram.py writes from the models."""

from hooks.declaration import Field, Model

TIME = "    timestamptz"


def lines(models: list[Model]) -> list[str]:
    """Return a box for each table, then a line for each foreign key."""
    boxes: dict[str, list[str]] = {}
    keys: dict[str, list[str]] = {}
    for model in models:
        boxes[model.key] = model_box(model)
        references = sorted(model.references, key=lambda f: f.column)
        keys[model.key] = [connection(f.target, model.key, f.column, f) for f in references if f.target]
        for link in model.links:
            table, ends = model.qualified(link.link_table), link.link_columns
            boxes[table] = [f"    integer {column} PK, FK" for column in ends]
            keys[table] = [connection(ends[column], table, column) for column in sorted(ends)]
    result = []
    for table in sorted(boxes):
        result += [f'"{table}" {{', *boxes[table], "}"]
    return result + [line for table in sorted(keys) for line in keys[table]]


def model_box(model: Model) -> list[str]:
    columns = [column(field) for field in model.columns]
    return ["    integer id PK", *columns, f"{TIME} created_at", f"{TIME} updated_at"]


def column(field: Field) -> str:
    arguments = ",".join(field.arguments)
    if field.type == "enum":
        arguments = str(max(32, *map(len, field.arguments)))
    kind = f"{field.scalar.postgres}({arguments})" if arguments else field.scalar.postgres
    keys = ", ".join(["FK"] * bool(field.target) + ["UK"] * field.unique)
    null = '"null"' if field.nullable else ""
    array = "[]" if field.array else ""
    name = f"`{field.column}`" if field.column in ("pk", "fk", "uk") else field.column
    return " ".join(filter(None, [f"    {kind}{array} {name}", keys, null]))


def connection(target: Model, table: str, column: str, field: Field | None = None) -> str:
    one = "|o" if field and field.nullable else "||"
    many = "o|" if field and field.unique else "o{"
    return f'"{target.key}" {one}--{many} "{table}" : "{column}"'
