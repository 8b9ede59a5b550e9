"""Test merging the owner's and the template's changes to a file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plumbing.merging import merge
from plumbing.merging.__main__ import main
from plumbing.merging.sequence import merged_order

TEMPLATE = Path(__file__).resolve().parents[2] / "<<cookiecutter.project_slug>>"

MODEL = """\
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel

if TYPE_CHECKING:
    from app.models.post import Post


class User(BaseModel):
    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(64))

    posts: Mapped[list["Post"]] = relationship(back_populates="user")
"""
Edit = tuple[str, str]
"""A text in a file, and its replacement."""

IMPORT_TEXT = ("import String", "import String, Text")
NAME = "    name: Mapped[str] = mapped_column(String(64))\n"
POSTS = '    posts: Mapped[list["Post"]] = relationship(back_populates="user")\n'
BIO = "    bio: Mapped[str] = mapped_column(Text)\n"
TEAM = '    team: Mapped["Team"] = relationship(back_populates="users")\n'
AGE = "    # in years\n    age: Mapped[int] = mapped_column()\n"
SHOUT = '\n    def shout(self) -> str:\n        return self.name.upper() + """\n\n  !"""\n'
TABLE = '    __tablename__ = "users"\n'
CHECK = '    __table_args__ = (CheckConstraint("age > 0"),)\n'
SCHEMA = '    __table_args__ = (UniqueConstraint("name"), {"schema": "a"})\n'
BOTH = '    __table_args__ = (UniqueConstraint("name"), CheckConstraint("age > 0"), {"schema": "a"})\n'


def edited(text: str, *edits: Edit) -> str:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def after(old: str, new: str) -> Edit:
    return (old, old + new)


# The template's change, the owner's, and the result.
MODELS: dict[str, tuple[list[Edit], list[Edit], list[Edit]]] = {
    "a column each, at the same place": (
        [IMPORT_TEXT, after(NAME, BIO)],
        [after(NAME, AGE)],
        [IMPORT_TEXT, after(NAME, BIO + AGE)],
    ),
    "a relationship, and a column and a method of the owner": (
        [after(POSTS, TEAM), after("import Post\n", "    from app.models.team import Team\n")],
        [after(NAME, AGE), after(POSTS, SHOUT)],
        [
            *[after(POSTS, TEAM + SHOUT), after(NAME, AGE)],
            after("import Post\n", "    from app.models.team import Team\n"),
        ],
    ),
    "arguments of the table on both sides": (
        [("import String", "import String, UniqueConstraint"), after(TABLE, SCHEMA)],
        [("import String", "import CheckConstraint, String"), after(TABLE, CHECK)],
        [
            ("import String", "import CheckConstraint, String, UniqueConstraint"),
            after(TABLE, BOTH),
        ],
    ),
    "a column that the owner removed and the template changed": (
        [(NAME, NAME.replace("64", "80"))],
        [(NAME, AGE), ("from sqlalchemy import String\n", "")],
        [(NAME, AGE), ("from sqlalchemy import String\n", "")],
    ),
    "an import that only the owner's column uses": (
        [(NAME, "    size: Mapped[int] = mapped_column()\n"), ("from sqlalchemy import String\n", "")],
        [after(NAME, "    own: Mapped[str] = mapped_column(String(3))\n")],
        [
            (
                NAME,
                "    size: Mapped[int] = mapped_column()\n    own: Mapped[str] = mapped_column(String(3))\n",
            )
        ],
    ),
    "an import that the owner has moved out of the block": (
        [after(POSTS, TEAM), after("import Post\n", "    from app.models.team import Team\n")],
        [
            ("if TYPE_CHECKING:\n    from app.models.post import Post\n", ""),
            ("import BaseModel\n\n\n", "import BaseModel\nfrom app.models.post import Post\n\n"),
            ("from typing import TYPE_CHECKING\n\n", ""),
        ],
        [
            after(POSTS, TEAM),
            ("    from app.models.post import Post\n", "    from app.models.team import Team\n"),
            ("import BaseModel\n", "import BaseModel\nfrom app.models.post import Post\n"),
        ],
    ),
    "a docstring, and a relationship less": (
        [
            ("\n" + POSTS, ""),
            ("\nif TYPE_CHECKING:\n    from app.models.post import Post\n", ""),
            ("from typing import TYPE_CHECKING\n\n", ""),
            (", relationship", ""),
        ],
        [after("class User(BaseModel):\n", '    """Someone."""\n\n')],
        [
            after("class User(BaseModel):\n", '    """Someone."""\n\n'),
            ("\n" + POSTS, ""),
            ("\nif TYPE_CHECKING:\n    from app.models.post import Post\n", ""),
            ("from typing import TYPE_CHECKING\n\n", ""),
            (", relationship", ""),
        ],
    ),
}


@pytest.mark.parametrize("case", MODELS.values(), ids=MODELS)
def test_models(case: tuple[list[Edit], list[Edit], list[Edit]]) -> None:
    theirs, ours, expected = (edited(MODEL, *edits) for edits in case)
    merged = merge("app/models/user.py", MODEL, ours, theirs)
    assert merged.text == expected
    assert not merged.has_conflicts


def test_an_annotation_and_an_argument() -> None:
    """The template makes a column nullable, and the owner adds an option to it."""
    ours = edited(MODEL, ("String(64))", "String(64), index=True)"))
    theirs = edited(MODEL, ("name: Mapped[str]", "name: Mapped[str | None]"), ("(64)", "(80)"))
    merged = merge("app/models/user.py", MODEL, ours, theirs)
    assert merged == (edited(theirs, ("String(80))", "String(80), index=True)")), False)
    ours = edited(ours, ("name: Mapped[str]", "name: Mapped[bytes]"))
    assert merge("app/models/user.py", MODEL, ours, theirs).has_conflicts


def test_a_conflict_is_around_its_statement_only() -> None:
    ours = edited(MODEL, (NAME, NAME.replace("64", "80")), after(POSTS, SHOUT))
    theirs = edited(MODEL, IMPORT_TEXT, (NAME, NAME.replace("64", "90") + BIO))
    merged = merge("app/models/user.py", MODEL, ours, theirs, marker_size=9)
    assert merged.has_conflicts
    conflict = (
        f"{'<' * 9} yours\n{NAME.replace('64', '80')}{'=' * 9}\n"
        f"{NAME.replace('64', '90')}{'>' * 9} template\n"
    )
    assert merged.text == edited(MODEL, IMPORT_TEXT, (NAME, conflict + BIO), after(POSTS, SHOUT))


def test_blank_lines_between_what_was_in_no_version() -> None:
    base = "A = 1\nB = 2\n"
    ours = "A = 1\nOWN = 3\nB = 2\n"
    theirs = "A = 1\n\n\ndef new() -> None:\n    pass\n\n\nB = 2\n"
    expected = "A = 1\n\n\ndef new() -> None:\n    pass\n\n\nOWN = 3\nB = 2\n"
    assert merge("a.py", base, ours, theirs) == (expected, False)


def test_removed_and_changed_is_a_conflict() -> None:
    merged = merge("a.py", MODEL, edited(MODEL, (NAME, NAME.replace("64", "8"))), edited(MODEL, (NAME, "")))
    assert merged.has_conflicts
    assert "String(8)" in merged.text


@pytest.mark.parametrize("text", ["x = 1; y = 2\n", "x = (\n", "x = 1\n\fy = 2\n", "\ufeffx = 1\n"])
def test_what_cannot_be_taken_apart(text: str) -> None:
    merged = merge("a.py", text, f"{text}\n\n\n# own\n", f"# new\n\n\n{text}")
    assert merged.text == f"# new\n\n\n{text}\n\n\n# own\n"


def test_text() -> None:
    """Windows line endings are kept, and so is a last line without one."""
    base, ours, theirs = "a\r\nb\r\nc\r\nd", "a\r\nb\r\nc\r\nown", "new\r\nb\r\nc\r\nd"
    assert merge("notes.txt", base, ours, theirs).text == "new\r\nb\r\nc\r\nown"
    python = edited(MODEL, after(NAME, AGE)).replace("\n", "\r\n")
    merged = merge("a.py", MODEL, python, edited(MODEL, after(POSTS, TEAM)))
    assert merged.text == edited(MODEL, after(NAME, AGE), after(POSTS, TEAM)).replace("\n", "\r\n")


def test_diagram() -> None:
    """It is never a conflict, because `migrate` redraws it."""
    assert merge("docs/models.md", "a\n", "b\n", "c\n") == ("b\n", False)
    assert merge("docs/other.md", "a\n", "b\n", "c\n").has_conflicts


# Enums

ENUM = edited(
    MODEL,
    ("import TYPE_CHECKING", "import TYPE_CHECKING, Literal, get_args"),
    ("import String", "import Enum, String"),
    ("\n\nclass", '\nUserState = Literal["new", "paid"]\n\n\nclass'),
    after(NAME, '    state: Mapped[UserState] = mapped_column(Enum(*get_args(UserState), name="state"))\n'),
)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ('"new", "paid"', '"new", "paid", "lost"', '"new", "paid", "lost"'),
        ('"new", "paid", "own"', '"new", "paid", "lost"', '"new", "paid", "lost", "own"'),
        ('"new", "paid", "own"', '"new", "lost"', '"new", "lost", "own"'),
        ('"new", "own"', '"new", "paid", "lost"', '"new", "lost", "own"'),
        ('"new", "paid", "lost"', '"new", "paid", "lost"', '"new", "paid", "lost"'),
        (f'"new", "paid", "{"x" * 90}"', '"lost", "paid"', None),
    ],
)
def test_values_of_an_enum(ours: str, theirs: str, expected: str | None) -> None:
    """Values of both sides are kept, next to the owner's method and the template's column."""
    text = [("Enum, String", "Enum, String, Text"), after(NAME, BIO)]
    own = edited(ENUM, ('"new", "paid"', ours), after(POSTS, SHOUT))
    new = edited(ENUM, ('"new", "paid"', theirs), *text)
    merged = merge("app/models/user.py", ENUM, own, new)
    if expected is None:
        expected = f'\n    "lost",\n    "paid",\n    "{"x" * 90}",\n'
    assert merged == (edited(ENUM, ('"new", "paid"', expected), after(POSTS, SHOUT), *text), False)


def test_first_enum() -> None:
    """The type comes before the classes, together with its imports."""
    merged = merge("app/models/user.py", MODEL, edited(MODEL, after(POSTS, SHOUT)), ENUM)
    assert merged == (edited(ENUM, after(POSTS, SHOUT)), False)


def test_enum_of_another_form() -> None:
    """The owner has added a value where version 0.2.0 had the values."""
    column = "    state: Mapped[{}] = mapped_column(Enum({}))\n"
    base = edited(MODEL, ("import String", "import Enum, String"), after(NAME, column.format("str", '"new"')))
    ours = edited(base, ('"new"', '"new", "own"'))
    new = column.format("UserState", "*get_args(UserState)")
    merged = merge("app/models/user.py", base, ours, edited(base, (column.format("str", '"new"'), new)))
    assert merged.has_conflicts


# Rows

SEEDS = '''\
from collections.abc import Iterator

from app.extensions import Base
from app.models import User


def rows() -> Iterator[Base]:
    """Yield new rows."""
    users = [User(name="name 1"), User(name="name 2")]
    yield from users
'''
LIST = '    users = [User(name="name 1"), User(name="name 2")]\n'
MORE = """\
    users = [
        User(name="name 1", bio="bio 1", team=teams[0]),
        User(name="name 2", bio="bio 2", team=teams[1]),
    ]
