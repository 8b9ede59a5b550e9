"""Test mistakes in an application's code: one line says where it is, what is wrong and what to do.

All of them are mistakes that people ask about in public trackers and forums.
"""

import importlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import plumbing
from plumbing.mistakes import Mistake, cli_errors, load_app, recognized

Draft = Callable[..., Path]

# Precedes each example: a user model, and the usual imports of a model.
IMPORTS = """\
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from draft.extensions import Base, db
from draft.models.base import BaseModel


"""

# A model, with a mark at the line that must be named, and the message.
MODELS = {
    "dict": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str]
    data: Mapped[dict]  # here
""",
        "dict has no SQL type of its own. Name one, as in data: Mapped[dict] = mapped_column(JSONB).",
    ),
    "list": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    tags: Mapped[list[str]] = mapped_column()  # here
""",
        "list[str] has no SQL type of its own."
        " Name one, as in tags: Mapped[list[str]] = mapped_column(ARRAY(TYPE)).",
    ),
    "unknown class": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    data: Mapped[Data]  # here
""",
        "Data is not defined. Import it, or correct its name.",
    ),
    "unknown class in quotes": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    data: Mapped["Data"]  # here
""",
        "Data in an annotation is not known."
        " Import it, or correct its name; if it is a model, add = relationship().",
    ),
    "model without quotes": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()  # here
""",
        'User is not defined. Import it, or write it in quotes, as in Mapped["User"].',
    ),
    "missing import": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    price: Mapped[str] = mapped_column(Numeric)  # here
""",
        "Numeric is not defined. Add: from sqlalchemy import Numeric",
    ),
    "missing import of the ORM": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    price: Mapped[str] = deferred(mapped_column(String))  # here
""",
        "deferred is not defined. Add: from sqlalchemy.orm import deferred",
    ),
    "missing import of PostgreSQL's": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    data: Mapped[str] = mapped_column(JSONB)  # here
""",
        "JSONB is not defined. Add: from sqlalchemy.dialects.postgresql import JSONB",
    ),
    "missing import of Python's": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    price: Mapped[decimal.Decimal]  # here
""",
        "decimal is not defined. Add: import decimal",
    ),
    "missing import of a type": (
        """
State = Literal["new", "paid"]  # here
""",
        "Literal is not defined. Add: from typing import Literal",
    ),
    "enum without get_args": (
        """
from typing import Literal
from sqlalchemy import Enum
State = Literal["new", "paid"]
class Note(BaseModel):
    __tablename__ = "notes"

    state: Mapped[State] = mapped_column(Enum(State, name="state"))  # here
""",
        "Enum(...) takes the values of the type, not the type. Write Enum(*get_args(TYPE), ...).",
    ),
    "enum with a star, without get_args": (
        """
from typing import Literal
from sqlalchemy import Enum
State = Literal["new", "paid"]
class Note(BaseModel):
    __tablename__ = "notes"

    state: Mapped[State] = mapped_column(Enum(*State, name="state"))  # here
""",
        "Enum(...) takes the values of the type, not the type. Write Enum(*get_args(TYPE), ...).",
    ),
    "enum without a star": (
        """
from typing import Literal, get_args
from sqlalchemy import Enum
State = Literal["new", "paid"]
class Note(BaseModel):
    __tablename__ = "notes"

    state: Mapped[State] = mapped_column(Enum(get_args(State), name="state"))  # here
""",
        "The values of state are not strings. If a * is missing, write Enum(*get_args(TYPE), ...).",
    ),
    "enum with a value that is too long": (
        """
from typing import Literal, get_args
from sqlalchemy import Enum
State = Literal["new", "waiting"]
class Note(BaseModel):
    __tablename__ = "notes"

    state: Mapped[State] = mapped_column(
        Enum(*get_args(State), name="state", native_enum=False, length=5)  # here
    )
""",
        "A value of this Enum has 7 characters, more than its length=5. Increase that.",
    ),
    "no annotation": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title = mapped_column()  # here
""",
        "title has no type. Write title: Mapped[TYPE] = mapped_column().",
    ),
    "not Mapped": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: str = mapped_column(String(80))  # here
""",
        "The annotation of title is not a Mapped[...]."
        " Write title: Mapped[TYPE], or ClassVar[TYPE] if it is not a column.",
    ),
    "a list that is not Mapped": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    users: list["User"] = relationship()  # here
""",
        "The annotation of users is not a Mapped[...]."
        " Write users: Mapped[TYPE], or ClassVar[TYPE] if it is not a column.",
    ),
    "metadata": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str]
    metadata: Mapped[str]  # here
""",
        "metadata is an attribute of SQLAlchemy's. Rename it; the column can keep its name:"
        ' metadata_ = mapped_column("metadata").',
    ),
    "registry": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    registry: Mapped[str]  # here
""",
        "registry is an attribute of SQLAlchemy's. Rename it; the column can keep its name:"
        ' registry_ = mapped_column("registry").',
    ),
    "a comma too many": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str] = mapped_column(String(80)),  # here
