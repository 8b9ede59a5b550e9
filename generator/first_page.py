"""The first page of a project: a list of the rows of one model, by a text that tells them apart.

The last declared model with a required text wins, and one with a name or a title wins over the others.
"""

from dataclasses import dataclass
from keyword import iskeyword

from generator import layout
from generator.model import Field, Model
from generator.nouns import plural

BEST_NAMES = ("name", "title")
IMPORTED = {"Blueprint", "DataError", "FlaskClient", "IntegrityError", "ResponseReturnValue"}
"""The classes that the view and its tests import, here or in the README."""
TAKEN = {
    # in the view
    *("blueprint", "db", "flash", "redirect", "render_template", "request", "select", "url_for"),
    *("error", "id", "page", "query"),
    # in the tests
    *("client", "escape", "page", "path", "rows"),
    # in Jinja
    *("config", "false", "g", "loop", "none", "self", "session", "super", "true"),
}
"""The names that a variable for one row cannot have."""

HELLO = "hello"
KEY_RULES = {"integer": "<int:id>", "bigint": "<int:id>", "uuid": "<uuid:id>", "string": "<id>"}
"""How Flask reads a key of each type from a path."""

# The greatest lengths of names, so that no line has to be split.
CLASS_LENGTH = 40
COLUMN_LENGTH = 28
VIEW_LENGTH = 29
VARIABLE_LENGTH = 11
TESTED_LENGTH = 9999
"""The greatest length of a column that the README's test exceeds."""


@dataclass(frozen=True)
class FirstPage:
    """The list of rows, and the names in it."""

    model: Model
    text: Field | None
    """The column that is shown; without one, that is the id."""

    @property
    def form(self) -> "Form | None":
        """The form for the text."""
        return Form(self, self.text) if self.text else None

    @property
    def thing(self) -> str:
        """One row, in the names of functions and files."""
        return self.model.module if len(self.model.module) <= VIEW_LENGTH else "row"

    @property
    def view(self) -> str:
        """The name of the view, of its template and of its path."""
        name = plural(self.thing)
        return "rows" if iskeyword(name) else name

    @property
    def row(self) -> str:
        """The variable for one row."""
        name = self.model.module
        return "row" if name in TAKEN or len(name) > VARIABLE_LENGTH else name

    @property
    def singular(self) -> str:
        """One row, in a sentence."""
        return words(self.thing)

    @property
    def plural(self) -> str:
        """Several rows, in a sentence."""
        return words(plural(self.thing))

    @property
    def query(self) -> str:
        """The statement that selects the rows."""
        name = self.model.name
        return layout.statement(f"    query = select({name}).order_by({name}.id)")

    @property
    def column(self) -> str:
        """The column that is shown."""
        return self.text.column if self.text else "id"

    @property
    def label(self) -> str:
        """The column, in a sentence."""
        return words(self.column)

    @property
    def item(self) -> str:
        """One row in the list, as Jinja."""
        if not self.text:
            return f"{self.singular.capitalize()} {{{{ {self.row}.id }}}}"
        or_none = ' or "(none)"' if self.text.nullable else ""
        return f"{{{{ {self.row}.{self.column}{or_none} }}}}"

    @property
    def tested(self) -> str:
        """What the list has to show of `row`, as Python."""
        if not self.text:
            return f'f"{self.singular.capitalize()} {{row.id}}"'
        return f"row.{self.column}"


@dataclass(frozen=True)
class Form:
    """The form of docs/application.md, in which a text can be edited."""

    page: FirstPage
    text: Field

    @property
    def key(self) -> str:
        """The part of the path that is the key of a row, as Flask's rule."""
        return KEY_RULES[self.page.model.id.type]

    @property
    def value(self) -> str:
        """The present text, as Jinja shows it."""
        value = f"{self.page.row}.{self.text.column}"
        return f'{value} or ""' if self.text.nullable else value

    @property
    def given(self) -> str:
        """The text that was typed, as Python."""
        value = f'request.form["{self.text.column}"]'
        return f"{value} or None" if self.text.nullable else value

    @property
    def length(self) -> int | None:
        """The greatest length of the text."""
        return int(self.text.arguments[0]) if self.text.arguments else None

    @property
    def attributes(self) -> str:
        """What the browser is told to check, as HTML."""
        required = "" if self.text.nullable else " required"
        length = f' maxlength="{self.length}"' if self.length else ""
        return required + length

    @property
    def rule(self) -> str:
        """The error for a text that the database rejects."""
        is_unique = any(self.text.column in columns for _, columns in self.text.model.uniques)
        if is_unique and self.length:
            return f"Must be unique, and at most {self.length} characters long."
        if is_unique:
            return "Must be unique."
        if self.length:
            return f"Must be at most {self.length} characters long."
        return "Must not contain a NUL character."

    @property
    def accepted(self) -> str:
        """A text that the database accepts, as Python."""
        return layout.literal("New"[: self.length])

    @property
    def refused(self) -> str:
        """A text that the database refuses, as Python: too long, or with the one character that it never stores."""
        if self.length and self.length <= TESTED_LENGTH:
            return f'"x" * {self.length + 1}'
        return r'"\0"'


def words(name: str) -> str:
    return name.replace("_", " ")


def first_page(models: list[Model], view: str | None = None) -> FirstPage | None:
    """Return the page with the name `view`, else that of the best model, or None if there is none.

    None stands for the page that greets, whose name is HELLO.
    """
    if view == HELLO:
        return None
    pages = [FirstPage(model, best_text(model)) for model in models if is_usable(model)]
    for page in pages:
        if page.view == view:
            return page
    # Of equals max() returns the first.
    return max(reversed(pages), key=lambda page: rank(page.text), default=None)


def is_usable(model: Model) -> bool:
    return model.name not in IMPORTED and len(model.name) <= CLASS_LENGTH


def best_text(model: Model) -> Field | None:
    """Return the column that tells rows apart best."""
    return max(filter(is_text, model.columns), key=rank, default=None)


def is_text(field: Field) -> bool:
    is_long = len(field.column) > COLUMN_LENGTH
    return field.type in ("string", "text") and not (field.target or field.array or is_long)


def rank(text: Field | None) -> int:
    """Return how well a text tells rows apart."""
    if text is None:
        return 0
    if text.nullable:
        return 1
    return 3 if text.name in BEST_NAMES else 2
