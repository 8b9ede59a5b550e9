"""The commands of db_manage.py."""

import re

import click
from click.testing import CliRunner, Result
from flask import Flask

from app import seeds
from app.config import ROOT
from app.revisions import directory
from db_manage import cli


def run(name: str, *arguments: str) -> Result:
    """Run a command in the application of the test."""
    return CliRunner().invoke(cli, [name, *arguments])


def test_setup_twice(empty_app: Flask) -> None:
    for _ in range(2):
        result = run("setup")
        assert result.exit_code == 0
        assert result.output.endswith("Ready. Next: flask run --debug\n")
    assert f"[x] {directory().get_current_head()}\n" in run("status", "--check").output


def test_up_down_and_status(empty_app: Flask) -> None:
    assert run("status", "--check").exit_code == 1
    assert run("create").output.startswith("Exists: database ")
    assert run("schemas").output == run("schemas").output.replace("Exists", "Creating")
    assert run("upgrade").exit_code == 0
    assert "[x] 0001_initial" in run("status", "--check").output
    assert run("downgrade", "base").exit_code == 0
    assert "[ ] 0001_initial" in run("status").output


def test_migrate_with_pending_revisions(empty_app: Flask) -> None:
    result = run("migrate", "too early")
    assert result.exit_code == 2
    assert "Run: python db_manage.py upgrade" in result.stderr


def test_seed_inserts_once(empty_app: Flask) -> None:
    assert run("upgrade").exit_code == 0
    first, second = run("seed"), run("seed")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.output.count("Inserting: ") == len({type(row) for row in seeds.rows()})
    assert "Inserting: " not in second.output


def test_help_is_the_table_of_the_readme() -> None:
    """Each command has its row there: how it is called, and what help says of it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| command | what it does |\n|---|---|\n")[2].partition("\n\n")[0]
    commands = cli.commands.items()
    assert table.splitlines() == [f"| `{usage(n, c)}` | {c.help} |" for n, c in commands]
    overview = re.sub(" +", " ", run("help").output)
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
