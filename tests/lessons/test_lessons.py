"""Test that the lessons show what happens today, have the right form and cover what they must."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.answers import slug
from lessons import handouts
from lessons.names import NAME, renamed
from lessons.replay import LESSONS, blocks, commands, replayed
from tests.support.bake import ROOT, TOOLS, Project, environment, mypy_cache, warm, warm_cookiecutter
from tests.support.servers import server_removed

PATHS = sorted(LESSONS.glob("*.md"))
TEXTS = {path.stem: path.read_text() for path in PATHS}
ALL = "\n".join(TEXTS.values())
EXERCISE = "pytest -qq --no-summary tests/test_exercise.py"

BEGIN = "In a clone of this repository, with cookiecutter installed, type:\n\n```text\ncookiecutter . "
SET_UP = """
cd ../{}
python3 -m venv .venv
. .venv/bin/activate
pip install -q -r requirements-dev.txt
git init -q -b main
git add .
git commit -qm "Start"
"""

SOLUTION = "<summary>Solution</summary>"

lesson = pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])


def test_order() -> None:
    assert [name.partition("-")[2] for name in TEXTS] == [
        "first-migration",
        "add-a-column",
        "second-table",
        "rolling-back",
        "schemas",
        "environments",
        "existing-database",
        "classic-errors",
        "changing-data",
        "two-branches",
        "sqlite",
        "a-form",
        "json-api",
        "log-in",
        "the-data-model-grows",
    ]
    assert [int(name[:2]) for name in TEXTS] == list(range(1, len(TEXTS) + 1))


def programs() -> tuple[Path, ...]:
    """Return the folders of the programs that run in forks."""
    return warm().programs(), warm_cookiecutter().programs()


def ran(text: str) -> list[tuple[str, int]]:
    """Return the commands of a text with their exit status."""
    found = [block for block in blocks(text) if block.language == "console"]
    return [(command, status) for block in found for command, _, status in commands(block.body)]


@lesson
def test_form(text: str) -> None:
    """It begins with what learners will be able to do, and ends with three questions and their answers."""
    assert re.match(r"# .+\n\nAfter this lesson you can\n\n(\* .+\n){2,4}\n" + re.escape(BEGIN), text)
    name = NAME.findall(text)[0]
    assert blocks(text)[0].body.endswith(SET_UP.format(slug(name)))
    assert re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", name)
    headings = re.findall(r"^## (.+)", text, re.MULTILINE)
    steps = headings[:-2]
    assert [heading.partition(".")[0] for heading in steps] == [str(n + 1) for n in range(len(steps))]
    assert headings[-2:] == ["Exercise", "Questions"]
    questions, answers = text.partition("\n## Questions\n")[2].split("<summary>Answers</summary>")
    for part in (questions, answers):
        assert re.findall(r"^(\d)\. ", part, re.MULTILINE) == ["1", "2", "3"]
    assert text.endswith("\n</details>\n")


@lesson
def test_exercise(text: str) -> None:
    """Its test fails before the solution and passes after it; both states end with a commit."""
    lesson, exercise = text.split("\n## Exercise\n")
    task, solution = exercise.partition("\n## Questions\n")[0].split(SOLUTION)
    assert 1 <= sum(command.startswith("git commit") for command, _ in ran(lesson)) <= 4
    assert "tests/test_exercise.py" in [block.file for block in blocks(task)]
    assert ran(task)[-1] == (EXERCISE, 1)
    assert ("pytest -qq tests/test_exercise.py", 0) in ran(solution)
    assert ran(solution)[-1][0].startswith("git commit")


@pytest.mark.long
@pytest.mark.parametrize("name", TEXTS)
def test_replayed(name: str, database: Callable[[], str], deep: bool) -> None:
    """It shows today's output, and at its last commit the project's own tests pass.

    In a deep run they pass at every commit.  The code is formatted and typed at the end, except for a
    class on db.Model, which lesson 01 uses to show an error.
    """
    text = TEXTS[name]
    with replayed(text, programs()) as (today, path):
        assert today == text
        project = Project(path, {"TEST_DATABASE_URL": database()})
        steps = sum(command.startswith("git commit") for command, _ in ran(text))
        assert project.ok("git", "tag").split() == [f"step-{number}" for number in range(steps + 1)]
        project.ok("git", "clean", "-fdxq")
        for number in range(1 if deep else steps, steps + 1):
            project.ok("git", "checkout", "-qf", f"step-{number}")
            project.ok("pytest", "-q", "-p", "no:cacheprovider")
        assert project.ok("git", "diff", f"step-{steps}", "main") == ""
        left_out = ["--exclude", "app/models/user.py"] if name == "01-first-migration" else []
        project.ok("ruff", "format", "--no-cache", "--diff", *left_out, ".")
        project.ok("mypy", mypy_cache(path), *left_out, ".")


@pytest.mark.deep
@pytest.mark.parametrize("name", TEXTS)
def test_replayed_under_another_name(name: str) -> None:
    """A handout for a course with its own project name shows the output under that name."""
    text = renamed(TEXTS[name], "A Course of Our Own")
    assert text != TEXTS[name]
    with replayed(text, programs()) as (today, path):
        assert today == text
        assert path.name == "a_course_of_our_own"


@pytest.mark.parametrize(
    "command",
    [
        "flask db init",
        'flask db migrate -m "Create user table"',
        'flask db migrate -m "initial migration"',
        'flask db migrate -m "Add phone column to users"',
        'flask db migrate -m "Add posts table"',
        "flask db upgrade",
        "flask db upgrade 0001_initial",
        "flask db upgrade --sql",
        "flask db downgrade",
        "flask db downgrade 0001_initial",
        "flask db downgrade base",
        "flask db current",
        "flask db history",
        "flask db heads",
        "flask db check",
        "flask db stamp head",
        "FLASK_ENV=production flask db upgrade",
        'python db_manage.py psql -c "SELECT * FROM alembic_version"',
    ],
)
def test_commands_are_taught(command: str) -> None:
    """Every Flask-Migrate command that other tutorials teach succeeds in some lesson."""
    assert any(command in typed for typed, status in ran(ALL) if status == 0)


@pytest.mark.parametrize(
    "error",
    [
        "No such command 'db'.",
        "Target database is not up to date.",
        "No changes in schema detected.",
        'schema "shop" does not exist',
        "Can't locate revision",
        "already exists",
        "Multiple head",
        "SECRET_KEY is not set",
        "DATABASE_URL is not set",
    ],
)
def test_errors_are_met(error: str) -> None:
    shown = [output for block in blocks(ALL) for _, output, _ in commands(block.body)]
    assert any(error in output for output in shown)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (
            "01-first-migration",
            """class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), unique=True, nullable=False)
    email = db.Column(db.String(120), unique=True, nullable=False)

    def __repr__(self):
        return f'<User {self.username}>'
