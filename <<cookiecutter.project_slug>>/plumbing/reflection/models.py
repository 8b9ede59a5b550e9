"""The models of a declaration, as far as they are known from a database."""

from dataclasses import dataclass, field

from plumbing.nouns import plural
from plumbing.reflection.catalogue import Column, Table
from plumbing.reflection.names import PREPOSITIONS, default_table, joined, snake


@dataclass(eq=False)
class Field:
    """A column, a reference to another model, or a many-to-many link.

    `notes` say what the database has and the declaration does not.
    """

    name: str
    type: str
    column: Column | None = None
    model: "Model | None" = field(default=None, repr=False)
    target: "Model | None" = field(default=None, repr=False)
    nullable: bool = False
    is_link: bool = False
    default: str = ""
    flags: list[str] = field(default_factory=list)
    other_side: str = ""
    closes_circle: bool = False
    """Whether the reference is the one of a circle whose foreign key the template adds last."""
    notes: list[str] = field(default_factory=list)

    @property
    def attributes(self) -> set[str]:
        """The attributes that the field adds to its model."""
        if self.target and not self.is_link:
            return {self.name, f"{self.name}_id"}
        return {self.name}

    def default_other_side(self) -> str:
        """Return the name that the template gives the other side."""
        assert self.model is not None and self.target is not None
        name = self.model.module if "unique" in self.flags else self.model.plural
        if self.target is self.model:
            if self.name == "parent":
                return "children"
            if self.name == f"parent_{self.model.module}":
                return f"child_{name}"
            if self.name.split("_")[-1] in PREPOSITIONS:
                return f"{self.name}_{name}"
            return f"{self.name}_of"
        rivals = [other for other in self.model.fields if other.target is self.target]
        is_only_one = len(rivals) == 1 and not self.closes_circle
        if is_only_one or self.name in (self.target.module, self.target.plural):
            return name
        return joined(self.name, name, overlap=self.model.module)


@dataclass(eq=False)
class Group:
    """`unique(a,b)` or `index(a,b)`."""

    flag: str
    names: list[str]
    notes: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Key:
    """What `id` is: its type as the declaration writes it, and the column that is the key now."""

    type: str = ""  # nothing if the table has no such key
    column: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Model:
    """A model: a table with the names that the declaration gives it."""

    table: Table = field(repr=False)
    schema: str
    name: str
    table_name: str
    key: Key
    fields: list[Field] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """The field of each column."""
    referrers: list[Field] = field(default_factory=list, repr=False)

    @property
    def module(self) -> str:
        """The name of the model's file."""
        return snake(self.name)

    @property
    def names_its_table(self) -> bool:
        """Whether the declaration has to name the table."""
        return default_table(self.name) != self.table_name

    @property
    def plural(self) -> str:
        """Several rows, in the names of attributes."""
        singulars = (self.module, self.module.replace("_", ""))
        is_plural = self.table_name[0] == self.module[0] and self.table_name not in singulars
        if self.names_its_table and is_plural:
            return self.table_name
        return plural(self.module)

    @property
    def head(self) -> str:
        """The model as it is declared."""
        schema = f"{self.schema}." if self.schema else ""
        table = f"({self.table_name})" if self.names_its_table else ""
        return f"{schema}{self.name}{table}"

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def field_named(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)
