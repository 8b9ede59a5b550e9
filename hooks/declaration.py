"""The declaration language: one string declares the data model.

    [schema.]Model[(table)]  field:type[(arguments)][?][:flag...] ...    then ; or a line break

This file reads from tokens to names: the words of the text, the models they declare, the rules
that these obey, and every name that follows from them.  hooks/code.py writes model and migration
from the dataclasses below, so that the two cannot disagree.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from keyword import iskeyword
from typing import NoReturn

from cookiecutter.exceptions import FailedHookException


@dataclass(frozen=True)
class Scalar:
    """What a type is in a model (`python`, `sql`) and in a migration (`sql`, `fixed`)."""

    python: str
    sql: str
    arguments: tuple[str, ...] = ()
    """The names under which Alembic prints the arguments."""
    fixed: tuple[str, ...] = ()
    """Arguments that are always given."""
    imports: str = ""


TYPES = {
    "string": Scalar("str", "String", ("length",)),
    "text": Scalar("str", "Text"),
    "smallint": Scalar("int", "SmallInteger"),
    "integer": Scalar("int", "Integer"),
    "bigint": Scalar("int", "BigInteger"),
    "float": Scalar("float", "Double"),
    "numeric": Scalar("Decimal", "Numeric", ("precision", "scale"), imports="from decimal import Decimal"),
    "boolean": Scalar("bool", "Boolean"),
    "date": Scalar("dt.date", "Date", imports="import datetime as dt"),
    "time": Scalar("dt.time", "Time", imports="import datetime as dt"),
    "datetime": Scalar("dt.datetime", "DateTime", fixed=("timezone=True",), imports="import datetime as dt"),
    "interval": Scalar("dt.timedelta", "Interval", imports="import datetime as dt"),
    "uuid": Scalar("UUID", "Uuid", imports="from uuid import UUID"),
    "bytes": Scalar("bytes", "LargeBinary"),
}
OTHER_NAMES = {
    **{"int": "integer", "str": "string", "varchar": "string", "char": "string", "bool": "boolean"},
    **{"decimal": "numeric", "double": "float", "timestamp": "datetime", "blob": "bytes"},
}
FLAGS = ("index", "unique")
DELETE_RULES = {"cascade": "CASCADE", "restrict": "RESTRICT", "setnull": "SET NULL"}

# Names that the generated files use themselves.
RESERVED_SCHEMAS = {"public", "information_schema"}
RESERVED_TABLES = {"alembic_version"}
RESERVED_COLUMNS = {
    *("id", "created_at", "updated_at", "metadata", "registry", "self"),
    *("dt", "mapped_column", "relationship"),
    *("bool", "bytes", "dict", "float", "int", "list", "str"),
    *("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"),
}
RESERVED_MODELS = {
    *("TYPE_CHECKING", "BaseModel", "Base", "ForeignKey", "Mapped", "Decimal", "UUID"),
    *(scalar.sql for scalar in TYPES.values()),
}
RESERVED_MODULES = {"base", "import_module", "iter_modules"}


# Tokens


@dataclass(frozen=True)
class Word:
    """A word of the declaration, or `;` or a line break, and where it stands."""

    text: str
    source: str
    offset: int

    def fail(self, message: str, choices: Iterable[str] = (), wrong: str = "") -> NoReturn:
        """Stop with one line: place, fault, and the nearest right word."""
        before = self.source[: self.offset]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        near = get_close_matches(wrong or self.text, choices, 1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise FailedHookException(f"models:{line}:{column}: {message}{hint}")


def tokens(source: str) -> Iterator[Word]:
    """Yield the words of a declaration; comments and blanks are left out."""
    for match in re.finditer(r"#[^\n]*|[;\n]|(?:\([^()\n;#]*\)|[^\s;#])+", source):
        if not match[0].startswith("#"):
            yield Word(match[0], source, match.start())


# Parse

MODEL = re.compile(r"(?:(?P<schema>\w+)\.)?(?P<name>\w+)(?:\((?P<table>\w+)\))?", re.ASCII)
FIELD = re.compile(
    r"(?P<name>\w+):(?P<type>[\w.]+)(?:\((?P<arguments>[^()]*)\))?(?P<null>\?)?(?P<flags>(?::\w+)*)",
    re.ASCII,
)


@dataclass
class Field:
    """A column, or with a target the reference to another model."""

    word: Word
    name: str
    type: str
    arguments: list[str]
    nullable: bool
    flags: list[str]
    model: "Model" = field(repr=False)
    target: "Model | None" = None

    @property
    def scalar(self) -> Scalar:
        return TYPES["integer" if self.target else self.type]

    @property
    def column(self) -> str:
        return f"{self.name}_id" if self.target else self.name

    @property
    def unique(self) -> bool:
        return "unique" in self.flags

    @property
    def index(self) -> bool:
        """Whether it has an index of its own; a unique column has its constraint's."""
        return not self.unique and ("index" in self.flags or self.target is not None)

    @property
    def delete_rule(self) -> str | None:
        """What PostgreSQL does with the row when the one that it refers to is deleted."""
        return next((DELETE_RULES[flag] for flag in self.flags if flag in DELETE_RULES), None)

    @property
    def rivals(self) -> list["Field"]:
        """The references of this model to the same target, itself included."""
        return [f for f in self.model.references if f.target is self.target]

    @property
    def other_side(self) -> str:
        """The name of the relationship on the target."""
        if self.target is self.model:
            return "children" if self.name == "parent" else f"{self.name}_of"
        name = snake(self.model.name) if self.unique else plural(snake(self.model.name))
        return f"{self.name}_{name}" if len(self.rivals) > 1 else name


