"""What is wrong, and what to do, for each mistake that is known."""

import re
import sys
import typing
from pathlib import Path

import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from plumbing.explanations import first_line
from plumbing.mistakes.places import Clues, classes, classes_with_table, is_owned, source_files

# Warnings of SQLAlchemy's that are mistakes.
WARNINGS = (
    "Attribute name '.*' should be left reserved",
    "Ignoring declarative-like tuple value",
)

# A pattern for the beginning of a message, and what to say instead of it.  The groups "model",
# "attribute", "table", "column" and "text" also tell where the mistake is: see places.py.
KINDS = [
    # Columns
    (
        r"Could not locate SQLAlchemy Core type .* indicated by '(<class ')?(?P<kind>.+?)('>)?'"
        r" inside the Mapped\[\] annotation for the '(?P<attribute>\w+)' attribute",
        "{kind} has no SQL type of its own. Name one, as in {attribute}: Mapped[{kind}] ="
        " mapped_column({column_type}).",
    ),
    (
        r'Could not resolve all types within mapped annotation: ".*?(?P<text>\w+)\W*"\.',
        "{text} in an annotation is not known. Import it, or correct its name; if it is a model,"
        " add = relationship().",
    ),
    (
        r'Type annotation for "(?P<model>\w+)\.(?P<attribute>\w+)" can\'t be correctly interpreted',
        "The annotation of {attribute} is not a Mapped[...]. Write {attribute}: Mapped[TYPE],"
        " or ClassVar[TYPE] if it is not a column.",
    ),
    (
        r'Python typing annotation is required for attribute "(?P<model>\w+)\.(?P<attribute>\w+)"',
        "{attribute} has no type. Write {attribute}: Mapped[TYPE] = mapped_column().",
    ),
    (
        r"Attribute name '(?P<attribute>\w+)' (is|should be left) reserved",
        "{attribute} is an attribute of SQLAlchemy's. Rename it; the column can keep its name:"
        ' {attribute}_ = mapped_column("{attribute}").',
    ),
    (
        r"Ignoring declarative-like tuple value of attribute '(?P<attribute>\w+)'",
        "A comma at the end makes a tuple of {attribute}. Remove the comma.",
    ),
    (
        r"Argument 'arg' is expected to be .*TextClause.* got '<class '(?P<kind>\w+)'>'",
        "server_default is SQL, not {kind}. Write it as text, as in"
        ' server_default="0" or server_default=text("false").',
    ),
    (
        r"Additional arguments should be named <dialectname>_<argument>, got '(?P<text>\w+)'",
        "There is no argument {text} here. Correct its name; a length belongs to the type, as in"
        " String(80).",
    ),
    (
        r"'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got (?P<got>.*)",
        "{got} is not a constraint, an index or a type. In __table_args__, the dict of options comes last.",
    ),
    (
        r"object of type '_(Literal|Unpack)GenericAlias' has no len",
        "Enum(...) takes the values of the type, not the type. Write Enum(*get_args(TYPE), ...).",
    ),
    (
        r"Enum of '(?P<table>.+)\.(?P<column>.+?)' has values that are not strings",
        "The values of {column} are not strings. If a * is missing, write Enum(*get_args(TYPE), ...).",
    ),
    (
        r"When provided, length must be larger or equal than the length of the longest enum value"
        r"\. (?P<length>\d+) < (?P<longest>\d+)",
        "A value of this Enum has {longest} characters, more than its length={length}. Increase that.",
    ),
    # Tables
    (
        r"Class <class '.*?(?P<model>\w+)'> does not have a __table__ or __tablename__",
        "{model} has no __tablename__. Add one, or __abstract__ = True if it is a base class.",
    ),
    (
        r"Mapper Mapper\[(?P<model>\w+)\(.*could not assemble any primary key columns",
        "{model} has no primary key. Derive it from BaseModel, or give a column primary_key=True.",
    ),
    (
        r"Table '((?P<schema>.+)\.)?(?P<table>.+?)' is already defined",
        "{twice}",
    ),
    (
        r"(?P<attribute>__table_args__) value must be a tuple",
        "__table_args__ is not a tuple. Write a comma after a single element:"
        ' (UniqueConstraint("a", "b"),).',
    ),
    (
        r"'(?P<kind>\w*(Constraint|Index))' object is not callable",
        "A comma is missing after {kind}(...).",
    ),
    (
        r"Can't create (?P<kind>\w+) on table '(?P<table>.+?)': no column named '(?P<text>.+?)'",
        "{table} has no column {text} for this {kind}. Name a column, not a relationship.",
    ),
    (
        r"Can't determine the inherit condition between inherited table '(?P<parent>.+?)'"
        r" and inheriting table '(?P<table>.+?)'",
        "{table} has no foreign key to {parent}, whose model it inherits. Add one, as in"
        ' id: Mapped[int] = mapped_column(ForeignKey("{parent}.id"), primary_key=True).',
    ),
    # Foreign keys
    (
        r"Foreign key associated with column '(.+\.)?(?P<table>.+)\.(?P<column>.+?)' could not find"
        r" table '(?P<other>.+?)'",
        "{column} refers to a table {other}, which no model has. Name the table, with its schema"
        ' if it has one, as in ForeignKey("shop.products.id").',
    ),
    (
        r"Could not initialize target column for ForeignKey '(?P<text>.+?)' on table '.+?':"
        r" table '(?P<other>.+?)' has no column named '(?P<missing>.+?)'",
        "{other} has no column {missing}. Correct the name in the foreign key.",
    ),
    # Relationships
    (
        r"When initializing mapper Mapper\[(?P<model>\w+)\(.*\)\], expression '(?P<text>.+?)'"
        r" failed to locate a name",
        "There is no model or table {text}. Correct the name, or add a model below app/models/.",
    ),
    (
        r"Could not determine join condition .* on relationship (?P<model>\w+)\.(?P<attribute>\w+)"
        r" - there are no foreign keys",
        "{model}.{attribute} has no foreign key to follow. Add one to either model, as in"
        ' mapped_column(ForeignKey("users.id")).',
    ),
    (
        r"Could not determine join condition .* on relationship (?P<model>\w+)\.(?P<attribute>\w+)"
        r" - there are multiple foreign key paths",
        "{model}.{attribute} can follow several foreign keys. Choose one:"
        ' relationship(foreign_keys="MODEL.COLUMN").',
    ),
    (
        r"Mapper 'Mapper\[(?P<other>\w+)\(.*\)\]' has no property '(?P<text>\w+)'",
        "{other} has no relationship {text}, which back_populates names. Add it to {other}, or"
        " correct the name.",
    ),
    (
        r"reverse_property '(?P<text>\w+)' on relationship (?P<model>\w+)\.(?P<attribute>\w+)"
        r" references relationship (?P<other>[\w.]+), which does not",
        "{other} leads to another model than {model}, but {model}.{attribute} names it in"
        " back_populates. Name the other side of this relationship.",
    ),
    (
        r"Error creating backref '(?P<text>\w+)' on relationship '(?P<model>\w+)\.(?P<attribute>\w+)':"
        r" property of that name exists on mapper 'Mapper\[(?P<other>\w+)\(",
        "{other} has an attribute {text} already. Choose another name for the backref.",
    ),
    (
        r"(?P<model>\w+)\.(?P<attribute>\w+) and back-reference (?P<other>[\w.]+) are both of the same",
        "{model}.{attribute} and {other} have the same direction. On the one that leads to a single"
        ' row, write relationship(remote_side="{model}.id").',
    ),
    (
        r'Multiple classes found for path "(?P<text>\w+)"',
        "Several models are called {text}. Name the module too, as in"
        ' relationship("app.models.user.User").',
    ),
    (
        r"For many-to-(one|many) relationship (?P<model>\w+)\.(?P<attribute>\w+), delete-orphan",
        "delete-orphan belongs on the other side of {model}.{attribute}: the one with the list.",
    ),
    # Flask
    (
        r"View function mapping is overwriting an existing endpoint function: ([\w.]+\.)?(?P<name>\w+)",
        "Two views are called {name}. Rename one of the functions.",
    ),
    # Python
    (r"name '(?P<name>\w+)' is not defined", "{name} is not defined. {import_it}"),
    (
        r"cannot import name '(?P<name>\w+)' from partially initialized module '(?P<module>[\w.]+)'",
        "{module} and this file import each other. Move this import below if TYPE_CHECKING: and"
        ' write "{name}" in quotes, or import it inside a function.',
    ),
    (
        r"partially initialized module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'",
        "{module} and this file import each other. Import {module} inside the function that uses it.",
    ),
    (
        r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)' \(unknown location\)",
        "The folder {module} has no __init__.py. Create an empty one.",
    ),
    (
        r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'",
        "{module} has no {name}. Correct the name, or define it there.",
    ),
    (r"No module named '(?P<module>[\w.]+)'", "There is no module {module}. {get_it}"),
]


