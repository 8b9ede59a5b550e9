"""The commands of db_manage.py, as one types them."""

import os
import re
import subprocess
import sys
from collections import Counter

import click
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import seeds
from app.config import ROOT
from app.extensions import db
from app.revisions import directory
from db_manage import cli

SCRIPT = str(ROOT / "db_manage.py")


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run db_manage.py in the environment of the tests, from another folder."""
    command = [sys.executable, SCRIPT, "--config", "testing", *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True)


def test_setup_twice(empty_app: Flask) -> None:
    head = directory().get_current_head()
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
    assert "Run: python db_manage.py upgrade" in result.stderr


def test_seed_inserts_once(empty_app: Flask) -> None:
    assert run("upgrade").returncode == 0
    first, second = run("seed"), run("seed")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout.count("Inserting: ") == len({type(row) for row in seeds.rows()})
    with Session(db.engine) as session:
        for model, number in Counter(type(row) for row in seeds.rows()).items():
            assert session.query(model).count() == number
            assert model.__tablename__ in second.stdout


def test_reset(empty_app: Flask) -> None:
    """It lists what goes, asks, and leaves the database as after the first upgrade."""
    run("upgrade")
    run("seed")
    unanswered = run("reset")
    assert (unanswered.returncode, "Nothing was changed" in unanswered.stderr) == (2, True)
    assert run("seed").stdout.startswith("Exists") or not list(seeds.rows())
    assert run("reset", "--yes").returncode == 0
    assert run("check").returncode == 0
    assert run("reset", "--yes").stdout.count(" 0 rows\n") == len(db.metadata.tables)


def test_reset_table_and_schema(empty_app: Flask) -> None:
    """They empty a table or a schema, and what refers to it, but not while revisions are pending."""
    for name, table in db.metadata.tables.items():
        place = table.schema or "public"
        assert "are pending" in run("reset-table", name, "--yes").stderr
        assert run("upgrade").returncode == 0
        for arguments in (("reset-table", name), ("reset-schema", place)):
            run("seed")
            lost = run(*arguments, "--yes").stdout
            assert f"Losing: {place}.{table.name}, " in lost
            with db.engine.connect() as connection:
                assert connection.scalar(select(func.count()).select_from(table)) == 0
        run("downgrade", "base")
    assert "name one of" in run("reset-table", "no such table", "--yes").stderr


@pytest.mark.parametrize("words", ["drop", "reset", "reset-schema x", "reset-table x", "seed"])
def test_production_is_refused(empty_app: Flask, words: str) -> None:
    """It takes the name of the database, whatever --yes says."""
    yes = [] if words == "seed" else ["--yes"]
    refused = production(*words.split(), *yes)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "refused in production" in refused.stderr
    assert refused.stderr.endswith(f"add: --database {db.engine.url.database}\n")
    other = production(*words.split(), *yes, "--database", "other")
    assert (other.returncode, "--database other" in other.stderr) == (2, True)


def production(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run db_manage.py as in production, on the database of the tests."""
    url = db.engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "not secret: for tests only"}
    command = [sys.executable, SCRIPT, "--config", "production", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("place", ["a:s3cret@localhost/shop", "a@localhost/shop?password=s3cret"])
def test_url_has_no_password(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", f"postgresql://{place}")
    assert run("url").stdout == "postgresql://a@localhost/shop\n"


def test_help_is_the_table_of_the_readme() -> None:
    """Each command has its row there: how it is called, and what help says of it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| command | what it does |\n|---|---|\n")[2].partition("\n\n")[0]
    commands = cli.commands.items()
    assert table.splitlines() == [f"| `{usage(n, c)}` | {c.help} |" for n, c in commands]
    overview = re.sub(" +", " ", run("help").stdout)
    assert all(f"\n {name} {command.help}\n" in overview for name, command in commands)


def usage(name: str, command: click.Command) -> str:
    """Return a command with its arguments and options: upgrade [REVISION] [--wait SECONDS]"""
    words = [name]
    for parameter in command.params:
        value = parameter.make_metavar(click.Context(command))
        if isinstance(parameter, click.Option):
            value = f"[{parameter.opts[0]}{'' if parameter.is_flag else f' {value}'}]"
        words.append(value)
    return " ".join(words)


def test_init_and_help() -> None:
    assert "flask db init" in run("init").stdout
    overview = run("help").stdout
    assert all(name in overview for name in cli.commands)
    assert "REVISION" in run("help", "upgrade").stdout
    assert run("help", "nothing").returncode == 2
