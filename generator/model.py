"""The declared models, and every name that follows from a declaration.

The models, the first migration, the seed rows and the diagram are all written from these classes,
so they cannot disagree.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from generator.nouns import plural
from generator.scalars import DEFAULTS, TYPES, Scalar
from generator.word import Word

FLAGS = ("index", "unique")
DELETE_RULES = {
    "cascade": "CASCADE",
    "restrict": "RESTRICT",
    "setnull": "SET NULL",
}
ENUM_LENGTH = 32
"""The least length of an enum's column, so that longer values can be added later."""
NAME_LENGTH = 63
"""The longest name that PostgreSQL takes."""
BASE_COLUMNS = ("id", "created_at", "updated_at")
"""The columns of every model, which a group may name too."""
GIN_TYPES = ("json",)
"""Types that a B-tree cannot search, as it cannot search arrays."""
PREPOSITIONS = ("at", "by", "for", "from", "in", "of", "on", "to", "with")


@dataclass
class Field:
    """A column, a reference to another model, or a many-to-many link.

    With a target it is a reference, and with a target and `array` it is a link.  A model's key is a field too.
    """

    word: Word
    model: "Model" = field(repr=False)
    name: str
    type: str
    target: "Model | None"
    arguments: list[str]
    array: bool
    nullable: bool
    default: str | None
    flags: list[str]
    given_other_side: str | None = None
    closes_circle: bool = False
    """Whether the reference completes a circle of models, so that both tables must exist before it."""

    @property
    def stored(self) -> "Field":
        """The field that says which type the column has: of a reference, the key of its target."""
        return self.target.id if self.target else self

    @property
    def scalar(self) -> Scalar:
        """The type of the column."""
        return TYPES[self.stored.type]

    @property
    def is_link(self) -> bool:
        return self.array and self.target is not None

    @property
    def column(self) -> str:
        return f"{self.name}_id" if self.target else self.name

    @property
    def attributes(self) -> set[str]:
        """The attributes that the field adds to its model."""
        if self.is_link:
            return {self.name}
        return {self.name, self.column}

    @property
    def function(self) -> str | None:
        """The SQL function that a default such as `now` stands for."""
        if self.array or self.target or self.default is None:
            return None
        return DEFAULTS[self.type].functions.get(self.default)

    @property
    def unique(self) -> bool:
        return "unique" in self.flags

    @property
    def index(self) -> bool:
        """Whether the column needs an index of its own.

        A unique constraint brings one.  For a foreign key, an index that begins with its column will do.
        """
        if self.unique:
            return False
        if "index" in self.flags:
            return True
        return self.target is not None and not self.model.has_group_on(self.name)

    @property
    def is_numbered(self) -> bool:
        """Whether PostgreSQL counts the values of this key."""
        return self.type in ("integer", "bigint")

    @property
    def is_identity(self) -> bool:
        """Whether the column is a key that PostgreSQL numbers as the SQL standard says."""
        return self.name == "id" and self.target is None and self.type == "bigint"

    @property
    def index_method(self) -> str:
        """The method of the column's index, if it is not a B-tree."""
        return "gin" if self.array or self.type in GIN_TYPES else ""

    @property
    def enum_length(self) -> int:
        """The length of an enum's column."""
        return max(ENUM_LENGTH, self.longest_value)

    @property
    def longest_value(self) -> int:
        """The length of an enum's longest value."""
        return max(len(value) for value in self.arguments)

    @property
    def delete_rule(self) -> str | None:
        """The ON DELETE action of a reference."""
        for flag in self.flags:
            if flag in DELETE_RULES:
                return DELETE_RULES[flag]
        return None

    @property
    def other_side(self) -> str:
        """The name of the relationship on the target."""
        if self.given_other_side:
            return self.given_other_side
        if self.target is self.model:
            return self.other_side_of_itself
        name = self.model.module if self.unique else self.model.plural
        rivals = [other for other in self.model.fields if other.target is self.target]
        is_only_one = len(rivals) == 1 and not self.closes_circle
        if is_only_one or self.is_namesake:
            return name
        return joined(self.name, name, overlap=self.model.module)

    @property
    def is_namesake(self) -> bool:
        """Whether the field has the name of its target, as in `user:User`."""
        return self.target is not None and self.name in (self.target.module, self.target.plural)

    @property
    def other_side_of_itself(self) -> str:
        """The name of the other side of a reference to the own model."""
        name = self.model.module if self.unique else self.model.plural
        if self.name == "parent":
            return "children"
        if self.name == f"parent_{self.model.module}":
            return f"child_{name}"
        if self.name.split("_")[-1] in PREPOSITIONS:
            return f"{self.name}_{name}"
        return f"{self.name}_of"

    @property
    def link_table(self) -> str:
        """The name of the association table of a link."""
        return f"{self.model.table}_{self.name}"

    @property
    def link_columns(self) -> dict[str, "Model"]:
        """The columns of the association table, and the models that they refer to."""
        assert self.target is not None
        prefix = "other_" if self.target is self.model else ""
        return {
            f"{self.model.module}_id": self.model,
            f"{prefix}{self.target.module}_id": self.target,
        }

    @property
    def link_primary_key(self) -> str:
        """The name of the primary key of the association table."""
        return f"pk_{self.link_table}"

    @property
    def link_index(self) -> str:
        """The name of the index on the second column of the association table."""
        _, second = self.link_columns
        return f"ix_{self.link_table}_{second}"

    @property
    def link_foreign_keys(self) -> list[str]:
        """The names of the foreign keys of the association table."""
        return [
            f"fk_{self.link_table}_{column}_{target.table}" for column, target in self.link_columns.items()
        ]


