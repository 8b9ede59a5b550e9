"""The declaration language: one string declares the data model.

    [schema.]Model[(table)]  field:type[(arguments)][[]][?][=default][:flag...] ...  then ; or a line break

docs/declaration.md explains it to users.  This file reads from tokens to names: the words of the
text, the models they declare, the rules that these obey, and every name that follows from them.
Model, migration, seed rows and diagram are written from the dataclasses below, so they cannot
disagree.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import NoReturn

from cookiecutter.exceptions import FailedHookException

from hooks import reserved, scalars
from hooks.scalars import DEFAULTS, OTHER_NAMES, TYPES, Scalar

FLAGS = ("index", "unique")
DELETE_RULES = {"cascade": "CASCADE", "restrict": "RESTRICT", "setnull": "SET NULL"}


# Tokens

QUOTED = r"'(?:[^'\n]|'')*'"
VALUE = rf"(?:{QUOTED}|[A-Za-z0-9_.+-]+)"
TOKEN = re.compile(rf"#[^\n]*|[;\n]|(?:{QUOTED}|\((?:{QUOTED}|[^()'\n;#])*\)|[^\s;#'])+|'")


@dataclass(frozen=True)
class Word:
    """A word of the declaration, or `;` or a line break, and where it stands."""

    text: str
    source: str = field(repr=False)
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
    for match in TOKEN.finditer(source):
        word = Word(match[0], source, match.start())
        if word.text == "'":
            word.fail("this quote is not closed on its line; a quote inside is written ''")
        if hidden := unprintable(word.text):
            word.fail(f"{word.text!r} has U+{ord(hidden):04X}, which cannot be printed: remove it")
        if not word.text.startswith("#"):
            yield word


def unprintable(text: str) -> str:
    """Return a character that cannot be printed; outside of quotes a blank may be any."""
    if text.isprintable() or text.startswith("#"):
        return ""
    kept = "".join([*re.findall(QUOTED, text), *re.sub(QUOTED, "", text).split()])
    return next((character for character in kept if not character.isprintable()), "")


def unquoted(value: str) -> str:
    return value[1:-1].replace("''", "'") if value.startswith("'") else value


# Parse

MODEL = re.compile(r"(?:(?P<schema>\w+)\.)?(?P<name>\w+)(?:\((?P<table>\w+)\))?")
FIELD = re.compile(
    rf"(?P<name>\w+):(?P<type>(?:\w+\.)?\w+)(?P<arguments>\((?:{QUOTED}|[^()'])*\))?(?P<array>\[\])?"
    rf"(?P<null>\?)?(?:=(?P<default>{VALUE}))?(?P<flags>(?::\w+)*)"
)
GROUP = re.compile(r"(?P<flag>\w+)\((?P<names>[^()']*)\)")


@dataclass
class Field:
    """A column; with a target a reference, or as an array of a target a many-to-many link."""

    word: Word
    name: str
    type: str
    arguments: list[str]
    array: bool
    nullable: bool
    default: str | None
    flags: list[str]
    model: "Model" = field(repr=False)
    target: "Model | None" = None

    @property
    def scalar(self) -> Scalar:
        return TYPES["integer" if self.target else self.type]

    @property
    def is_link(self) -> bool:
        return self.array and self.target is not None

    @property
    def column(self) -> str:
        return f"{self.name}_id" if self.target else self.name

    @property
    def names(self) -> set[str]:
        """The attributes that it gives to its model."""
        return {self.name} if self.is_link else {self.name, self.column}

    @property
    def function(self) -> str | None:
        """The function of SQL that a default such as `now` stands for."""
        return None if self.array or self.target else DEFAULTS[self.type].functions.get(self.default or "")

    @property
    def unique(self) -> bool:
        return "unique" in self.flags

    @property
    def index(self) -> bool:
        """Whether it has an index of its own; a unique column has that of its constraint."""
        return not self.unique and ("index" in self.flags or self.target is not None)

    @property
    def delete_rule(self) -> str | None:
        """What PostgreSQL does with the row when the one that it refers to is deleted."""
        return next((DELETE_RULES[flag] for flag in self.flags if flag in DELETE_RULES), None)

    @property
    def other_side(self) -> str:
        """The name of the relationship on the target."""
        if self.target is self.model:
            return "children" if self.name == "parent" else f"{self.name}_of"
        name = self.model.module if self.unique else plural(self.model.module)
        rivals = [f for f in self.model.fields if f.target is self.target]
        return f"{self.name}_{name}" if len(rivals) > 1 else name

    @property
    def link_columns(self) -> dict[str, "Model"]:
        """The columns of the table of a link, and what they refer to."""
        assert self.target is not None
        other = "other_" if self.target is self.model else ""
        return {f"{self.model.module}_id": self.model, f"{other}{self.target.module}_id": self.target}

    @property
    def link_table(self) -> str:
        return f"{self.model.table}_{self.name}"

    @property
    def link_names(self) -> list[str]:
        """The names of the table of a link, of its primary key and of its index."""
        return [
            self.link_table,
            f"pk_{self.link_table}",
            f"ix_{self.link_table}_{list(self.link_columns)[1]}",
        ]

    @property
    def link_keys(self) -> list[str]:
        """The names of its foreign keys."""
        return [f"fk_{self.link_table}_{name}_{model.table}" for name, model in self.link_columns.items()]


@dataclass
class Group:
    """`unique(a,b)` or `index(a,b)`."""

    word: Word
    flag: str
    names: list[str]


@dataclass
class Model:
    """A model with its fields and with the references to it."""

    word: Word
    schema: str
    name: str
    table: str
    fields: list[Field] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    referrers: list[Field] = field(default_factory=list, repr=False)

    @cached_property
    def module(self) -> str:
        return snake(self.name)

    @property
    def key(self) -> str:
        """The table with its schema, as SQLAlchemy writes it."""
        return self.qualified(self.table)

    def qualified(self, table: str) -> str:
        return f"{self.schema}.{table}" if self.schema else table

    @property
    def columns(self) -> list[Field]:
        return [f for f in self.fields if not f.is_link]

    @property
    def references(self) -> list[Field]:
        return [f for f in self.columns if f.target]

    @property
    def links(self) -> list[Field]:
        return [f for f in self.fields if f.is_link]

    def has_column(self, name: str) -> bool:
        return any(f.column == name for f in self.columns)

    def grouped(self, flag: str) -> list[list[str]]:
        """Return the columns of each unique(a,b) or index(a,b)."""
        columns = {f.name: f.column for f in self.columns}
        return [[columns[name] for name in group.names] for group in self.groups if group.flag == flag]

    @property
    def uniques(self) -> list[tuple[str, list[str]]]:
        """The name and the columns of each unique constraint."""
        groups = [[f.column] for f in self.columns if f.unique] + self.grouped("unique")
        return [("_".join(["uq", self.table, *columns]), columns) for columns in groups]

    @property
    def indexes(self) -> list[tuple[str, list[str]]]:
        """The name and the columns of each index."""
        groups = [[f.column] for f in self.columns if f.index] + self.grouped("index")
        return [("_".join(["ix", self.table, *columns]), columns) for columns in groups]

    @property
    def foreign_keys(self) -> list[tuple[str, Field]]:
        """The name of each foreign key, and its reference."""
        return [(f"fk_{self.table}_{f.column}_{f.target.table}", f) for f in self.references if f.target]


def parse(source: str) -> list[Model]:
    """Return the declared models, in the order of the declaration; clashes.check() looks at the whole.

    Raises FailedHookException, with which cookiecutter stops in one line.
    """
    models: dict[str, Model] = {}
    model = None
    for word in list(tokens(source)):  # all are read before the first is judged
        if word.text in ";\n":
            model = None
        elif model is None:
            model = parse_model(word, models)
            models[model.name] = model
        elif group := GROUP.fullmatch(word.text):
            names = re.split(r"\s*,\s*", group["names"].strip())
            model.groups.append(Group(word, group["flag"], names))
        else:
            model.fields.append(parse_field(word, model, models))
    return list(models.values())


def parse_model(word: Word, models: dict[str, Model]) -> Model:
    match = MODEL.fullmatch(word.text)
    if not match:
        word.fail(f"{word.text!r} begins no model: write schema.Model, Model or Model(table)")
    table = match["table"] or plural(snake(match["name"]))
    model = Model(word, match["schema"] or "", match["name"], table)
    check_model(model)
    if model.name in models:
        word.fail(f"model {model.name!r} is declared twice, in whatever schema: rename one")
    return model


def parse_field(word: Word, model: Model, models: dict[str, Model]) -> Field:
    match = FIELD.match(word.text)
    if not match:
        form = {"unique": "unique(a,b)", "index": "index(a,b)"}.get(word.text, "name:type")
        form += ", without a blank" if word.text[0] == ":" or word.text[-1] == ":" else ""
        word.fail(f"{word.text!r} is no field: write {form}")
    rest = word.text[match.end() :]
    if rest.startswith("(") and ")" not in rest:
        word.fail(f"the bracket in {word.text!r} is not closed: ; and # inside go in quotes")
    if rest.startswith('="'):
        word.fail(f"{rest!r} in {word.text!r} has the wrong quotes: write ='...'")
    if rest:
        word.fail(
            f"{rest!r} cannot stand there in {word.text!r}: the order is name:type(arguments)[]?=default:flags,"
            " and what is not made of A-Z a-z 0-9 _ . + - goes in quotes"
        )
    default = unquoted(match["default"]) if match["default"] else None
    marks = (bool(match["array"]), bool(match["null"]), default, match["flags"].split(":")[1:])
    result = Field(word, match["name"], match["type"], [], *marks, model=model)
    if result.type not in TYPES:
        result.target = find_model(result, models)
        result.target.referrers.append(result)
    result.arguments = parse_arguments(result, match["arguments"] or "")
    check_field(result)
    return result


def parse_arguments(this: Field, text: str) -> list[str]:
    """Return the values of `(10,2)` or of `(a|'b c')`."""
    separator = "|" if this.type == "enum" else ","
    if text and not re.fullmatch(rf"\(\s*{VALUE}(\s*[{separator}]\s*{VALUE})*\s*\)", text):
        kind = this.type if this.target else scalars.form(this.type)
        this.word.fail(f"{this.word.text!r} has wrong arguments: write {kind}")
    return [unquoted(value) for value in re.findall(VALUE, text)]


def find_model(reference: Field, models: dict[str, Model]) -> Model:
    schema, _, name = reference.type.rpartition(".")
    found = models.get(name)
    if found and schema in ("", found.schema):
        return found
    lower = reference.type.lower()
    wrong = OTHER_NAMES.get(lower, lower if lower in TYPES else reference.type)
    what = f"{reference.type!r} in {reference.word.text!r}"
    if wrong in TYPES or wrong == lower and "." not in wrong:
        reference.word.fail(f"type {what} is unknown", [*TYPES, *models], wrong)
    declared = [".".join(filter(None, [m.schema, m.name])) for m in models.values()]
    reference.word.fail(f"model {what} must be declared above", [*declared, *models], wrong)


# Check


def check_name(
    word: Word, what: str, name: str, why: dict[str, str], hint: str = "choose another name"
) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or "__" in name:
        word.fail(f"{what} {name!r} must match [a-z][a-z0-9_]*, without __")
    if len(name) > 63:
        word.fail(f"{what} {name!r} has {len(name)} characters, PostgreSQL takes 63: {hint}")
    if reason := reserved.name(name, why):
        word.fail(f"{what} {name!r} {reason}: {hint}")


def check_model(model: Model) -> None:
    word, name = model.word, model.name
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]{,62}", name):
        better = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
        choices = [better] if re.fullmatch("[A-Z][A-Za-z0-9]{,62}", better) else []
        word.fail(f"model {name!r} must match [A-Z][A-Za-z0-9]*, with at most 63 characters", choices)
    if model.schema:
        check_name(word, "schema", model.schema, reserved.SCHEMAS)
    if reason := reserved.model(name, model.module):
        word.fail(f"model {name!r} {reason}: choose another name")
    check_name(word, "table", model.table, reserved.TABLES, f"name the table, as in {name}(name)")


def check_field(this: Field) -> None:
    """Check what can be told of a field as it comes."""
    word, text = this.word, this.word.text
    check_name(word, "field", this.name, reserved.COLUMNS)
    check_name(word, "column", this.column, reserved.COLUMNS)
    for other in this.model.fields:
        if both := sorted(this.names & other.names):
            word.fail(
                f"{text!r} and {other.word.text!r} both make {both[0]!r} in {this.model.name}: rename one"
            )
    known = (*FLAGS, *DELETE_RULES) if this.target else FLAGS
    for flag in this.flags:
        if flag in DELETE_RULES and not this.target:
            word.fail(f"flag {flag!r} belongs to a reference, and {text!r} is none")
        if flag not in known:
            word.fail(f"flag {flag!r} in {text!r} is none of {', '.join(known)}", known, flag)
        if this.flags.count(flag) > 1:
            word.fail(f"flag {flag!r} stands twice in {text!r}: keep one")
    if this.is_link:
        check_link(this)
    elif this.target:
        check_reference(this)
    elif fault := scalars.fault(this.type, this.arguments, this.array, this.default):
        word.fail(f"{text!r} {fault}")


def check_link(this: Field) -> None:
    text = this.word.text
    if this.arguments or this.nullable or this.default is not None or this.flags:
        form = f"{this.name}:{this.type}[]"
        this.word.fail(
            f"{text!r} is many-to-many, which takes no arguments, ?, default or flag: write {form}"
        )
    check_name(this.word, f"the table of {text!r},", this.link_table, reserved.LINK_TABLES)
    for column in this.link_columns:
        check_name(this.word, f"in the table of {text!r}, column", column, {})


def check_reference(this: Field) -> None:
    text = this.word.text
    if this.arguments or this.default is not None:
        this.word.fail(f"{text!r} is a reference, which takes no arguments and no default")
    if len(DELETE_RULES.keys() & set(this.flags)) > 1:
        this.word.fail(f"{text!r} has two delete rules: keep one")
    if this.delete_rule == "SET NULL" and not this.nullable:
        this.word.fail(f"{text!r} sets NULL, so it must be nullable: write {this.type}?")
    if this.target is this.model and not this.nullable:
        this.word.fail(f"{text!r} refers to its own model, so it must be nullable: write {this.type}?")


# Names


def cut(name: str) -> str:
    """Return the name that SQLAlchemy gives a constraint or an index: PostgreSQL takes 63 bytes.

    The rule is that of IdentifierPreparer.truncate_and_render_maxlen_name in SQLAlchemy 2.
    """
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return name if len(name) <= 63 else f"{name[:55]}_{digest[-4:]}"


def snake(name: str) -> str:
    """Return OrderItem as order_item."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def plural(name: str) -> str:
    """Return the plural of an English noun by the rules alone: user, category, box."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(s|x|z|ch|sh)$", name) else "s")
