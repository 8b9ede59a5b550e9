"""The names that cannot be declared, each with its reason."""

from keyword import iskeyword

from generator.scalars import TYPES

OURS = "is used in the generated files"
UNCLEAR = "looks like a digit, which ruff refuses"

SCHEMAS = dict.fromkeys(("public", "information_schema"), "is PostgreSQL's own")
TABLES = dict.fromkeys(("alembic_version", "alembic_version_pkc"), "is Alembic's own")
LINK_TABLES = TABLES | {"mapped_column": OURS}
COLUMNS = {
    **dict.fromkeys(("id", "created_at", "updated_at"), "is a column of every model"),
    **dict.fromkeys(("metadata", "registry"), "is an attribute of every model"),
    **dict.fromkeys(("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"), "is a system column of PostgreSQL"),
    **dict.fromkeys(("bool", "bytes", "dict", "float", "int", "list", "str"), "is a type of Python"),
    **dict.fromkeys(("dt", "func", "mapped_column", "relationship", "self"), OURS),
    "l": UNCLEAR,
}
MODELS = {
    **dict.fromkeys(("I", "O"), UNCLEAR),
    **dict.fromkeys(
        ("TYPE_CHECKING", "Any", "BaseModel", "Base", "Decimal", "Iterator", "UUID", "Mapped"), OURS
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
        return "is a keyword of Python"
    if name.startswith("pg_"):
        return "begins like the names of PostgreSQL"
    return None


def model(name: str, module: str) -> str | None:
    """Return why a model cannot have a name, or None."""
    if name.startswith("Test"):
        return "would be collected by pytest"
    if iskeyword(name) or iskeyword(module):
        return "is a keyword of Python"
    return MODELS.get(name) or MODULES.get(module)
