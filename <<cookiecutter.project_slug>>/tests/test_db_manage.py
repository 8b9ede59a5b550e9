"""The commands of db_manage.py, as one types them."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import seeds
from app.database import script_directory
from app.extensions import db
from db_manage import cli

SCRIPT = str(Path(__file__).resolve().parent.parent / "db_manage.py")


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run db_manage.py in the environment of the tests, from another folder."""
    command = [sys.executable, SCRIPT, "--config", "testing", *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True)


def test_setup_twice(empty_app: Flask) -> None:
    head = script_directory().get_current_head()
    first, second = run("setup"), run("setup")
    assert first.returncode == second.returncode == 0
    assert f"Applying: {head}" in first.stderr
    assert second.stderr == ""
    assert second.stdout.endswith("Ready. Next: flask run --debug\n")


def test_up_down_and_status(empty_app: Flask) -> None:
    assert run("status", "--check").returncode == 1
    assert run("create").stdout.startswith("Exists: database ")
    assert run("schemas").stdout == run("schemas").stdout.replace("Exists", "Creating")
    assert run("upgrade").returncode == 0
    assert "[x] 0001_initial" in run("status", "--check").stdout
    assert "Reverting" in run("downgrade", "base").stderr
    assert "[ ] 0001_initial" in run("status").stdout


def test_migrate_with_pending_revisions(empty_app: Flask) -> None:
    result = run("migrate", "too early")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "Run: flask db upgrade" in result.stderr


def test_seed_inserts_once(empty_app: Flask) -> None:
    assert run("upgrade").returncode == 0
    first, second = run("seed"), run("seed")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout.count("Inserting: ") == len({type(row) for row in seeds.rows()})
    with Session(db.engine) as session:
        for model, number in Counter(type(row) for row in seeds.rows()).items():
            assert session.query(model).count() == number
            assert model.__tablename__ in second.stdout


@pytest.mark.parametrize("place", ["a:s3cret@localhost/shop", "a@localhost/shop?password=s3cret"])
def test_url_has_no_password(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", f"postgresql://{place}")
    assert run("url").stdout == "postgresql://a@localhost/shop\n"


def test_init_and_help() -> None:
    assert "flask db init" in run("init").stdout
    overview = run("help").stdout
    assert all(name in overview for name in cli.commands)
    assert "REVISION" in run("help", "upgrade").stdout
    assert run("help", "nothing").returncode == 2
