"""Test concurrent deploys: eight processes upgrade one empty database at the same moment."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.bake import ROOT, Project
from tests.support.commands import SCHEMA_DUMP, edit, flask

PROCESSES, MANY = 8, 25
FEW = 6  # rounds; without a lock, at most every sixth passes without a failure
STATE = f"""
    SELECT version_num || ' ' || (SELECT string_agg(part::text, ' ') FROM ({SCHEMA_DUMP}) part)
    FROM alembic_version
"""
WAITING = "Waiting: another run of migrations is in progress\n"
FIRST = "Applying: 0001_initial\nCreating: schema users\nCreating: schema blog\n"


def rounds(project: Project, count: int) -> list[dict[str, Any]]:
    """Return the result of each round from tests/support/deploys.py; the last round's database is kept."""
    driver = str(ROOT / "tests" / "support" / "deploys.py")
    found: list[dict[str, Any]] = json.loads(project.ok("python", driver, ".", str(count), STATE))
    assert [len(one["processes"]) for one in found] == [PROCESSES] * count
    return found


def assert_fails(project: Project) -> None:
    """Assert that some processes fail, all because another one came first, and that some process succeeds."""
    failures = []
    for one in rounds(project, FEW):
        outputs = [output for status, output in one["processes"] if status]
        assert len(outputs) < PROCESSES and one["statement"][0] == 0, one
        failures += outputs
    assert failures
    assert all(re.search("duplicate key|already exists", output) for output in failures), failures


@pytest.mark.long
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.deep)])
def test_every_process_ends_well(ready: Project, count: int) -> None:
    """Every round leaves the same schema as a single process does."""
    alone = ready.sql(STATE)
    assert alone.startswith("0001_initial ") and "users,users,username" in alone
    for one in rounds(ready, count):
        ends = sorted((status, output.replace(WAITING, "")) for status, output in one["processes"])
        assert ends == [(0, "")] * (PROCESSES - 1) + [(0, FIRST)]
        assert one["statement"] == [0, f"{alone}\n"]
    assert flask(ready, "check") == "No new upgrade operations detected.\n"


def test_whole_processes(project: Project) -> None:
    """Eight separate programs that share nothing also succeed, on a new database."""
    project.ok("python", "db_manage.py", "create")
    runs = [project.start("env", "flask", "db", "upgrade") for _ in range(PROCESSES)]
    outputs = sorted(run.communicate()[0].replace(WAITING, "") for run in runs)
    assert [run.returncode for run in runs] == [0] * PROCESSES, outputs
    assert outputs == [""] * (PROCESSES - 1) + [FIRST]


def test_without_the_lock(project: Project) -> None:
    """The rounds detect a missing lock: here it is replaced by one that all processes can hold together."""
    project.ok("python", "db_manage.py", "create")
    edit(project, "plumbing/migrations/lock.py", "pg_try_advisory_lock(", "pg_try_advisory_lock_shared(")
    assert_fails(project)


def test_stock_project(project: Project, tmp_path: Path) -> None:
    """The same models fail with Flask-Migrate's own env.py."""
    project.ok("python", "db_manage.py", "create")
    stock = Project(tmp_path / "stock", project.variables)
    project.ok("python", str(ROOT / "benchmarks" / "stock.py"), str(stock.path))
    assert_fails(stock)
