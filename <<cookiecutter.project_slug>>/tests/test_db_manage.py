"""The commands of db_manage.py, as one types them."""

import re
import subprocess
import sys

import click
from flask import Flask

from app import seeds
from app.config import ROOT
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
    assert "Inserting: " not in second.stdout


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