"""


def test_rows() -> None:
    """The owner's rows get a new field: the next of a sequence, or a reference to the first row."""
    ours = edited(
        SEEDS,
        (LIST, LIST.replace('name="name 2"', 'name="ada"').replace("]", ', User(name="bob")]')),
        after("    yield from users\n", '    if users:\n        yield User(name="eve")\n'),
    )
    theirs = edited(SEEDS, (LIST, MORE))
    expected = edited(
        SEEDS,
        (
            LIST,
            MORE.replace('name="name 2"', 'name="ada"').replace(
                "    ]\n", '        User(name="bob", bio="bio 3", team=teams[0]),\n    ]\n'
            ),
        ),
        after(
            "    yield from users\n",
            '    if users:\n        yield User(name="eve", bio="bio 4", team=teams[0])\n',
        ),
    )
    assert merge("app/seeds.py", SEEDS, ours, theirs) == (expected, False)
    assert merge("app/seeds.py", theirs, expected, SEEDS) == (ours, False)


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ('"user1@example.com"', '"user2@example.com"', '"user3@example.com"'),
        ('"+1 202 555 0108"', '"+1 202 555 0109"', '"+1 202 555 0110"'),
        ('Decimal("9.99")', 'Decimal("19.99")', 'Decimal("29.99")'),
        ("dt.date(2026, 1, 27)", "dt.date(2026, 1, 28)", "dt.date(2026, 1, 27)"),
        ("dt.time(21, 0)", "dt.time(22, 0)", "dt.time(23, 0)"),
        ("dt.time(22, 0)", "dt.time(23, 0)", "dt.time(22, 0)"),
        ('"Ada Adams"', '"Ben Baker"', '"Ada Adams"'),
        ("4", "3", "2"),
    ],
)
def test_next_value(first: str, second: str, third: str) -> None:
    """An owner's row gets the next value of a new field, or the first again if there is none."""
    more = LIST.replace('1")', f'1", bio={first})').replace('2")', f'2", bio={second})')
    added = ', User(name="bob")]'
    ours = edited(SEEDS, (LIST, LIST.replace("]", added)))
    merged = merge("app/seeds.py", SEEDS, ours, edited(SEEDS, (LIST, more)))
    assert f'User(name="bob", bio={third})' in merged.text and not merged.has_conflicts


