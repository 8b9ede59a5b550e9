"""Test kinds of models that an owner may add: each works from the first migration to the seeds.

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
# It includes the version, so that two equal dumps are the same to every command.
VERSION = "SELECT 'version', version_num, '', '', '', '' FROM public.alembic_version"
DUMP = ("sql", f"SELECT * FROM ({SCHEMA_DUMP}) AS dump UNION ALL {VERSION}")
CHECK = (*MANAGE, "check")
MIGRATE = (*MANAGE, "migrate", "kind")
AGAIN = (*MANAGE, "migrate", "again")
DOWN = (*MANAGE, "downgrade", "--yes")
BASE = (*MANAGE, "downgrade", "base", "--yes")
UPGRADE = (*MANAGE, "upgrade")
SEED = (*MANAGE, "seed")
RESET = (*MANAGE, "reset", "--yes")
TESTS = ("pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short")
# The project's tests that depend on models, except those that repeat a step below.
MIGRATION_TESTS = "tests/test_migrations.py"
OWN_TESTS = (
    *TESTS,
    "tests/test_models.py",
    f"{MIGRATION_TESTS}::test_base_leaves_nothing",
    f"{MIGRATION_TESTS}::test_commands_of_the_first_day",
)

CHECKED = "Checked: one head, nothing pending, models and diagram match\n"
UNCHANGED = "No changes in schema detected.\n"


class Walk:
    """The commands that a project runs, and the output of each."""

    def __init__(self, project: Project, deep: bool) -> None:
        self.project = project
        self.deep = deep

    def __call__(self, *steps: tuple[str, ...]) -> list[str]:
        """Run commands, each of which must succeed without a warning; return the schemas between them."""
        outcomes = self.one_by_one(list(steps)) if self.deep else self.in_forks(list(steps))
        schemas = []
        for step, (status, output) in zip(steps, outcomes, strict=False):
            assert status == 0, f"{command(step)}: exit status {status}\n{output}"
            assert "Warning:" not in output, f"{command(step)}\n{output}"
            if step in (CHECK, AGAIN):
                expected = CHECKED if step == CHECK else UNCHANGED
                assert output == expected, f"{command(step)}\n{output}"
            if step == DUMP:
                schemas.append(output)
        return schemas

    def one_by_one(self, steps: Steps) -> Iterable[tuple[int, str]]:
        """Run each command as a user would type it."""
        for program, *words in steps:
            if program == "sql":
                yield 0, self.project.sql(*words)
            else:
                result = self.project.run(program, *words)
                yield result.returncode, result.stdout + result.stderr

    def in_forks(self, steps: Steps) -> list[tuple[int, str]]:
        """Run the commands in forks of a process that has already loaded the models, which is faster."""
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
    """Migrations run up, down and up again on rows; check, the project's own tests, reset and seed pass."""
    project = kind.bake(baker)
    url = database()
    project.variables |= {"DATABASE_URL": url, "TEST_DATABASE_URL": url}
    walk = Walk(project, deep)
    # If `check` is quiet, `migrate` writes nothing: both compare in the same way.
    quiet = [CHECK, AGAIN] if deep else [CHECK]
    first = [(*MANAGE, "setup"), MIGRATE, UPGRADE, SEED, *quiet, DUMP]
    last = [TESTS if deep else OWN_TESTS, BASE, DUMP, UPGRADE, DUMP, SEED, RESET, SEED, DUMP]
    try:
        if not kind.then:
            schema, *schemas = walk(*first, *last)
        else:
            (before,) = walk(*first)
            lay(project.path, kind.then)
            if kind.unchanged:
                drawn = [UPGRADE, (*MANAGE, "diagram"), AGAIN, CHECK]
                schema, *schemas = walk(*drawn, DOWN, UPGRADE, DUMP, *last)
            else:
                changed = [UPGRADE, MIGRATE, UPGRADE, *quiet, DUMP]
                schema, lower, higher, *schemas = walk(*changed, DOWN, DUMP, UPGRADE, DUMP, *last)
                assert lines(schema) != lines(before), "migrate has not noticed the change"
                assert kind.irreversible or without_casts(lower) == without_casts(before)
                assert lines(higher) == lines(schema)
        nothing, again, anew = schemas
        assert [line for line in lines(nothing) if not of_nobody(line)] == []
        assert lines(again) == lines(anew) == lines(schema)
        if deep:
            project.ok("mypy", mypy_cache(project.path), ".")
    finally:
        drop_database(url)


def test_quality(baker: Baker) -> None:
    """Linters find nothing in the files of a kind; types are checked along with the project's tests.

    For mypy, all kinds are in one project, each in its own package.
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
    project.ok("mypy", mypy_cache(project.path), "typed")


def in_package(folder: Path, package: str) -> Files:
    """Return the files of a project that depend on models, moved into a package."""
    files = {"__init__.py": '"""A kind."""\n'}
    for path in [*folder.glob("app/**/*.py"), folder / "tests/conftest.py", folder / "tests/test_models.py"]:
        text = re.sub(
            "^( *)import app$", rf"\1from {package} import app", path.read_text(), flags=re.MULTILINE
        )
        text = re.sub(r"^( *)(from|import) app\b", rf"\1\2 {package}.app", text, flags=re.MULTILINE)
        files[str(path.relative_to(folder))] = text
    return files


def lines(schema: str) -> list[str]:
    """Return the lines of a schema, sorted independently of any collation."""
    return sorted(schema.strip().splitlines())


def without_casts(schema: str) -> list[str]:
    """Return the lines of a schema without casts of texts and without parentheses.

    PostgreSQL prints a check constraint differently once it has read its own output.
    """
    return lines(re.sub(r"::(text|character varying)(\[\])?|[()]", "", schema))


def of_nobody(line: str) -> bool:
    """Return whether a line of a schema exists without any migration."""
    return line.startswith(("public|schema|", "public|alembic_version|", "|plpgsql|"))