@dataclass
class Model:
    """A model with its fields and with the references to it."""

    word: Word
    schema: str
    name: str
    table: str
    fields: list[Field] = field(default_factory=list)
    referrers: list[Field] = field(default_factory=list)

    @property
    def references(self) -> list[Field]:
        return [f for f in self.fields if f.target]

    def has_column(self, name: str) -> bool:
        return any(f.column == name for f in self.fields)

    @property
    def targets(self) -> list["Model"]:
        return [f.target for f in self.fields if f.target]

    @property
    def module(self) -> str:
        return snake(self.name)

    @property
    def key(self) -> str:
        """The table with its schema, as SQLAlchemy writes it."""
        return f"{self.schema}.{self.table}" if self.schema else self.table


@cache
def parse(source: str) -> list[Model]:
    """Return the declared models, in the order of the declaration.

    Raises FailedHookException, with which cookiecutter stops in one line.
    """
    models: dict[str, Model] = {}
    model = None
    for word in tokens(source):
        if word.text in ";\n":
            model = None
        elif model is None:
            model = parse_model(word, models)
            models[model.name] = model
        else:
            model.fields.append(parse_field(word, model, models))
    check(list(models.values()))
    return list(models.values())


def parse_model(word: Word, models: dict[str, Model]) -> Model:
    match = MODEL.fullmatch(word.text)
    if not match:
        word.fail(f"{word.text!r} begins no model: write schema.Model, Model or Model(table)")
    table = match["table"] or plural(snake(match["name"]))
    model = Model(word, match["schema"] or "", match["name"], table)
    check_model(model)
    if model.name in models:
        word.fail(f"model {model.name!r} is declared twice")
    return model


def parse_field(word: Word, model: Model, models: dict[str, Model]) -> Field:
    match = FIELD.fullmatch(word.text)
    if not match:
        word.fail(f"{word.text!r} is no field: write name:type, name:type? or name:type?:flag")
    arguments = [part.strip() for part in (match["arguments"] or "").split(",") if part]
    flags = match["flags"].split(":")[1:]
    names = (match["name"], match["type"], arguments, bool(match["null"]), flags)
    result = Field(word, *names, model=model)
    if result.type not in TYPES:
        result.target = find_model(result, models)
        result.target.referrers.append(result)
    check_field(result)
    return result


def find_model(reference: Field, models: dict[str, Model]) -> Model:
    schema, _, name = reference.type.rpartition(".")
    found = models.get(name)
    if found and schema in ("", found.schema):
        return found
    declared = [".".join(filter(None, [m.schema, m.name])) for m in models.values()]
    is_model = "." in reference.type or reference.type[:1].isupper()
    fault = "is not declared above" if is_model else "is unknown"
    what = "model" if is_model else "type"
    message = f"{what} {reference.type!r} in {reference.word.text!r} {fault}"
    wrong = OTHER_NAMES.get(reference.type.lower(), reference.type)
    reference.word.fail(message, [*TYPES, *declared, *models], wrong)