def test_rows_with_comments() -> None:
    own = '    users = [\n        # first\n        User(name="name 1"),\n        User(name="x"),  # mine\n    ]\n'
    merged = merge("app/seeds.py", SEEDS, edited(SEEDS, (LIST, own)), edited(SEEDS, (LIST, MORE)))
    expected = own.replace('"name 1"', '"name 1", bio="bio 1", team=teams[0]')
    expected = expected.replace('"x"', '"x", bio="bio 2", team=teams[1]')
    assert merged == (edited(SEEDS, (LIST, expected)), False)


def test_both_changed_a_value() -> None:
    ours, theirs = (edited(SEEDS, ("name 2", name)) for name in ("ada", "bob"))
    assert merge("app/seeds.py", SEEDS, ours, theirs).has_conflicts


INIT = """\
from app.models.base import BaseModel
from app.models.user import User

__all__ = ["BaseModel", "User"]
"""


def test_exports() -> None:
    base_import = "import BaseModel\n"
    ours = edited(
        INIT,
        after(base_import, "from app.models.own import Own  # noqa: E402\n"),
        ('"BaseModel"', '"BaseModel", "Own"'),
    )
    theirs = edited(
        INIT, after(base_import, "from app.models.post import Post\n"), ('"BaseModel"', '"BaseModel", "Post"')
    )
    merged = merge("app/models/__init__.py", INIT, ours, theirs)
    assert merged == (
        edited(
            INIT,
            after(
                base_import,
                "from app.models.own import Own  # noqa: E402\nfrom app.models.post import Post\n",
            ),
            ('"BaseModel"', '"BaseModel", "Own", "Post"'),
        ),
        False,
    )