""",
        ),
        ("01-first-migration", "+    phone = Column(String(20), nullable=True)  # NEW!\n"),
        (
            "01-first-migration",
            """class Post(BaseModel):
    __tablename__ = "posts"

    title = Column(String(200), nullable=False)
    content = Column(Text)
    user_id = Column(Integer, ForeignKey("user.id"), nullable=False)
""",
        ),
        ("03-second-table", "+from app.models.post import Post  # NEW!\n"),
        (
            "11-sqlite",
            """from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_migrate import Migrate

app = Flask(__name__)
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///app.db'
app.config['SQLALCHEMY_TRACK_MODIFICATIONS'] = False

db = SQLAlchemy(app)
migrate = Migrate(app, db)
""",
        ),
    ],
)
def test_code_as_it_is_found_elsewhere(name: str, code: str) -> None:
    """Code that learners may have copied from other tutorials works as it is."""
    assert any(code in block.body for block in blocks(TEXTS[name]))


def test_nothing_is_masked() -> None:
    """The output is reproducible without masking."""
    for command, _ in ran(ALL):
        assert not re.search(r"\| *(sed|awk|cut|tr)\b", re.sub(r"\$\(.*?\)", "", command)), command


class Page(HTMLParser):
    """The link targets and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := found.get(name))]
        self.ids += [value] if (value := found.get("id")) else []


