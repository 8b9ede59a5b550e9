"""The names that cannot be declared, each with its reason."""

from keyword import iskeyword

from generator.scalars import TYPES

OURS = "is used in the generated files"
UNCLEAR = "looks like a digit, which ruff rejects"

SCHEMAS = dict.fromkeys(("public", "information_schema"), "is reserved by PostgreSQL")
TABLES = dict.fromkeys(("alembic_version", "alembic_version_pkc"), "is reserved by Alembic")
LINK_TABLES = TABLES | dict.fromkeys(("get_args", "mapped_column"), OURS)
COLUMNS = {
    **dict.fromkeys(("id", "created_at", "updated_at"), "is a column of every model"),
    **dict.fromkeys(("metadata", "registry"), "is an attribute of every model"),
    **dict.fromkeys(("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"), "is a system column of PostgreSQL"),
    **dict.fromkeys(("bool", "bytes", "dict", "float", "int", "list", "str"), "is a Python type"),
    **dict.fromkeys(("dt", "func", "get_args", "mapped_column", "relationship", "self"), OURS),
    "l": UNCLEAR,
}
MODELS = {
    **dict.fromkeys(("I", "O"), UNCLEAR),
    **dict.fromkeys(
        ("TYPE_CHECKING", "Any", "BaseModel", "Base", "Decimal", "Iterator", "Literal", "UUID", "Mapped"),
        OURS,
    ),
    **dict.fromkeys(("ARRAY", "Column", "ForeignKey", "Index", "Table", "UniqueConstraint"), OURS),
    **dict.fromkeys((scalar.sql for scalar in TYPES.values()), OURS),
}
MODULES = dict.fromkeys(("base", "import_module", "iter_modules"), OURS)


def name(name: str, reserved: dict[str, str]) -> str | None:
    """Return why a schema, table or column cannot have a name, or None."""
    if name in reserved:
        return reserved[name]
    if iskeyword(name):
        return "is a Python keyword"
    if name.startswith("pg_"):
        return "starts with pg_, which PostgreSQL reserves"
    return None


def model(name: str, module: str) -> str | None:
    """Return why a model cannot have a name, or None."""
    if name.startswith("Test"):
        return "would be collected by pytest"
    if iskeyword(name) or iskeyword(module):
        return "is a Python keyword"
    return MODELS.get(name) or MODULES.get(module)


def free_model(name: str) -> str:
    """Return a name for a model that can have it, like one that cannot: TableEntry for Table."""
    name = name.replace("_", "")
    return f"App{name}" if name.startswith("Test") else f"{name}Entry"
