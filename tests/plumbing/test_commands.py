"""Test the commands of db_manage.py."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask, current_app

import plumbing
from plumbing import database
from plumbing.commands import create_cli
from plumbing.commands.group import Commands

TEMPLATE = Path(plumbing.__file__).parents[1]

Run = Callable[..., Result]


@pytest.fixture
def cli(root: Path) -> Commands:
    """The commands as db_manage.py creates them."""
    return create_cli(str(root / "db_manage.py"), create_app="host:create_app", seeds="host.seeds:rows")


@pytest.fixture
def run(cli: Commands) -> Run:
    """Run a command, in the test's application if it has one."""
    return lambda *words: CliRunner().invoke(cli, words)


def test_setup_twice(run: Run, empty_app: Flask) -> None:
    for _ in range(2):
        result = run("setup")
        assert result.exit_code == 0
        assert result.output.endswith("Ready. Next: flask run --debug\n")
    assert "[x] 0001_initial\n" in run("status", "--check").output


def test_up_down_and_status(run: Run, empty_app: Flask) -> None:
    assert run("status", "--check").exit_code == 1
    assert run("create").output.startswith("Exists: database ")
    assert run("schemas").output == "Creating: schema library\n"
    assert run("schemas").output == "Exists: schema library\n"
    assert run("upgrade").exit_code == 0
    assert "[x] 0001_initial" in run("status", "--check").output
    assert run("downgrade", "base", "--yes").exit_code == 0
    assert "[ ] 0001_initial" in run("status").output
    assert run("stamp").exit_code == 0
    assert "[x] 0001_initial" in run("status").output
    assert run("stamp", "head").output == "Stamping: head\n"
    assert run("history").output == "<base> -> 0001_initial (head), initial\n"


GREEN, YELLOW, RED, END = (f"\x1b[{code}m" for code in (32, 33, 31, 0))


def test_colors_on_a_terminal(cli: Commands, empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word that says how things are has a color, unless a reader does not want any."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TERM", raising=False)

    def on_terminal(*words: str) -> str:
        return CliRunner().invoke(cli, words, color=True).output

    shown = on_terminal("status")
    assert f"{YELLOW}[ ]{END} 0001_initial\n{YELLOW}Pending:{END} 1." in shown
    assert on_terminal("nothing").startswith(f"{RED}Error:{END} No such command")
    on_terminal("upgrade")
    assert f"{GREEN}[x]{END} 0001_initial\n" in on_terminal("status")
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert "\n[x] 0001_initial\n" in on_terminal("status")
    assert "\n[x] 0001_initial\n" in CliRunner().invoke(cli, ["status"]).output  # a pipe


@pytest.mark.parametrize("words", [["too early"], ["-m", "too early"], ["--message", "too early"]])
def test_migrate_with_pending_migrations(run: Run, empty_app: Flask, words: list[str]) -> None:
    result = run("migrate", *words)
    assert result.exit_code == 2
    assert result.stderr.endswith("Run: python db_manage.py upgrade\n")


def test_message_given_twice(run: Run, empty_app: Flask) -> None:
    result = run("migrate", "one", "-m", "two")
    assert result.exit_code == 2
    assert result.stderr == "Error: The message is given twice. Run: python db_manage.py help migrate\n"


def test_revision_and_merge(run: Run, root: Path, empty_app: Flask) -> None:
    versions = root / "migrations/versions"
    assert run("merge").output == "Nothing to do: there is one head.\n"
    made = []
    try:
        assert run("revision", "-m", "by hand").exit_code == 0
        first = versions / "0002_by_hand.py"
        made.append(first)
        other = versions / "0002_other.py"
        made.append(other)
        other.write_text(first.read_text().replace("0002_by_hand", "0002_other"))
        assert "Join them. Run: python db_manage.py merge" in run("upgrade").stderr
        heads = "Heads: 0002_by_hand, 0002_other. Run: python db_manage.py merge\n"
        assert run("status").output.endswith(heads)
        assert run("merge").exit_code == 0
        merged = versions / "0003_merge.py"
        made.append(merged)
        assert "('0002_by_hand', '0002_other')" in merged.read_text()
        assert merged.read_text().startswith('"""merge"""')
        assert run("upgrade").exit_code == 0
        assert "[x] 0003_merge" in run("status", "--check").output
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def test_sql(run: Run, empty_app: Flask) -> None:
    """The SQL is printed, nothing is applied, and no other output says that it was."""
    up = run("upgrade", "--sql")
    assert "CREATE TABLE library.authors" in up.output
    assert "Applying" not in up.output + up.stderr
    down = run("downgrade", "base", "--sql")
    assert "DROP TABLE library.authors" in down.output
    assert "[ ] 0001_initial" in run("status").output