# Requirements

PINS = "# made by uv\n" + "".join(
    f"{pin} \\\n    --hash=sha256:{pin[0]}\n" for pin in ("alembic==1.9", "flask==3.1", "mako==1.2")
)
OWN_PIN = "requests==2 \\\n    --hash=sha256:r\n"
# The template's change, the owner's, and the result; a missing result means a conflict.
REQUIREMENTS: dict[str, tuple[list[Edit], list[Edit], list[Edit] | None]] = {
    "another package each": (
        [after("sha256:f\n", "jinja2==3 \\\n    --hash=sha256:j\n")],
        [after("sha256:m\n", OWN_PIN)],
        [after("sha256:f\n", "jinja2==3 \\\n    --hash=sha256:j\n"), after("sha256:m\n", OWN_PIN)],
    ),
    "a package of the template behind that of the owner": (
        [after("sha256:m\n", "six==1 \\\n    --hash=sha256:s\n")],
        [after("sha256:m\n", OWN_PIN)],
        [after("sha256:m\n", OWN_PIN + "six==1 \\\n    --hash=sha256:s\n")],
    ),
    "the owner's version is higher": ([("==1.9", "==1.10")], [("==1.9", "==1.11")], [("==1.9", "==1.11")]),
    "the template's is higher": ([("==1.9", "==1.10")], [("==1.9", "==1.9.3")], [("==1.9", "==1.10")]),
    "not comparable": ([("==1.9", "==1.10")], [("==1.9", "==2.0rc1")], None),
    "dropped": (
        [("mako==1.2 \\\n    --hash=sha256:m\n", "")],
        [("==3.1", "==3.2")],
        [("mako==1.2 \\\n    --hash=sha256:m\n", ""), ("==3.1", "==3.2")],
    ),
    "dropped, but a package of the owner may need it": (
        [("mako==1.2 \\\n    --hash=sha256:m\n", "")],
        [after("sha256:m\n", OWN_PIN)],
        [after("sha256:m\n", OWN_PIN)],
    ),
}