def describe(error: Exception) -> tuple[str, Clues]:
    """Return what is wrong and what to do, with the names in the message."""
    message = message_of(error)
    for pattern, text in KINDS:
        found = re.match(pattern, message)
        if found:
            clues = {key: value for key, value in found.groupdict().items() if value}
            return text.format_map(clues | additions(clues)), clues
    if isinstance(error, SQLAlchemyError | SAWarning):
        return message, {}
    return f"{type(error).__name__}: {message}", {}


def message_of(error: Exception) -> str:
    """Return the first line of a message; what SQLAlchemy says of a later failure is the first one."""
    if isinstance(error, SyntaxError):
        return error.msg
    line = first_line(error).partition(" (Background on this ")[0]
    return re.sub(r"^One or more mappers failed .* Original exception was: ", "", line)


def additions(clues: Clues) -> dict[str, str]:
    """Return the words in the texts above that are not in the messages."""
    return {
        "column_type": column_type(clues.get("kind", "")),
        "got": re.sub(r"<(\w+\.)*(\w+) object at \w+>", r"A \2", clues.get("got", "")),
        "twice": twice(clues.get("table", "")),
        "import_it": import_it(clues.get("name", "")),
        "get_it": get_it(clues.get("module", "")),
    }


def column_type(annotation: str) -> str:
    """Return a type of SQLAlchemy's that suits an annotation."""
    kind = annotation.partition("[")[0]
    return {"dict": "JSONB", "list": "ARRAY(TYPE)"}.get(kind, "TYPE")


def twice(table: str) -> str:
    """Return what to do about a table that is defined twice."""
    places = [str(place) for place in classes_with_table(table)]
    if len(places) == 1:
        return f"The model of the table {table} is loaded twice. Import it by one name only."
    names = f": {', '.join(places)}" if places else ""
    return f"Several models have the table {table}{names}. Give each a __tablename__ of its own."


def import_it(name: str) -> str:
    """Return how to import a name."""
    if name in sys.stdlib_module_names:
        return f"Add: import {name}"
    for module in (sqlalchemy, orm, postgresql, typing):
        if hasattr(module, name):
            return f"Add: from {module.__name__} import {name}"
    if any(model.name == name for file in source_files() for model in classes(file)):
        return f'Import it, or write it in quotes, as in Mapped["{name}"].'
    return "Import it, or correct its name."


def get_it(module: str) -> str:
    """Return what to do about a module that is missing: one of the application's, or a package."""
    package = sys.modules.get(module.partition(".")[0])
    if package and package.__file__ and is_owned(Path(package.__file__)):
        return "Correct its name, or create it."
    return "Install its package, or activate the virtual environment: . .venv/bin/activate"