def test_files_need_no_server(root: Path, empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`history`, `revision` and `merge` only read and write migrations."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/nowhere")
    cli = create_cli(str(root / "db_manage.py"), create_app="host:create_app", seeds="host.seeds:rows")
    made = root / "migrations/versions/0002_by_hand.py"
    try:
        assert CliRunner().invoke(cli, ["revision", "by hand"]).exit_code == 0
        history = CliRunner().invoke(cli, ["history"]).output
        assert history.startswith("0001_initial -> 0002_by_hand (head), by hand\n")
        assert CliRunner().invoke(cli, ["merge"]).output == "Nothing to do: there is one head.\n"
        assert CliRunner().invoke(cli, ["status"]).exit_code == 2
    finally:
        made.unlink(missing_ok=True)


# What each command can lose.  Add every new command to one of the two.
LOSES_ROWS = {"downgrade", "drop", "reset", "reset-schema", "reset-table"}
LOSES_NO_ROWS = {
    "check": "reads",
    "create": "leaves a database alone that exists",
    "declare": "merges files that are committed",
    "diagram": "writes a file that is made from the models",
    "grant": "changes privileges",
    "help": "reads",
    "history": "reads",
    "init": "does nothing",
    "merge": "writes a new file",
    "migrate": "writes a new file",
    "psql": "runs what its user types",
    "reflect": "reads; a file of SQL gets a database of its own",
    "revision": "writes a new file",
    "schemas": "leaves schemas alone that exist",
    "seed": "inserts, and only into empty tables",
    "setup": "runs `upgrade`",
    "stamp": "writes the revision only",
    "start": "keeps the data",
    "update": "merges files that are committed",
    "status": "reads",
    "stop": "keeps the data",
    "upgrade": "runs reviewed migrations, unattended, in each deployment",
    "url": "reads",
}


def test_what_loses_rows_asks(cli: Commands) -> None:
    """Each command is known to lose nothing, or takes the same options as others that ask."""
    ctx = click.Context(cli)
    asking = set()
    for name in cli.list_commands(ctx):
        command = cli.get_command(ctx, name)
        assert command
        if {"yes", "named"} <= {parameter.name for parameter in command.params}:
            asking.add(name)
    assert asking == LOSES_ROWS
    assert set(cli.list_commands(ctx)) - asking == set(LOSES_NO_ROWS)


def test_downgrade_says_what_is_lost(run: Run, empty_app: Flask) -> None:
    """It asks even if no row is lost, but not if there is nothing to revert."""
    for words in ["upgrade"], ["seed"]:
        assert run(*words).exit_code == 0
    refused = run("downgrade")
    target = database.described()
    lost = "Losing: library.authors, 1 row\nLosing: public.books, 2 rows\n"
    assert sorted(refused.stdout.splitlines()[:2]) == lost.splitlines()
    assert refused.stdout.splitlines()[2] == f"Revert 0001_initial in database {target}? [y/N]: "
    assert refused.exit_code == 2
    assert "[x] 0001_initial" in run("status").output
    done = run("downgrade", "--yes")
    assert done.stdout.splitlines()[0] == f"Database: {target}"
    assert "[ ] 0001_initial" in run("status").output
    assert run("downgrade", "base").output == ""
    wrong = run("downgrade", "0009_nowhere")
    assert wrong.stderr.startswith("Error: Can't locate revision identified by '0009_nowhere'. Get the code")