@pytest.mark.parametrize("case", REQUIREMENTS.values(), ids=REQUIREMENTS)
def test_requirements(case: tuple[list[Edit], list[Edit], list[Edit] | None]) -> None:
    theirs, ours, expected = case
    merged = merge("requirements-dev.txt", PINS, edited(PINS, *ours), edited(PINS, *theirs))
    if expected is None:
        assert merged.has_conflicts
    else:
        assert merged == (edited(PINS, *expected), False)


# The driver


FACTORY = """\
from flask import Flask

from app import config


def create_app() -> Flask:
    app = Flask(__name__)
    old.configure(app, config)
    pages.init_app(app)
    return app
"""
FILTER = '    app.jinja_env.filters["up"] = str.upper\n'


def test_factory() -> None:
    """The statements of create_app() are merged one by one; a call that both have changed is a conflict."""
    ours = edited(FACTORY, ("    return app\n", f"{FILTER}    return app\n"))
    theirs = edited(FACTORY, ("    old.configure(app, config)\n    pages.init_app(app)\n", "    new(app)\n"))
    merged = merge("app/__init__.py", FACTORY, ours, theirs)
    assert merged == (edited(theirs, ("    return app\n", f"{FILTER}    return app\n")), False)
    ours = edited(FACTORY, ("configure(app, config)", "configure(app, config, 1)"))
    theirs = edited(FACTORY, ("configure(app, config)", "configure(app, config, 2)"))
    assert merge("app/__init__.py", FACTORY, ours, theirs).has_conflicts


PAGE = """\
# Shop

Intro.

## Set up

```console
# no heading
$ make
```

## Help

Ask.
"""


