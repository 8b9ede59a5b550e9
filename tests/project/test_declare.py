"""Test adding to the declaration of a project that its owner has changed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bake import ROOT, Baker, Project, Result
from tests.support.commands import edit, manage
from tests.support.declarations import DECLARATIONS
from tests.support.template import commit, committed, is_kept, record

ORDER = "shop.Order total:numeric(10,2) user:users.User"


def declare(project: Project, *words: str, status: int = 0) -> Result:
    return manage(project, "declare", "--template", str(ROOT), *words, status=status)


# The seven places that people edit, each with the text that must be kept.
USER = "app/models/user.py"
INIT = "app/models/__init__.py"
SEEDS = "app/seeds.py"
EDITS: dict[str, tuple[str, str, str]] = {
    "column": (
        USER,
        "    email: Mapped[str] = mapped_column(String(120), unique=True)\n",
        "    email: Mapped[str] = mapped_column(String(120), unique=True)\n"
        "    phone: Mapped[str | None] = mapped_column(Text)\n",
    ),
    "method": (
        USER,
        '    posts: Mapped[list["Post"]] = relationship(back_populates="user", passive_deletes="all")\n',
        '    posts: Mapped[list["Post"]] = relationship(back_populates="user", passive_deletes="all")\n\n'
        "    def shout(self) -> str:\n        return self.username.upper()\n",
    ),
    "relationship": (
        USER,
        '    posts: Mapped[list["Post"]] = relationship(back_populates="user", passive_deletes="all")\n',
        '    posts: Mapped[list["Post"]] = relationship(back_populates="user", passive_deletes="all")\n'
        '    notes: Mapped[list["Note"]] = relationship(back_populates="user")\n',
    ),
    "import": (USER, "import String\n", "import String, Text\n"),
    "import for types": (
        USER,
        "    from app.models.post import Post\n",
        "    from app.models.note import Note\n    from app.models.post import Post\n",
    ),
    "docstring": (
        USER,
        "class User(BaseModel):\n",
        'class User(BaseModel):\n    """Somebody who writes."""\n\n',
    ),
    "names of the package": (
        INIT,
        "from app.models.post import Post\n",
        "from app.models.note import Note\nfrom app.models.post import Post\n",
    ),
    "__all__": (INIT, '["BaseModel", "Post", "User"]', '["BaseModel", "Note", "Post", "User"]'),
    "seeds": (
        SEEDS,
        "    yield from posts\n",
        '    yield from posts\n    yield Note(text="Mine", user=users[1])\n',
    ),
    "import of the seeds": (SEEDS, "import Post, User\n", "import Note, Post, User\n"),
}
NOTE = """\
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel

if TYPE_CHECKING:
    from app.models.user import User


class Note(BaseModel):
    __tablename__ = "notes"

    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.users.id"), index=True)

    user: Mapped["User"] = relationship(back_populates="notes")
"""
KEPT = {
    USER: [
        "    phone: Mapped[str | None] = mapped_column(Text)\n",
        "    def shout(self) -> str:\n        return self.username.upper()\n",
        '    notes: Mapped[list["Note"]] = relationship(back_populates="user")\n',
        '    """Somebody who writes."""\n',
        "    from app.models.note import Note\n",
    ],
    INIT: ["from app.models.note import Note\n", '"Note"'],
    SEEDS: ['    yield Note(text="Mine", user=users[1])\n'],
}


def edit_models(project: Project) -> None:
    """Make all edits, with a model of the owner's own."""
    (project.path / "app/models/note.py").write_text(NOTE)
    for name, old, new in EDITS.values():
        edit(project, name, old, new)


def assert_edits_are_there(project: Project) -> None:
    assert (project.path / "app/models/note.py").read_text() == NOTE
    for name, texts in KEPT.items():
        content = (project.path / name).read_text()
        assert all(text in content for text in texts), (name, content)


def assert_green(project: Project, url: str) -> None:
    """Assert that models, database and diagram agree, and that linters and the project's tests pass."""
    assert "Checked: " in manage(project, "check").stdout
    project.passes_quality()
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=url)