""",
        "A comma at the end makes a tuple of title. Remove the comma.",
    ),
    "server_default": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    count: Mapped[int] = mapped_column(server_default=0)  # here
""",
        "server_default is SQL, not int."
        ' Write it as text, as in server_default="0" or server_default=text("false").',
    ),
    "argument": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str] = mapped_column(length=80)  # here
""",
        "There is no argument length here. Correct its name; a length belongs to the type, as in String(80).",
    ),
    "number for a type": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str] = mapped_column(80)  # here
""",
        "80 is not a constraint, an index or a type. In __table_args__, the dict of options comes last.",
    ),
    "no table": (
        """
class Note(BaseModel):  # here
    title: Mapped[str]
""",
        "Note has no __tablename__. Add one, or __abstract__ = True if it is a base class.",
    ),
    "no primary key": (
        """
class Note(Base):  # here
    __tablename__ = "notes"

    title: Mapped[str]
""",
        "Note has no primary key. Derive it from BaseModel, or give a column primary_key=True.",
    ),
    "a second model": (
        """
class Note(BaseModel):
    __tablename__ = "notes"


class Page(BaseModel):  # here
    __tablename__ = "notes"
""",
        "Several models have the table notes: draft/models/note.py:8, draft/models/note.py:12."
        " Give each a __tablename__ of its own.",
    ),
    "one constraint, no comma": (
        """
class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("title"))  # here

    title: Mapped[str]
""",
        '__table_args__ is not a tuple. Write a comma after a single element: (UniqueConstraint("a", "b"),).',
    ),
    "two constraints, no comma": (
        """
class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("title")  # here
        (Index("ix_title", "title"))
    )

    title: Mapped[str]
""",
        "A comma is missing after UniqueConstraint(...).",
    ),
    "mapped_column in __table_args__": (
        """
class Note(BaseModel):  # here
    __tablename__ = "notes"
    __table_args__ = (mapped_column("title", String),)
""",
        "A MappedColumn is not a constraint, an index or a type."
        " In __table_args__, the dict of options comes last.",
    ),
    "dict first": (
        """
class Note(BaseModel):  # here
    __tablename__ = "notes"
    __table_args__ = ({"schema": "desk"}, UniqueConstraint("id"))
""",
        "{'schema': 'desk'} is not a constraint, an index or a type."
        " In __table_args__, the dict of options comes last.",
    ),
    "constraint on a relationship": (
        """
class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_user", "id"),
        UniqueConstraint("user"),  # here
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship()
""",
        "notes has no column user for this UniqueConstraint. Name a column, not a relationship.",
    ),
    "inheritance without a foreign key": (
        """
class Note(BaseModel):
    __tablename__ = "notes"


class Letter(Note):  # here
    __tablename__ = "letters"

    address: Mapped[str]
""",
        "letters has no foreign key to notes, whose model it inherits. Add one, as in"
        ' id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True).',
    ),
    "foreign key to a table that is not there": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))  # here
    user: Mapped["User"] = relationship()
""",
        "user_id refers to a table user, which no model has."
        ' Name the table, with its schema if it has one, as in ForeignKey("shop.products.id").',
    ),
    "foreign key in a schema to a class": (
        """
class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = {"schema": "desk"}

    user_id: Mapped[int] = mapped_column(ForeignKey("User.id"))  # here
""",
        "user_id refers to a table User, which no model has."
        ' Name the table, with its schema if it has one, as in ForeignKey("shop.products.id").',
    ),
    "foreign key to a column that is not there": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.number"))  # here
""",
        "users has no column number. Correct the name in the foreign key.",
    ),
    "relationship to a class that is not there": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["Usr"] = relationship()  # here
""",
        "There is no model or table Usr. Correct the name, or add a model below app/models/.",
    ),
    "relationship by its argument": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id = mapped_column(ForeignKey("users.id"))
    user = relationship("Usr")  # here
""",
        "There is no model or table Usr. Correct the name, or add a model below app/models/.",
    ),
    "secondary": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    users: Mapped[list["User"]] = relationship(
        secondary="note_users",  # here
    )
""",
        "There is no model or table note_users. Correct the name, or add a model below app/models/.",
    ),
    "no foreign key": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user: Mapped["User"] = relationship()  # here
""",
        "Note.user has no foreign key to follow."
        ' Add one to either model, as in mapped_column(ForeignKey("users.id")).',
    ),
    "two foreign keys": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped["User"] = relationship(foreign_keys="Note.author_id")
    reader: Mapped["User"] = relationship()  # here
