"""Test that docs/declaration.md and the examples show what is really generated."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import answers
from generator.model import DELETE_RULES, FLAGS
from generator.scalars import KEY_TYPES, TYPES
from lessons.replay import blocks, commands
from tests.support.bake import ROOT, TEMPLATE, Baker, environment
from tests.support.judge import Judge

PAGE = (ROOT / "docs" / "declaration.md").read_text()
EXAMPLES = sorted((ROOT / "examples").iterdir())


def sections() -> list[tuple[str, list[str]]]:
    """Return each declaration of the page with the parts of files that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(PAGE):
        if block.language == "models":
            found.append((block.body, []))
        elif block.language == "python":
            found[-1][1].append(block.body)
    return found


@pytest.mark.parametrize(("text", "parts"), sections())
def test_page(baker: Baker, text: str, parts: list[str]) -> None:
    project = baker.bake(models=text)
    assert parts
    for part in parts:
        name, body = part.removeprefix("# ").split("\n", 1)
        assert body in (project.path / name).read_text()


def test_page_is_whole() -> None:
    """The grammar names every type, flag and rule, and an example shows each."""
    (grammar,) = (block.body for block in blocks(PAGE) if block.language == "text")
    examples = "\n".join(text for text, _ in sections())
    for word in [*TYPES, *FLAGS, *DELETE_RULES]:
        assert f'"{word}"' in grammar
        assert re.search(rf"[: ]{word}\b", examples) or word == "restrict", word
    (keys,) = re.findall("^key +=(.+)$", grammar, re.MULTILINE)
    for word in KEY_TYPES:
        assert f'"{word}"' in keys and f"id:{word}" in PAGE


def files() -> dict[str, str]:
    """Return the answer files that the page shows; their first lines name them."""
    bodies = [block.body for block in blocks(PAGE) if block.language == "yaml"]
    return {body.split("\n")[0].removeprefix("# "): body for body in bodies}


def test_file_of_the_page(baker: Baker) -> None:
    config = baker.folder.with_name("blog.yaml")
    config.write_text(files()["blog.yaml"])
    path = baker.generate("--config-file", str(config)).path
    assert path.name == "blog"
    assert "String(64)" in (path / "app/models/user.py").read_text()
    assert "String(200)" in (path / "app/models/post.py").read_text()


def test_mistakes_of_the_page(tmp_path: Path) -> None:
    shown = [line for b in blocks(PAGE) if b.language == "console" for line in commands(b.body)]
    assert len(shown) == 2
    for name, body in files().items():
        (tmp_path / name).write_text(body)
    for command, output, status in shown:
        command = command.replace("cookiecutter .", f"{ROOT}/build/tools/bin/cookiecutter {ROOT}")
        variables = environment(HOME=str(tmp_path))
        result = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=variables, capture_output=True, text=True
        )
        assert (result.stdout + result.stderr, result.returncode) == (output, status)


def test_declaration_in_a_project() -> None:
    """The page on updates shows the multi-line form, and a model that can be added to it."""
    page = (TEMPLATE / "docs/updates.md").read_text()
    (shown,) = (block.body for block in blocks(page) if block.language == "text")
    (added,) = re.findall('`declare "(.+?)"` adds', page)
    author, book, loan = answers.declared(f"{shown}{added}")
    assert [field.other_side for field in author.referrers + book.referrers] == ["books", "loans"]
    assert "book.author, author.books" in shown and [field.name for field in loan.fields] == ["due", "book"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(baker: Baker, judge: Judge, database: Callable[[], str], path: Path) -> None:
    """Each example bakes, agrees and passes its own tests."""
    project = baker.generate("--config-file", str(path))
    first = project.files()
    judge(project)
    assert {name: content for name, content in project.files().items() if name in first} == first
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())