def test_markdown() -> None:
    """Sections are merged one by one; text in a code fence is not a heading."""
    ours = edited(PAGE, after("Ask.\n", "\n## Ours\n\nBe kind.\n"), ("Intro.", "Our intro."))
    theirs = edited(PAGE, ("Ask.\n", "Ask us.\n\n## More\n\nRead.\n"), ("$ make\n", "$ make all\n"))
    merged = merge("README.md", PAGE, ours, theirs)
    expected = edited(theirs, ("Intro.", "Our intro."), after("Read.\n", "\n## Ours\n\nBe kind.\n"))
    assert merged == (expected, False)
    gone = edited(PAGE, ("\n## Help\n\nAsk.\n", ""))
    assert merge("README.md", PAGE, edited(PAGE, ("Intro.", "We.")), gone).text.endswith("```\n")
    changed = edited(PAGE, ("Ask.", "Ask me."))
    assert merge("README.md", PAGE, changed, gone) == (changed, False)
    assert merge("README.md", PAGE, gone, changed).text == gone
    both = merge("README.md", PAGE, changed, edited(PAGE, ("Ask.", "Ask us.")))
    assert both.has_conflicts and "Ask me." in both.text and "Ask us." in both.text


DIAGRAM = """\
# Models

```mermaid
erDiagram
    "blog.posts" {
        integer id PK
        integer user_id FK
    }
    "users" {
        integer id PK
        text name
    }
    "users" ||--o{ "blog.posts" : "user_id"
```
"""
NOTES = '    "notes" {\n        integer id PK\n        integer user_id FK\n    }\n'
ORDERS = '    "orders" {\n        integer id PK\n        integer user_id FK\n    }\n'


def to_user(table: str) -> str:
    return f'    "users" ||--o{{ "{table}" : "user_id"\n'


def test_diagram_by_tables() -> None:
    """Tables, columns and lines are merged one by one, in the order in which they are drawn."""
    posts = to_user("blog.posts")
    users, name = '    "users" {\n', "        text name\n"
    ours = edited(DIAGRAM, after(name, "        text phone\n"), (users, NOTES + users))
    ours = edited(ours, after(posts, to_user("notes")))
    theirs = edited(DIAGRAM, after(name, "        text bio\n"), (users, ORDERS + users))
    theirs = edited(theirs, after(posts, to_user("orders")))
    expected = edited(DIAGRAM, after(name, "        text bio\n        text phone\n"))
    expected = edited(expected, (users, NOTES + ORDERS + users))
    expected = edited(expected, after(posts, to_user("notes") + to_user("orders")))
    assert merge("docs/models.md", DIAGRAM, ours, theirs) == (expected, False)
    gone = edited(DIAGRAM, (name, ""), (posts, ""))
    assert merge("docs/models.md", DIAGRAM, ours, gone).text == edited(ours, (name, ""), (posts, ""))
    drawn = DIAGRAM.replace("erDiagram", "flowchart")
    assert merge("docs/models.md", DIAGRAM, drawn, theirs) == (drawn, False)