@dataclass
class Group:
    """`unique(a,b)` or `index(a,b)`: a constraint or an index on several columns."""

    word: Word
    flag: str
    names: list[str]


@dataclass(frozen=True)
class Index:
    """An index: its name, its columns, and its method if it is not a B-tree."""

    name: str
    columns: list[str]
    method: str = ""

    @property
    def using(self) -> str:
        """The argument of a migration that names the method."""
        return f", postgresql_using='{self.method}'" if self.method else ""


@dataclass
class Model:
    """A model with its fields, and the fields of all models that refer to it."""

    word: Word
    schema: str
    name: str
    table: str
    given_table: bool = False
    fields: list[Field] = field(default_factory=list)
    columns: list[Field] = field(default_factory=list, repr=False)
    references: list[Field] = field(default_factory=list, repr=False)
    links: list[Field] = field(default_factory=list, repr=False)
    groups: list[Group] = field(default_factory=list)
    referrers: list[Field] = field(default_factory=list, repr=False)
    id: Field = field(init=False, repr=False)
    has_own_id: bool = False
    """Whether the model declares its key, instead of inheriting that of all models."""
    broken: set[str] = field(default_factory=set, repr=False)
    """The names of fields with mistakes, so that a group that names one is not one more."""

    @cached_property
    def module(self) -> str:
        """The name of the model's file, without `.py`."""
        return snake(self.name)

    @cached_property
    def plural(self) -> str:
        """Several rows, in the names of attributes: the table's name, if that is a plural of the model's."""
        singulars = (self.module, self.module.replace("_", ""))
        is_plural = self.table[0] == self.module[0] and self.table not in singulars
        return self.table if self.given_table and is_plural else plural(self.module)

    @property
    def key(self) -> str:
        """The table with its schema, as SQLAlchemy writes it."""
        return self.qualified(self.table)

    @property
    def full_name(self) -> str:
        """The model as it is declared, with its schema."""
        return self.qualified(self.name)

    def qualified(self, name: str) -> str:
        """Return the name of something in this model's schema, with the schema."""
        return f"{self.schema}.{name}" if self.schema else name

    def add(self, field: Field) -> None:
        """Add a field to each list that it belongs in."""
        self.fields.append(field)
        if field.is_link:
            self.links.append(field)
        else:
            self.columns.append(field)
            if field.target:
                self.references.append(field)

    def has_column(self, name: str) -> bool:
        return any(field.column == name for field in self.columns)

    @property
    def uniques(self) -> list[tuple[str, list[str]]]:
        """The name and the columns of each unique constraint."""
        single = [[field.column] for field in self.columns if field.unique]
        return [(self.constraint_name("uq", columns), columns) for columns in single + self.grouped("unique")]

    @property
    def indexes(self) -> list[Index]:
        """The indexes, but for those of constraints: first those of single columns."""
        single = [([field.column], field.index_method) for field in self.columns if field.index]
        groups = [(columns, "") for columns in self.grouped("index")]
        return [
            Index(self.constraint_name("ix", columns), columns, method) for columns, method in single + groups
        ]

    def grouped(self, flag: str) -> list[list[str]]:
        """Return the columns of each `unique(a,b)` or of each `index(a,b)`."""
        groups = [group for group in self.groups if group.flag == flag]
        if not groups:
            return []
        columns = {name: name for name in BASE_COLUMNS} | {field.name: field.column for field in self.columns}
        return [[columns[name] for name in group.names] for group in groups]

    def has_group_on(self, name: str) -> bool:
        """Return whether a group begins with a field, so that its index finds the rows of one value."""
        return any(group.names[0] == name for group in self.groups)

    def constraint_name(self, prefix: str, columns: list[str]) -> str:
        return "_".join([prefix, self.table, *columns])

    @property
    def primary_key(self) -> str:
        """The name of the primary key."""
        return f"pk_{self.table}"

    @property
    def foreign_keys(self) -> list[tuple[str, Field]]:
        """The name of each foreign key, and its reference."""
        return [
            (f"fk_{self.table}_{field.column}_{field.target.table}", field)
            for field in self.references
            if field.target
        ]


def cut(name: str) -> str:
    """Return the name that SQLAlchemy gives a constraint or an index: PostgreSQL takes 63 bytes.

    The rule is that of IdentifierPreparer.truncate_and_render_maxlen_name in SQLAlchemy 2.
    """
    if len(name) <= NAME_LENGTH:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[:55]}_{digest[-4:]}"


def snake(name: str) -> str:
    """Return OrderItem as order_item."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def joined(first: str, second: str, overlap: str) -> str:
    """Return two names as one; words that end the first and begin the second appear once.

    `target_account` and `account_warnings` give target_account_warnings.  `overlap` is the second name in the
    singular: only its words are compared.
    """
    words = first.split("_")
    others = overlap.split("_")
    for count in range(min(len(words), len(others) - 1), 0, -1):
        if words[-count:] == others[:count]:
            return "_".join([*words[:-count], second])
    return f"{first}_{second}"
