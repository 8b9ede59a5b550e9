"""Kinds of models that an owner may add: each goes the whole way, from the first migration to the seeds.

Each file of tests/project/kinds/ is one kind: see tests/support/kinds.py.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.support.bake import ROOT, Baker, Project, mypy_cache, warm
from tests.support.commands import SCHEMA_DUMP
from tests.support.kinds import Files, Kind, kinds, lay
from tests.support.servers import drop_database

KINDS = kinds()
IDS = [kind.name for kind in KINDS]

Steps = list[tuple[str, ...]]

MANAGE = ("python", "db_manage.py")
DUMP = ("sql", SCHEMA_DUMP)
CHECK = (*MANAGE, "check")
AGAIN = (*MANAGE, "migrate", "again")
DOWN = (*MANAGE, "downgrade", "--yes")
BASE = (*MANAGE, "downgrade", "base", "--yes")
UPGRADE = (*MANAGE, "upgrade")
SEED = (*MANAGE, "seed")
TESTS = ("pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short")
# Those that depend on models: the others are the same for every kind.
OWN_TESTS = (*TESTS, "tests/test_models.py", "tests/test_migrations.py")

CHECKED = "Checked: one head, nothing pending, models and diagram match\n"
UNCHANGED = "No changes in schema detected.\n"


class Walk:
    """The commands that a project runs, and what each has printed."""

    def __init__(self, project: Project, deep: bool) -> None:
        self.project = project
        self.deep = deep

    def __call__(self, steps: Steps) -> list[str]:
        """Run commands, each of which must succeed without a warning; return what they print."""
        outcomes = self.one_by_one(steps) if self.deep else self.in_forks(steps)
        printed = []
        for step, (status, output) in zip(steps, outcomes, strict=False):
            assert status == 0, f"{command(step)}: exit status {status}\n{output}"
            assert "Warning:" not in output, f"{command(step)}\n{output}"
            if step in (CHECK, AGAIN):
                expected = CHECKED if step == CHECK else UNCHANGED
                assert output == expected, f"{command(step)}\n{output}"
            printed.append(output)
        return printed

    def one_by_one(self, steps: Steps) -> Iterable[tuple[int, str]]:
        """Run each command as one types it."""
        for program, *words in steps:
            if program == "sql":
                yield 0, self.project.sql(*words)
            else:
                result = self.project.run(program, *words)
                yield result.returncode, result.stdout + result.stderr

    def in_forks(self, steps: Steps) -> list[tuple[int, str]]:
        """Run the commands in forks of a process that has loaded the models, which saves that time."""
        walk = ("python", str(ROOT / "tests/support/walk.py"), json.dumps(steps))
        result = warm().run(self.project.path, walk, self.project.environment())
        assert result.returncode == 0, result.stdout + result.stderr
        outcomes: list[tuple[int, str]] = json.loads(result.stdout)
        status, printed = outcomes.pop(0)
        assert status == 0, f"while models are loaded:\n{printed}"
        return outcomes


def command(step: tuple[str, ...]) -> str:
    return "the schema" if step == DUMP else " ".join(step)


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_kind(kind: Kind, baker: Baker, database: Callable[[], str], deep: bool) -> None:
    """Migrations up, down and up again, on rows; check, the project's own tests, reset and seed."""
    project = kind.bake(baker)
    url = database()
    project.variables |= {"DATABASE_URL": url, "TEST_DATABASE_URL": url}
    walk = Walk(project, deep)
    try:
        schema = migrated(walk, [(*MANAGE, "setup")], [SEED])
        if kind.then:
            lay(project.path, kind.then)
            schema = changed(walk, kind, schema)
        walk([TESTS if deep else OWN_TESTS])
        nothing, again = walk([BASE, DUMP, UPGRADE, DUMP])[1::2]
        assert [line for line in lines(nothing) if not of_nobody(line)] == []
        assert lines(again) == lines(schema)
        *_, anew = walk([SEED, (*MANAGE, "reset", "--yes"), SEED, CHECK, DUMP])
        assert lines(anew) == lines(schema)
        if deep:
            project.ok("mypy", mypy_cache(), ".")
    finally:
        drop_database(url)


def test_quality(baker: Baker) -> None:
    """No linter finds anything in the files of a kind; types are checked along with the project's tests.

    For mypy, all kinds are in one project, each in a package of its own.
    """
    project = baker.bake(models="")
    folders: list[str] = []
    for kind in KINDS:
        for state in [kind.first, kind.first | kind.then] if kind.then else [kind.first]:
            package = f"kind_{len(folders)}_{kind.name}"
            own = baker.folder.with_name(package)
            folders.append(f"{own}/{project.path.name}/app")
            lay(Baker(own).bake(models=kind.models).path, state)
            lay(project.path / "typed" / package, in_package(own / project.path.name, f"typed.{package}"))
    (project.path / "typed/__init__.py").touch()
    project.ok("ruff", "check", "--no-cache", *folders)
    project.ok("ruff", "format", "--no-cache", "--diff", *folders)
    project.ok("mypy", mypy_cache(), "typed")


def in_package(folder: Path, package: str) -> Files:
    """Return what depends on models in a project, moved into a package."""
    files = {"__init__.py": '"""A kind."""\n'}
    for path in [*folder.glob("app/**/*.py"), folder / "tests/conftest.py", folder / "tests/test_models.py"]:
        text = re.sub(
            "^( *)import app$", rf"\1from {package} import app", path.read_text(), flags=re.MULTILINE
        )
        text = re.sub(r"^( *)(from|import) app\b", rf"\1\2 {package}.app", text, flags=re.MULTILINE)
        files[str(path.relative_to(folder))] = text
    return files


def migrated(walk: Walk, before: Steps, after: Steps) -> str:
    """Migrate the models, and return the schema; afterwards nothing is left to migrate."""
    return walk([*before, (*MANAGE, "migrate", "kind"), UPGRADE, *after, CHECK, AGAIN, DUMP])[-1]


def changed(walk: Walk, kind: Kind, before: str) -> str:
    """Migrate the second state of the models, down and up again, and return the schema."""
    if kind.unchanged:
        drawn = [UPGRADE, (*MANAGE, "diagram"), AGAIN, CHECK]
        return walk([*drawn, DOWN, UPGRADE, DUMP])[-1]
    schema = migrated(walk, [UPGRADE], [])
    assert lines(schema) != lines(before), "migrate has not noticed the change"
    lower, higher = walk([DOWN, DUMP, UPGRADE, DUMP])[1::2]
    assert kind.irreversible or without_casts(lower) == without_casts(before)
    assert lines(higher) == lines(schema)
    return schema


def lines(schema: str) -> list[str]:
    """Return the lines of a schema, sorted as no database sorts them."""
    return sorted(schema.strip().splitlines())


def without_casts(schema: str) -> list[str]:
    """Return the lines of a schema without casts of texts, and without brackets.

    PostgreSQL prints a check constraint in another way after it has read what it has printed itself.
    """
    return lines(re.sub(r"::(text|character varying)(\[\])?|[()]", "", schema))


def of_nobody(line: str) -> bool:
    """Return whether a line of a schema is there without any migration."""
    return line.startswith(("public|schema|", "public|alembic_version|", "|plpgsql|"))