# Check


def check_name(word: Word, what: str, name: str, reserved: Iterable[str]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or "__" in name:
        word.fail(f"{what} {name!r} must match [a-z][a-z0-9_]*, without __")
    if len(name) > 63:
        word.fail(f"{what} {name!r} has {len(name)} characters, PostgreSQL takes 63")
    if name in reserved or iskeyword(name) or name.startswith("pg_"):
        word.fail(f"{what} {name!r} is reserved")


def check_model(model: Model) -> None:
    word, name = model.word, model.name
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        word.fail(f"model {name!r} must match [A-Z][A-Za-z0-9]*")
    if model.schema:
        check_name(word, "schema", model.schema, RESERVED_SCHEMAS)
    reserved = name in RESERVED_MODELS or model.module in RESERVED_MODULES or iskeyword(name)
    if reserved or iskeyword(model.module) or name.startswith("Test"):
        word.fail(f"model {name!r} is reserved")
    check_name(word, f"table of {name}", model.table, RESERVED_TABLES)


def check_field(this: Field) -> None:
    word, rest = this.word, [f for f in this.model.fields if f is not this]
    check_name(word, "field", this.name, RESERVED_COLUMNS)
    check_name(word, "column", this.column, RESERVED_COLUMNS)
    if {this.name, this.column} & {name for f in rest for name in (f.name, f.column)}:
        word.fail(f"field {this.name!r} is declared twice in {this.model.name}")
    known = {*FLAGS, *DELETE_RULES} if this.target else FLAGS
    for flag in this.flags:
        if flag not in known or this.flags.count(flag) > 1:
            word.fail(f"flag {flag!r} in {word.text!r} is unknown or repeated", known, flag)
    if len(DELETE_RULES.keys() & set(this.flags)) > 1:
        word.fail(f"{word.text!r} has two delete rules: keep one")
    if this.delete_rule == "SET NULL" and not this.nullable:
        word.fail(f"{word.text!r} sets NULL, so it must be nullable: add ?")
    allowed = () if this.target else this.scalar.arguments
    numbers = [int(a) for a in this.arguments if re.fullmatch(r"[1-9]\d{0,7}|0", a, re.ASCII)]
    if len(numbers) != len(this.arguments) or len(numbers) > len(allowed):
        form = f"{this.type}({', '.join(allowed)})" if allowed else this.type
        word.fail(f"wrong arguments in {word.text!r}: write {form}, with whole numbers")
    if this.type == "string" and numbers and not 1 <= numbers[0] <= 10485760:
        word.fail(f"wrong length in {word.text!r}: PostgreSQL takes 1 to 10485760")
    if this.type == "numeric" and numbers and not max([1, *numbers[1:]]) <= numbers[0] <= 1000:
        word.fail(f"wrong digits in {word.text!r}: at most 1000, and no more after the point than in all")
    if this.target is this.model and not this.nullable:
        word.fail(f"{word.text!r} refers to its own model, so it must be nullable: add ?")


def check(models: list[Model]) -> None:
    """Check what can be told only of the whole: names that meet in a table or a model."""
    places: dict[str, Model] = {}
    for model in models:
        for place in (f"table {model.key}", f"file {model.module}.py"):
            if place in places:
                model.word.fail(f"{model.name} and {places[place].name} share the {place}")
            places[place] = model
    for model in models:
        taken = {name for f in model.fields for name in (f.name, f.column)}
        for reference in model.referrers:
            side = reference.other_side
            if side in taken or side in RESERVED_COLUMNS or iskeyword(side):
                reference.word.fail(
                    f"the other side of {reference.word.text!r} would be {model.name}.{side},"
                    " which is taken: rename the field"
                )
            taken.add(side)


# Names


def snake(name: str) -> str:
    """Return OrderItem as order_item."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def plural(name: str) -> str:
    """Return the plural of an English noun by the rules alone: user, category, box."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(s|x|z|ch|sh)$", name) else "s")
