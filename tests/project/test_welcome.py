"""Test the welcome page of a generated project: its lines and commands do what it says."""

import html
import os
import re

import pytest

from tests.support.bake import Baker, Project, mypy_cache, warm
from tests.support.servers import local_server

GET = "from app import create_app; print(create_app().test_client().get('/').text)"


def blocks(page: str) -> list[str]:
    """Return the blocks of code on a page."""
    return [
        html.unescape(code) for code in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    ]


def run(project: Project, commands: str) -> None:
    for command in commands.splitlines():
        project.ok("sh", "-c", command)


@pytest.mark.long
@pytest.mark.parametrize("answers", [{}, {"models": ""}], ids=["default", "no models"])
def test_lines_to_paste(baker: Baker, answers: dict[str, str]) -> None:
    """They lead from a missing server to a page of one's own and a changed model."""
    project = baker.bake(**answers)
    project.variables["PATH"] = f"{warm().programs()}{os.pathsep}{project.environment()['PATH']}"
    (start, *_) = blocks(project.ok("python", "-c", GET))
    assert start == "python db_manage.py start"
    with local_server(project):
        for command in ("create", "upgrade"):
            (heal, *_) = blocks(project.ok("python", "-c", GET))
            assert heal == f"python db_manage.py {command}"
            run(project, heal)
        page = project.ok("python", "-c", GET)
        view, template, model, commands, _ = blocks(page)[-5:]
        assert ("python db_manage.py seed" in blocks(page)) == (not answers)
        add(project, "app/views.py", f"\n\n{view}")
        add(project, "app/templates/home.html", template)
        (file,) = set(re.findall(r"<code>(app/models/\w+\.py)</code>", page))
        add(project, file, model)
        run(project, commands)
        assert "<p>This is my first page.</p>" in project.ok("python", "-c", GET)
        assert "Checked" in project.ok("python", "db_manage.py", "check")
        project.ok("pytest", "-q")
        project.ok("ruff", "check", "--no-cache", ".")
        project.ok("ruff", "format", "--no-cache", "--diff", ".")
        if not answers:  # the lines to paste are the same for both
            project.ok("mypy", mypy_cache(project.path), ".")


def add(project: Project, name: str, text: str) -> None:
    """Paste a text at the end of a file."""
    with project.path.joinpath(name).open("a", encoding="utf-8") as file:
        file.write(f"{text.rstrip()}\n")  # as an editor saves it