@pytest.mark.long
def test_declare(baker: Baker, database: Callable[[], str]) -> None:
    """A model with all that follows from it is added to a project with every kind of edit and a migration."""
    project = committed(baker)
    project.variables["DATABASE_URL"] = database()
    manage(project, "setup")
    edit_models(project)
    manage(project, "migrate", "add notes")
    manage(project, "upgrade")
    commit(project, "Notes")
    output = declare(project, ORDER).stdout
    assert output == (
        "Changing: README.md\nChanging: app/models/__init__.py\nAdding: app/models/order.py\n"
        "Changing: app/models/user.py\nChanging: app/seeds.py\nChanging: docs/database.md\n"
        "Changing: docs/models.md\n"
        'Next: python db_manage.py migrate "add orders"\n'
    )
    assert_edits_are_there(project)
    user = (project.path / USER).read_text()
    assert (
        '    orders: Mapped[list["Order"]] = relationship(back_populates="user", passive_deletes="all")\n'
        in user
    )
    assert manage(project, "declare").stdout.endswith(f"\n{ORDER}\n")
    written = manage(project, "migrate", "add orders").stdout
    assert "Next: read it" in written
    migration = (project.path / "migrations/versions/0003_add_orders.py").read_text()
    assert re.findall(r"op\.(create|drop)_table\(\s*'(\w+)'", migration)[0] == ("create", "orders")
    assert re.findall(r"create_table\('(\w+)'", migration) == ["orders"] and "add_column" not in migration
    manage(project, "upgrade")
    assert_green(project, database())
    commit(project, "Orders")

    # Changed fields, and models removed from the declaration
    file = project.path.parent / "models.txt"
    longer = manage(project, "declare").stdout.replace(
        "content:text?", "slug:string(40)=none state:enum(new|old)?"
    )
    file.write_text(longer.replace("total:numeric(10,2)", "total:numeric(10,2) paid:boolean=false"))
    output = declare(project, "--file", str(file)).stdout
    assert output.endswith('Next: python db_manage.py migrate "add paid, slug and state"\n')
    post = (project.path / "app/models/post.py").read_text()
    assert "content" not in post and 'PostState = Literal["new", "old"]' in post and "Text" not in post
    assert_edits_are_there(project)
    manage(project, "migrate", "more fields")
    manage(project, "upgrade")
    assert_green(project, database())
    commit(project, "Fields")

    # A model that is removed, with its import, its seeds and its reverse relationship.
    file.write_text("\n".join(manage(project, "declare").stdout.splitlines()[:-1]))
    output = declare(project, "--file", str(file)).stdout
    assert "Removing: app/models/order.py\n" in output
    assert output.endswith('Next: python db_manage.py migrate "remove orders"\n')
    for name in (USER, INIT, SEEDS):
        assert "rder(" not in (project.path / name).read_text()
    assert_edits_are_there(project)
    manage(project, "migrate", "remove orders")
    manage(project, "upgrade")
    assert_green(project, database())


def parts(text: str) -> tuple[str, str]:
    """Split a declaration into its first models and the last one."""
    models = [model.strip() for model in re.split(r";(?=\s*[\w.]+(?:\(\w+\))?\s)", text)]
    return "\n".join(models[:-1]), models[-1]


SPLIT = {name: parts(text) for name, text in DECLARATIONS.items() if parts(text)[0]}


@pytest.mark.parametrize("name", SPLIT)
def test_same_as_declared_at_once(tmp_path: Path, name: str) -> None:
    """Declaring the last model later gives the same bytes as declaring all models together."""
    first, last = SPLIT[name]
    project = committed(Baker(tmp_path / "a"), models=first)
    declare(project, last)
    at_once = Baker(tmp_path / "b").bake(models=f"{first}\n{last}").files()
    files = project.files()
    for name in files | at_once:
        assert is_kept(name) or files.get(name) == at_once.get(name), name


def test_first_page_stays(baker: Baker) -> None:
    """A fresh project would list the rows of another model, but an existing first page is kept."""
    project = committed(baker)
    declare(project, "Country name:text")
    assert "posts()" in (project.path / "app/views.py").read_text()
    assert not (project.path / "app/templates/countries.html").exists()
    assert declare(project, "").stdout.startswith("Nothing to do")


def test_greeting_stays(tmp_path: Path) -> None:
    """A project that began without models keeps its greeting."""
    project = committed(Baker(tmp_path / "out"), models="")
    declare(project, "Country name:text")
    assert (project.path / "app/templates/hello.html").exists()
    assert not (project.path / "app/templates/countries.html").exists()


SEVERAL_LINES = """\
Author  name:string(80)

Book
    title:string(200)       # as on its cover
    author:Author
"""


def test_several_lines(baker: Baker) -> None:
    """The declaration and what is added to it stay as they were written."""
    project = committed(baker, models=SEVERAL_LINES)
    assert manage(project, "declare").stdout == SEVERAL_LINES
    loan = "Loan\n    book:Book  # which one\n    due:date"
    assert "Adding: app/models/loan.py\n" in declare(project, loan).stdout
    assert manage(project, "declare").stdout == f"{SEVERAL_LINES}{loan}\n"
    file = project.path.parent / "models.txt"
    file.write_text(f"{SEVERAL_LINES}    pages:integer?\n{loan}\n")
    output = declare(project, "--file", str(file)).stdout
    assert output.endswith('Next: python db_manage.py migrate "add pages"\n')
    assert "    pages: Mapped[int | None]" in (project.path / "app/models/book.py").read_text()
    project.passes_quality()