""",
        'Note.reader can follow several foreign keys. Choose one: relationship(foreign_keys="MODEL.COLUMN").',
    ),
    "back_populates": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(back_populates="notes")  # here
""",
        "User has no relationship notes, which back_populates names. Add it to User, or correct the name.",
    ),
    "back_populates of another": (
        """
class Folder(BaseModel):
    __tablename__ = "folders"

    notes: Mapped[list["Note"]] = relationship(back_populates="folder")


class Note(BaseModel):
    __tablename__ = "notes"

    folder_id: Mapped[int] = mapped_column(ForeignKey("folders.id"))
    folder: Mapped["Folder"] = relationship(back_populates="notes")


class Page(BaseModel):
    __tablename__ = "pages"

    folder_id: Mapped[int] = mapped_column(ForeignKey("folders.id"))
    folder: Mapped["Folder"] = relationship(back_populates="notes")  # here
""",
        "Folder.notes leads to another model than Page, but Page.folder names it in back_populates."
        " Name the other side of this relationship.",
    ),
    "backref": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(backref="name")  # here
""",
        "User has an attribute name already. Choose another name for the backref.",
    ),
    "self reference": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    parent: Mapped["Note | None"] = relationship(back_populates="children")  # here
    children: Mapped[list["Note"]] = relationship(back_populates="parent")
""",
        "Note.parent and Note.children have the same direction. On the one that leads to a single"
        ' row, write relationship(remote_side="Note.id").',
    ),
    "delete-orphan": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(cascade="all, delete-orphan")  # here
""",
        "delete-orphan belongs on the other side of Note.user: the one with the list.",
    ),
    "two classes of one name": (
        """
class User(BaseModel):
    __tablename__ = "other_users"


class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship()  # here
""",
        'Several models are called User. Name the module too, as in relationship("app.models.user.User").',
    ),
    "foreign_keys of a column that is not there": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(foreign_keys="Note.nobody_id")
""",
        "AttributeError: Class <class 'draft.models.note.Note'> does not have a mapped column"
        " named 'nobody_id'",
    ),
    "cascade": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(cascade="all, delete_orphan")  # here
""",
        "Invalid cascade option(s): 'delete_orphan'",
    ),
    "an attribute of db": (
        """
class Note(BaseModel):
    __tablename__ = "notes"

    title = db.Colum(db.Integer)  # here
""",
        "AttributeError: Colum",
    ),
    "no such name in a module": (
        "from draft.models.user import Usr  # here",
        "draft.models.user has no Usr. Correct the name, or define it there.",
    ),
    "no such module": (
        "from draft.models.usr import User  # here",
        "There is no module draft.models.usr. Correct its name, or create it.",
    ),
    "no such package": (
        "import flask_nothing  # here",
        "There is no module flask_nothing."
        " Install its package, or activate the virtual environment: . .venv/bin/activate",
    ),
    "syntax": ("class Note(BaseModel)  # here\n    pass", "SyntaxError: expected ':'"),
    "indentation": (
        'class Note(BaseModel):\n    __tablename__ = "notes"\n      title: Mapped[str]  # here',
        "IndentationError: unexpected indent",
    ),
    "tabs": (
        'class Note(BaseModel):\n    __tablename__ = "notes"\n\ttitle: Mapped[str]  # here',
        "TabError: inconsistent use of tabs and spaces in indentation",
    ),
    "missing comma": (
        """
class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("id")  # here
        Index("ix_notes_id", "id")
    )
""",
        "SyntaxError: invalid syntax. Perhaps you forgot a comma?",
    ),
    "any other error": ("x = {}\nx['y']  # here", "KeyError: 'y'"),
}


def load() -> Flask:
    return load_app("draft:create_app")


def line() -> str:
    """Return the line with which loading the application ends."""
    with pytest.raises(SystemExit) as ended:
        load()
    text = str(ended.value.code)
    assert "\n" not in text
    return text.removeprefix("Error: ")


def marked(path: Path, mark: str = "# here") -> str:
    """Return the place of a mark in a file, as a message shows it."""
    lines = path.read_text("latin-1").splitlines()
    (number,) = (number for number, text in enumerate(lines, 1) if mark in text)
    return f"{path.relative_to(Path.cwd())}:{number}"


@pytest.mark.parametrize(("source", "message"), MODELS.values(), ids=MODELS)
def test_models(draft: Draft, source: str, message: str) -> None:
    folder = draft({"models/note.py": IMPORTS + source.lstrip()})
    place = f"{marked(folder / 'models/note.py')}: " if "# here" in source else ""
    assert line() == place + message


def test_two_files_with_one_table(draft: Draft) -> None:
    folder = draft()
    shutil.copy(folder / "models/user.py", folder / "models/copy.py")
    assert line() == (
        "draft/models/user.py:8: Several models have the table users: draft/models/copy.py:8,"
        " draft/models/user.py:8. Give each a __tablename__ of its own."
    )


def test_module_under_two_names(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model imported from `models`, which is also on the path, is reported."""
    folder = draft({"models/note.py": "import user\n"})
    monkeypatch.syspath_prepend(str(folder / "models"))
    try:
        assert line() == (
            "draft/models/user.py:8: The model of the table users is loaded twice."
            " Import it by one name only."
        )
    finally:
        sys.modules.pop("user", None)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "from draft.models.note import Note",
            "draft.models.note and this file import each other. Move this import below"
            ' if TYPE_CHECKING: and write "Note" in quotes, or import it inside a function.',
        ),
        (
            "import draft.models.note as notes; notes.Note",
            "draft.models.note and this file import each other."
            " Import draft.models.note inside the function that uses it.",
        ),
    ],
)
def test_circular_import(draft: Draft, statement: str, message: str) -> None:
    page = f"{statement}  # here\n"
    folder = draft({"models/note.py": "from draft.models.page import Page\n", "models/page.py": page})
    assert line() == f"{marked(folder / 'models/page.py')}: {message}"