def test_seed_inserts_once(run: Run, empty_app: Flask) -> None:
    assert run("upgrade").exit_code == 0
    assert run("seed").output == "Inserting: 1 of Author\nInserting: 2 of Book\n"
    second = run("seed")
    assert second.exit_code == 0
    assert second.output == "Nothing inserted: there are rows in authors, books\n"


def test_a_command_of_ones_own(run: Run, cli: Commands, empty_app: Flask) -> None:
    """As in Flask, it runs in the application context; it may replace one of ours."""

    @cli.command()
    @click.option("--loud", is_flag=True)
    def greet(loud: bool) -> None:
        """Say hello."""
        word = f"hello from {current_app.config['ENVIRONMENT']}"
        click.echo(word.upper() if loud else word)

    @cli.command
    def bare() -> None:
        click.echo(current_app.name)

    @cli.command("seed")
    def my_seed() -> None:
        click.echo("mine")

    assert run("greet", "--loud").output == "HELLO FROM TESTING\n"
    assert run("bare").output == "host\n"
    assert run("seed").output == "mine\n"
    overview = run("help").output
    assert re.search(r"\n  greet +Say hello\.\n", overview)
    assert overview.index("  help ") < overview.index("  greet ")
    assert run("help", "greet").output.startswith("Usage: python db_manage.py greet [OPTIONS]\n")


def test_a_command_of_ones_own_creates_the_application(
    cli: Commands, create_app: object, empty_folder: Path
) -> None:
    @cli.command()
    def where() -> None:
        click.echo(current_app.config["ENVIRONMENT"])

    assert CliRunner().invoke(cli, ["where"]).output == "development\n"
    assert CliRunner().invoke(cli, ["--config", "testing", "where"]).output == "testing\n"
    assert CliRunner().invoke(cli, ["where"]).output == "development\n"
    assert not current_app


def test_every_command_is_loaded_by_its_name(cli: Commands) -> None:
    ctx = click.Context(cli)
    for name in cli.list_commands(ctx):
        command = cli.get_command(ctx, name)
        assert command is not None
        assert command.name == name
        assert str(command.help).endswith(".")


def test_one_command_loads_one_module(root: Path) -> None:
    """Help loads none of the application's libraries."""
    code = (
        "import sys; from plumbing.commands import create_cli;"
        "cli = create_cli('db_manage.py', create_app='x:y', seeds='x:y');"
        "sys.argv = ['db_manage.py', 'help', 'stop'];"
        "import atexit; atexit.register(lambda: print(*sys.modules)); cli()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=TEMPLATE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    assert "plumbing.commands.server" in loaded
    assert not loaded & {"plumbing.commands.rows", "plumbing.commands.migrations"}
    assert not loaded & {"flask", "sqlalchemy", "alembic", "psycopg"}


def test_help_is_the_table_of_the_page(run: Run, cli: Commands) -> None:
    """Each command has its row in docs/database.md: its usage, and its help text."""
    page = (TEMPLATE / "docs/database.md").read_text(encoding="utf-8")
    table = page.partition("| command | what it does |\n|---|---|\n")[2].partition("\n\n")[0]
    ctx = click.Context(cli)
    commands = {name: cli.get_command(ctx, name) for name in cli.list_commands(ctx)}
    rows = [f"| `{usage(name, command)}` | {command.help} |" for name, command in commands.items() if command]
    assert table.splitlines() == rows
    overview = re.sub(" +", " ", run("help").output)
    for name, command in commands.items():
        assert command and f"\n {name} {command.help}\n" in overview


def usage(name: str, command: click.Command) -> str:
    """Return a command with its arguments and options: upgrade [REVISION] [--wait SECONDS]"""
    words = [name]
    for parameter in command.params:
        value = parameter.make_metavar(click.Context(command))
        if isinstance(parameter, click.Option):
            value = f"[{parameter.opts[0]}{'' if parameter.is_flag else f' {value}'}]"
        words.append(value)
    return " ".join(words)