def test_refused(baker: Baker) -> None:
    """A mistake in the declaration gives the template's own error line, and nothing changes."""
    project = committed(baker)
    head = project.ok("git", "rev-parse", "HEAD")
    assert declare(project, "Note a:txt", status=2).stderr.splitlines() == [
        "Error: models:2:6: type 'txt' in 'a:txt' is unknown, did you mean 'text'?",
        "    Note a:txt",
        "         ^",
    ]
    assert "declared" in declare(project, "users.User a:text", status=2).stderr
    assert "exclude each other" in declare(project, "A b:text", "--file", "README.md", status=2).stderr
    assert "does not exist" in declare(project, "--file", "nowhere.txt", status=2).stderr
    file = project.path.parent / "models.txt"
    file.write_bytes(b"A b:text \xff\n")
    assert "models.txt cannot be read: " in declare(project, "--file", str(file), status=2).stderr
    assert project.ok("git", "rev-parse", "HEAD") == head
    assert project.ok("git", "status", "--porcelain") == ""


def test_answers_with_delimiters(baker: Baker) -> None:
    """Text in an answer that cookiecutter would render survives unchanged, again and again."""
    project = committed(baker, models="Tag b:string='<<'<<'>> <<'<%'>>'")
    assert manage(project, "declare").stdout == "Tag b:string='<< <%'\n"
    declare(project, "Box c:string='<# 1'")
    declare(project, "Cat d:text")
    models = record(project)["answers"]["models"]
    assert models == [
        "Tag b:string='<< <%'",
        "Box c:string='<# 1'",
        "Cat d:text",
    ]
    assert "'<# 1'" in (project.path / "app/models/box.py").read_text().replace('"', "'")


def test_answers_beyond_ascii(baker: Baker) -> None:
    """Text that JSON and YAML write in different ways survives unchanged."""
    project = committed(baker, models="Tag a:string='\N{PARTY POPPER}'", project_name="\N{PARTY POPPER} äß")
    declare(project, "Box b:text='\\ud83c\\udf89 東'")
    answers = record(project)["answers"]
    assert answers["models"] == ["Tag a:string='\N{PARTY POPPER}'", "Box b:text='\\ud83c\\udf89 東'"]
    assert answers["project_name"] == "\N{PARTY POPPER} äß"


def test_long_declaration(baker: Baker) -> None:
    """A declaration may be longer than one argument of a program."""
    project = committed(baker, models="")
    file = project.path.parent / "models.txt"
    file.write_text(
        "".join(f"M{number} {' '.join(f'f{n}:text' for n in range(150))}\n" for number in range(150))
    )
    assert file.stat().st_size > 2**17
    declare(project, "--file", str(file))
    assert len(list(project.path.glob("app/models/m*.py"))) == 150


def test_change_of_a_column(baker: Baker) -> None:
    """Any change of a model in a declaration needs a migration, and the next command says so."""
    project = committed(baker, models="Tag name:string(40)")
    file = project.path.parent / "models.txt"
    for models in ("Tag name:string(80)", "Tag name:string(80):index", "Tag name:string(80)?"):
        file.write_text(models)
        output = declare(project, "--file", str(file)).stdout
        assert output.endswith('Next: python db_manage.py migrate "change the models"\n'), models
    file.write_text("# a comment\nTag name:string(80)?")
    assert "Next:" not in declare(project, "--file", str(file)).stdout


@pytest.mark.parametrize("taken", ["ours", "theirs", "union"])
def test_two_branches(baker: Baker, taken: str) -> None:
    """After two branches each declare a model, the next declaration works with either record or both."""
    project = committed(baker)
    project.ok("git", "switch", "-qc", "side")
    declare(project, "Side a:text")
    project.ok("git", "switch", "-q", "main")
    declare(project, "Main a:text")
    side = "theirs" if taken == "theirs" else "ours"
    project.ok("git", "merge", "-q", "--no-edit", "-X", side, "side")
    if taken == "union":
        edit(project, ".template.json", '"Main a:text"', '"Main a:text",\n      "Side a:text"')
        commit(project, "Both")
    declare(project, "Third a:text")
    for name in ("main", "side", "third"):
        assert (project.path / f"app/models/{name}.py").exists()
    assert "Third" in (project.path / INIT).read_text()
