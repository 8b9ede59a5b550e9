"""Names that the declaration accepts, for those that a database has.

The rules are those of the template's language; a test of the template compares the two.
"""

import re
import unicodedata
from keyword import iskeyword

from plumbing.nouns import plural, singular

LONGEST = 63  # bytes, in PostgreSQL
NAME = re.compile(r"[a-z][a-z0-9_]*")
CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]{,62}")
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

SCHEMAS = frozenset({"information_schema", "public"})
TABLES = frozenset({"alembic_version", "alembic_version_pkc"})
TIMES = ("created_at", "updated_at")
BASE_COLUMNS = ("id", *TIMES)
COLUMNS = frozenset(
    {
        *BASE_COLUMNS,
        *("metadata", "registry"),
        *("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"),
        *("bool", "bytes", "dict", "float", "int", "list", "str"),
        *("dt", "func", "get_args", "mapped_column", "relationship", "self"),
        "l",
    }
)
CLASSES = frozenset(
    {
        *("I", "O"),
        *("TYPE_CHECKING", "Any", "BaseModel", "Base", "Decimal", "Iterator", "UUID", "Mapped"),
        *("ARRAY", "Column", "ForeignKey", "Index", "Table", "UniqueConstraint"),
        *("Identity", "Literal"),
        *("BigInteger", "Boolean", "Date", "DateTime", "Double", "Enum", "Integer", "Interval"),
        *("JSONB", "LargeBinary", "Numeric", "SmallInteger", "String", "Text", "Time", "Uuid"),
    }
)
MODULES = frozenset({"base", "import_module", "iter_modules"})
PREPOSITIONS = ("of", "to", "by", "for", "from", "in", "on", "with", "at")


def is_name(name: str, reserved: frozenset[str] = frozenset()) -> bool:
    """Return whether the declaration accepts the name of a schema, a table or a field."""
    if not NAME.fullmatch(name) or "__" in name or len(name) > LONGEST:
        return False
    return not is_reserved(name, reserved)


def is_reserved(name: str, reserved: frozenset[str]) -> bool:
    """Return whether a name is refused wherever it is used, even where nobody has chosen it."""
    return name in reserved or iskeyword(name) or name.startswith("pg_")


def as_name(name: str, what: str = "field") -> str:
    """Return a name in the form of the declaration: unitPrice becomes unit_price."""
    if is_name(name):
        return name
    plain = unicodedata.normalize("NFKD", in_snake_case(name)).encode("ascii", "ignore").decode()
    result = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not result or not result[0].isalpha():
        result = f"{what}_{result}".rstrip("_")
    if result.startswith("pg_"):
        result = f"{what}_{result}"
    return result[:LONGEST].rstrip("_")


def in_snake_case(name: str) -> str:
    """Return unitPrice as unit_price, and a name without capital letters as it is."""
    return CAPITAL.sub("_", name).lower()


def snake(name: str) -> str:
    """Return OrderItem as order_item, the name of its file."""
    return in_snake_case(name)


def class_name(table: str) -> str:
    """Return the name of a table's model: order_items gives OrderItem."""
    words = singular(as_name(table, "table")).split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)


def is_class_name(name: str) -> bool:
    """Return whether the declaration accepts the name of a model."""
    module = snake(name)
    if not CLASS_NAME.fullmatch(name) or name.startswith("Test"):
        return False
    return not (name in CLASSES or module in MODULES or iskeyword(name) or iskeyword(module))


def accepted_class_name(table: str, schema: str, taken: set[str]) -> str:
    """Return the name of a table's model that the declaration accepts and no other model has.

    `taken` has the names of the files of the others.
    """
    name = class_name(table)[: LONGEST - 4]
    prefix = "".join(word.capitalize() for word in schema.split("_"))
    others = [f"{prefix}{name}", f"{name}Item"] if is_class_name(name) else [f"{name}Item"]
    others += [f"App{name}", *(f"App{name}{number}" for number in range(2, 1000))]
    for candidate in [name, *others]:
        if is_class_name(candidate) and snake(candidate) not in taken:
            return candidate
    raise AssertionError(f"no name for {table}")


def default_table(class_name: str) -> str:
    """Return the table that a model has unless it names one."""
    return plural(snake(class_name))


def joined(first: str, second: str, overlap: str) -> str:
    """Return two names as one; words that end the first and begin the second appear once."""
    words = first.split("_")
    others = overlap.split("_")
    for count in range(min(len(words), len(others) - 1), 0, -1):
        if words[-count:] == others[:count]:
            return "_".join([*words[:-count], second])
    return f"{first}_{second}"