def test_diagram_of_another_form() -> None:
    """Changes that a newer template makes to every line, to the text above and to the layout arrive."""
    times = "        timestamptz created_at\n        timestamptz updated_at\n"
    old = edited(DIAGRAM, after("        text name\n", times), ("# Models", "# Models\n\nHow to draw it."))
    ours = edited(old, after("        text name\n", "        text phone\n"))
    head, right = "# Models\n\nHow to draw it again.", after("erDiagram\n", "    direction LR\n")
    line = to_user("blog.posts")
    turned = '    "blog.posts" }o--|| "users" : ""\n'
    theirs = edited(DIAGRAM, ("# Models", head), right, ("text name", 'text name "null"'), (line, turned))
    expected = edited(theirs, after('        text name "null"\n', "        text phone\n"))
    assert merge("docs/models.md", old, ours, theirs) == (expected, False)
    back = edited(theirs, ("    direction LR\n", ""))
    assert merge("docs/models.md", theirs, expected, back) == (
        edited(expected, ("    direction LR\n", "")),
        False,
    )


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    attributes = folder / ".git" / "attributes"
    driver = f"'{sys.executable}' -Bm plumbing.merging %O %A %B %L %P"
    settings = {
        "core.attributesFile": str(attributes),
        "merge.plumbing.driver": driver,
        "user.name": "Ada",
        "user.email": "ada@example.com",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return subprocess.run(
        ["git", *options, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TEMPLATE), "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
    )


def commit(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", ".")
    assert git(folder, "commit", "-qm", "A commit").returncode == 0


def test_driver(tmp_path: Path) -> None:
    """Git merges with it, and names the files with conflicts."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / ".git" / "attributes").write_text("* merge=plumbing\n")
    names = ("app/models/user.py", "app/models/member.py", "wrong.py")
    commit(tmp_path, dict(zip(names, (MODEL, MODEL, "x = (\n"), strict=True)))
    git(tmp_path, "checkout", "-qb", "template")
    theirs = edited(MODEL, IMPORT_TEXT, after(NAME, BIO))
    changed = edited(theirs, ("String(64)", "String(90)"))
    commit(tmp_path, dict(zip(names, (theirs, changed, "y = (\n"), strict=True)))
    git(tmp_path, "checkout", "-q", "main")
    ours = edited(MODEL, after(NAME, AGE))
    own_size = edited(MODEL, ("String(64)", "String(80)"))
    commit(tmp_path, dict(zip(names, (ours, own_size, "z = (\n"), strict=True)))
    merged = git(tmp_path, "merge", "template")
    assert merged.returncode == 1
    assert "Traceback" not in merged.stdout + merged.stderr
    unmerged = git(tmp_path, "diff", "--name-only", "--diff-filter=U").stdout.split()
    assert unmerged == ["app/models/member.py", "wrong.py"]
    expected = edited(MODEL, IMPORT_TEXT, after(NAME, BIO + AGE))
    assert (tmp_path / names[0]).read_text() == expected
    assert BIO in (tmp_path / names[1]).read_text()
    assert (tmp_path / names[2]).read_text() == (
        f"{'<' * 7} yours\nz = (\n{'=' * 7}\ny = (\n{'>' * 7} template\n"
    )


def test_driver_with_a_mistake_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong, the result is git's own merge, and binary content survives."""
    monkeypatch.setattr("plumbing.merging.__main__.merge", lambda *texts: 1 / 0)
    files = [tmp_path / name for name in ("base", "ours", "theirs")]
    for file, content in zip(files, (b"a\nb\nc\n", b"\xff\nb\nc\n", b"a\nb\nd\n"), strict=True):
        file.write_bytes(content)
    base, ours, theirs = map(str, files)
    assert main(base, ours, theirs, "7", "app/models/user.py") == 0
    assert files[1].read_bytes() == b"\xff\nb\nd\n"


def test_it_starts_quickly() -> None:
    """It loads neither the application nor its libraries."""
    code = "import sys, plumbing.merging.__main__; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-Bc", code],
        env={**os.environ, "PYTHONPATH": str(TEMPLATE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert loaded.isdisjoint({"flask", "sqlalchemy", "alembic", "app"})
    own = {name for name in result.stdout.split() if name.startswith("plumbing.")}
    assert all(name.startswith("plumbing.merging") for name in own)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("abc", "abxcy", "cab", "cabxy"),
        ("abc", "xabc", "bcad", "xbcad"),
        ("abc", "acb", "cab", "acb"),
        ("abc", "xac", "bac", "xac"),
        ("abc", "axbc", "ca", "caxb"),
    ],
)
def test_order_of_the_template(base: str, ours: str, theirs: str, merged: str) -> None:
    """If only the template has moved something, its order wins; the owner's parts stay in place."""
    assert "".join(merged_order(base, ours, theirs)) == merged
