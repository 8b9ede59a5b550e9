"""The diagram of a fresh project: the same text that its app/diagram.py makes from the models."""

from generator.model import Field, Model

TIME = "    timestamptz"
KEYWORDS = ("pk", "fk", "uk")
"""Words of Mermaid, which a column may also be called."""


def lines(models: list[Model]) -> list[str]:
    """Return a box for each table, then a line for each foreign key."""
    boxes: dict[str, list[str]] = {}
    connections: dict[str, list[str]] = {}
    for model in models:
        boxes[model.key] = model_box(model)
        connections[model.key] = model_connections(model)
        for link in model.links:
            table = model.qualified(link.link_table)
            boxes[table] = link_box(link)
            connections[table] = link_connections(link, table)
    result = []
    for table in sorted(boxes):
        result += [f'"{table}" {{', *boxes[table], "}"]
    for table in sorted(connections):
        result += connections[table]
    return result


def model_box(model: Model) -> list[str]:
    columns = [column(field) for field in model.columns]
    return [f"    {column_type(model.id)} id PK", *columns, f"{TIME} created_at", f"{TIME} updated_at"]


def link_box(link: Field) -> list[str]:
    return [f"    {column_type(target.id)} {column} PK, FK" for column, target in link.link_columns.items()]


def column(field: Field) -> str:
    name = f"`{field.column}`" if field.column in KEYWORDS else field.column
    parts = [f"    {column_type(field)}", name]
    if field.target and field.unique:
        parts.append("FK, UK")
    elif field.target:
        parts.append("FK")
    elif field.unique:
        parts.append("UK")
    if field.nullable:
        parts.append('"null"')
    return " ".join(parts)


def column_type(field: Field) -> str:
    field = field.stored
    arguments = ",".join(field.arguments)
    if field.type == "enum":
        arguments = str(field.enum_length)
    kind = field.scalar.postgres
    if arguments:
        kind += f"({arguments})"
    if field.array:
        kind += "[]"
    return kind


def model_connections(model: Model) -> list[str]:
    result = []
    for field in sorted(model.references, key=lambda field: field.column):
        assert field.target is not None
        one = "|o" if field.nullable else "||"
        many = "o|" if field.unique else "o{"
        result.append(f'"{field.target.key}" {one}--{many} "{model.key}" : "{field.column}"')
    return result


def link_connections(link: Field, table: str) -> list[str]:
    return [f'"{target.key}" ||--o{{ "{table}" : "{column}"' for column, target in sorted_columns(link)]


def sorted_columns(link: Field) -> list[tuple[str, Model]]:
    return sorted(link.link_columns.items(), key=lambda item: item[0])