@pytest.mark.parametrize(
    ("name", "added", "message"),
    [
        ("__init__.py", "create_app = creat_app  # here", "creat_app is not defined."),
        ("config.py", "SIZE = 2 * GIGA  # here", "GIGA is not defined."),
        ("extensions.py", "db = SQLAlchemy(model=Base)  # here", "TypeError: "),
        ("models/__init__.py", "from .post import Post  # here", "There is no module draft.models.post."),
        ("models/base.py", "    at: Mapped[datetime]  # here", "datetime is not defined. Add: import "),
        ("models/user.py", "from .base import Bas  # here", "draft.models.base has no Bas. Correct"),
        ("models/latin.py", "x = 'é'  # here", "SyntaxError: (unicode error) 'utf-8' codec can't decode"),
    ],
)
def test_other_files(draft: Draft, name: str, added: str, message: str) -> None:
    path = draft() / name
    with path.open("a", encoding="latin-1") as file:
        file.write(f"{added}\n")
    assert line().startswith(f"{marked(path)}: {message}")


def test_error_in_the_factory(draft: Draft) -> None:
    path = draft() / "__init__.py"
    path.write_text(path.read_text().replace("return app", "return ap  # here"))
    assert line() == f"{marked(path)}: ap is not defined. Import it, or correct its name."


def test_two_views_of_one_name(draft: Draft) -> None:
    views = """
from flask import Blueprint

blueprint = Blueprint("main", __name__)


@blueprint.get("/a")
def page(): ...


@blueprint.get("/b")
def page(): ...
"""
    path = draft({"views.py": views}) / "__init__.py"
    text = path.read_text().replace(
        "    return", "    app.register_blueprint(views.blueprint)  # here\n    return"
    )
    path.write_text(text.replace("config, models", "config, models, views"))
    assert line() == f"{marked(path)}: Two views are called page. Rename one of the functions."


def test_no_factory(draft: Draft) -> None:
    draft({"__init__.py": "from flask import Flask"})
    assert line() == "AttributeError: module 'draft' has no attribute 'create_app'"


def test_configuration_keeps_its_line(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    draft()
    monkeypatch.setenv("PROXY_HOPS", "one")
    assert line() == "PROXY_HOPS is 'one': write the number of trusted proxies, or 0."


def test_our_own_bugs_keep_their_traceback(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    draft()

    def broken(app: Flask) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(plumbing.database, "init_app", broken)
    broken.__code__ = broken.__code__.replace(co_filename=str(Path(plumbing.__file__).parent / "database.py"))
    with pytest.raises(KeyError, match="ours"):
        load()


def test_the_cause_is_kept(draft: Draft) -> None:
    """The cause is kept, so that the traceback can be shown."""
    draft({"models/note.py": "x = {}['y']"})
    with pytest.raises(Mistake) as raised, recognized():
        load_factory()
    assert isinstance(raised.value.__cause__, KeyError)


def load_factory() -> Any:
    return importlib.import_module("draft").create_app("testing")


def test_what_is_right_loads(draft: Draft) -> None:
    draft()
    with cli_errors():
        assert load_factory().name == "draft"


def test_reloading_server_shows_the_line(draft: Draft, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """It keeps running so that it sees the correction, and shows nothing to other sites."""
    draft({"models/note.py": "title = '<b>' + 1"})
    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")
    app = load()
    message = "draft/models/note.py:1: TypeError: can only concatenate str"
    assert capsys.readouterr().err.startswith(f"Error: {message}")
    client = app.test_client()
    for path in ("/", "/anything/else"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert message in answer.text
        assert "Traceback (most recent call last)" in answer.text
        assert "<b>" not in answer.text
    assert client.post("/").status_code == 500
    with client.get("/_plumbing/static/plumbing.css") as styles:
        assert styles.status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