def shown(html: str) -> str:
    """Return the visible text of a page."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def written(folder: Path, solutions: bool = False, project_name: str = "") -> dict[str, str]:
    handouts.write(folder, solutions, project_name)
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("solutions", [False, True])
def test_handouts(tmp_path: Path, solutions: bool) -> None:
    """Each page is self-contained: it loads nothing, every link works and the whole lesson is there.

    Answers that learners should find themselves are shown only on demand.
    """
    made = written(tmp_path / "made", solutions)
    assert sorted(made) == [*(f"{name}.html" for name in TEXTS), "index.html"]
    for name, html in made.items():
        if name == "index.html":
            continue
        page, text = Page(html), TEXTS[name.removesuffix(".html")]
        if not solutions:
            text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert "@import" not in html and "url(" not in html
        assert len(page.ids) == len(set(page.ids)) == len(re.findall("^## ", text, re.MULTILINE))
        assert set(page.links) == {f"#{anchor}" for anchor in page.ids} | set(made)
        assert page.tags.count("pre") == len(blocks(text))
        assert page.tags.count("details") == 2 * solutions
        assert text.partition("\n")[0].removeprefix("# ") in shown(html)
        questions = TEXTS[name.removesuffix(".html")].partition("\n## Questions\n")[2]
        question, answer = re.findall(r"^1\. (.*)", questions, re.MULTILINE)
        assert plain(question) in shown(html)
        assert (plain(answer) in shown(html)) == solutions


def plain(markdown: str) -> str:
    return markdown.replace("`", "")


def test_index_of_the_handouts(tmp_path: Path) -> None:
    """It lists the lessons in order, each with its title, a link and what learners can do afterwards."""
    html = written(tmp_path)["index.html"]
    page = Page(html)
    main = Page(html.partition("<main>")[2])
    assert not {"script", "link", "img", "iframe", "details"} & set(page.tags)
    assert main.links == [f"{name}.html" for name in TEXTS]
    place = 0
    for number, text in enumerate(TEXTS.values(), 1):
        title = text.partition("\n")[0].removeprefix("# ")
        goals = re.findall(r"^\* (.+)", text.partition("\ncookiecutter")[0], re.MULTILINE)
        assert len(goals) >= 2
        for line in [f"{number}. {title}", *map(plain, goals)]:
            place = shown(html.partition("<main>")[2]).index(line, place)


def test_handouts_under_another_name(tmp_path: Path) -> None:
    made = written(tmp_path, project_name="My Course's")
    html = shown(made["02-add-a-column.html"])
    assert """project_name='My Course'"'"'s' models""" in html and "database my_courses_dev" in html
    assert not re.search("address.book", "".join(map(shown, made.values())), re.IGNORECASE)


def test_handouts_look_like_the_welcome_page() -> None:
    """Both have the same colors, light and dark."""
    styles = (ROOT / "<<cookiecutter.project_slug>>/plumbing/web/static/plumbing.css").read_text()
    template = (ROOT / "lessons/handout.html").read_text()
    for name in ("ink", "soft", "line", "page", "paper", "link"):
        light, dark = re.findall(rf"--{name}: (#\w+)", template)
        assert f"light-dark({light}, {dark})" in styles, name


def test_handout_colors() -> None:
    """A session shows what is typed, what is printed, and a file in its own colors."""
    html = handouts.highlighted("$ cat a.py\nif x < 1: y\n$ echo a \\\n> b\na < b\n[1]\n", "console")
    assert html == (
        '<span class="prompt">$ </span>cat<span class="w"> </span>a.py\n'
        '<span class="output"><span class="k">if</span> <span class="n">x</span> <span class="o">&lt;</span>'
        ' <span class="mi">1</span><span class="p">:</span> <span class="n">y</span>\n</span>'
        '<span class="prompt">$ </span><span class="nb">echo</span><span class="w"> </span>a<span class="w"> </span>'
        '<span class="se">\\</span>\n<span class="prompt">&gt; </span>b\n'
        '<span class="output">a &lt; b\n[1]\n</span>'
    )


@pytest.mark.deep
def test_head_of_the_first_lesson(tmp_path: Path) -> None:
    """Its instructions for making a project work in a copy of this repository."""
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns("build", ".git", "*cache*"))
    lesson = (LESSONS / "01-first-migration.md").read_text()
    typed = next(block.body for block in blocks(lesson) if block.language == "text")
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    identity = {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    variables = environment(PATH=path, HOME=str(tmp_path), **identity)
    subprocess.run(["bash", "-e"], input=typed, cwd=copy, env=variables, check=True, text=True)
    project = Project(tmp_path / "address_book")
    with server_removed(project):
        assert "Ready. Next: flask run" in project.ok(".venv/bin/python", "db_manage.py", "setup")
    assert project.ok("git", "status", "--short") == ""
