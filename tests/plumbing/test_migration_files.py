"""Test mistakes in migration files: every command prints one line with the file and line number."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate.cli
import pytest
from flask import Flask
from sqlalchemy import text

from plumbing import migrations, status
from plumbing.current import db
from plumbing.errors import UserError
from plumbing.explanations import explained
from plumbing.migrations.history import loaded_scripts

IMPORTS = "import sqlalchemy as sa\nfrom alembic import op\n"
HEAD = 'revision = "0002_second"\ndown_revision = "0001_initial"\n'
LONG = "0002_" + "x" * 28

Files = dict[str, str]


@pytest.fixture
def versions(root: Path) -> Iterator[Path]:
    """The folder of the migrations, from which all but the first are removed afterwards."""
    folder = root / "migrations/versions"
    yield folder
    for path in folder.glob("*.py"):
        if path.name != "0001_initial.py":
            path.unlink()


def source(upgrade: str = "pass", head: str = HEAD, imports: str = IMPORTS) -> str:
    """Return a migration.  Its upgrade() begins in line 7 of the file."""
    return f"{imports}\n{head}\ndef upgrade():\n    {upgrade}\n\ndef downgrade():\n    pass\n"


WRONG: dict[str, tuple[Files, str]] = {
    "syntax": (
        {"0002_a.py": source("op.execute('x'")},
        "migrations/versions/0002_a.py, line 8: '(' was never closed",
    ),
    "indentation": (
        {"0002_a.py": source("pass\n   pass")},
        "migrations/versions/0002_a.py, line 9: unindent does not match any outer indentation level",
    ),
    "import": (
        {"0002_a.py": source(imports="import madeup\nfrom alembic import op")},
        "migrations/versions/0002_a.py, line 1: ModuleNotFoundError: No module named 'madeup'. Install the"
        " package that has it, or correct the import.",
    ),
    "no revision": (
        {"b_a.py": source(head="\n")},
        "Could not determine revision id from filename b_a.py. Be sure the 'revision' variable is declared"
        " inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the documentation). Add it"
        " to the file, or move the file elsewhere.",
    ),
    "one id twice": (
        {"0002_a.py": source(), "0002_b.py": source()},
        "0002_a.py and 0002_b.py have the same revision, 0002_second: change one of them, and set its"
        " down_revision to the other.",
    ),
    "nothing before it": (
        {"0002_a.py": source(head=HEAD.replace("0001_initial", "0001_gone"))},
        "0002_a.py follows 0001_gone, which is not in migrations/versions: get the code that contains it, or"
        " correct down_revision.",
    ),
    "nothing that it depends on": (
        {"0002_a.py": source(head=HEAD + 'depends_on = "0001_gone"\n')},
        "0002_a.py follows 0001_gone, which is not in migrations/versions: get the code that contains it, or"
        " correct down_revision.",
    ),
    "itself": (
        {"0002_a.py": source(head=HEAD.replace("0001_initial", "0002_second"))},
        "Self-loop is detected in revisions (0002_second). Correct down_revision in one of these files.",
    ),
    "a circle": (
        {
            "0002_a.py": source(head=HEAD.replace("0001_initial", "0003_third")),
            "0003_b.py": source(head='revision = "0003_third"\ndown_revision = "0002_second"\n'),
        },
        "Cycle is detected in revisions (0002_second, 0003_third). Correct down_revision in one of these"
        " files.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_file_that_cannot_be_loaded(empty_app: Flask, versions: Path, name: str) -> None:
    """Each command prints the same message before it has done anything."""
    files, line = WRONG[name]
    for path, text_ in files.items():
        (versions / path).write_text(text_)
    for action in (migrations.upgrade, migrations.migrate, migrations.stamp, loaded_scripts):
        with pytest.raises(UserError) as caught:
            action()
        assert str(caught.value) == line
    for other in (migrations.revision, migrations.merge, status.differences):
        with pytest.raises(UserError):
            other()


FAILS = {
    "op.add_column('books', sa.Column('extra', postgresql.JSONB()))": (
        "NameError: name 'postgresql' is not defined. Add: from sqlalchemy.dialects import postgresql"
    ),
    "op.add_column('books', sa.Column('extra', Text()))": (
        "NameError: name 'Text' is not defined. Add: from sqlalchemy import Text"
    ),
    "op.add_column('books', sa.Column('extra', JSONB()))": (
        "NameError: name 'JSONB' is not defined. Add: from sqlalchemy.dialects.postgresql import JSONB"
    ),
    "op.add_column('books', sa.Column('extra', host.types.Money()))": (
        "NameError: name 'host' is not defined. Add: import host"
    ),
    "op.add_column('books', sa.Column('extra', Money()))": (
        "NameError: name 'Money' is not defined. Import it."
    ),
    "op.add_colum('books', sa.Column('extra', sa.Text()))": (
        "AttributeError: module 'alembic.op' has no attribute 'add_colum'"
    ),
    "op.add_column('books')": "TypeError: add_column() missing 1 required positional argument: 'column'",
    "import madeup": (
        "ModuleNotFoundError: No module named 'madeup'. Install the package that has it, or correct the"
        " import."
    ),
    "raise NotImplementedError": "NotImplementedError",
    "raise RuntimeError('fill in\\nthe prices first.')": "RuntimeError: fill in the prices first.",
}


@pytest.mark.parametrize("code", FAILS)
def test_line_that_fails(empty_app: Flask, versions: Path, code: str) -> None:
    (versions / "0002_a.py").write_text(source(code))
    with pytest.raises(UserError) as caught:
        migrations.upgrade()
    assert str(caught.value) == f"migrations/versions/0002_a.py, line 8: {FAILS[code]}"


def test_what_fails_elsewhere_keeps_its_traceback(empty_app: Flask, versions: Path) -> None:
    (versions / "0002_a.py").write_text(source("__import__('json').loads('x')"))
    with pytest.raises(ValueError, match="Expecting value"):
        migrations.upgrade()


def test_two_heads(empty_app: Flask, versions: Path) -> None:
    for name in ("a", "b"):
        head = f'revision = "0002_{name}"\ndown_revision = "0001_initial"\n'
        (versions / f"0002_{name}.py").write_text(source(head=head))
    for action in (migrations.upgrade, migrations.revision):
        line = r"^Multiple head.*Join them. Run: python db_manage.py merge$"
        with pytest.raises(UserError, match=line), explained():
            action()


def test_database_at_two_of_a_line(empty_app: Flask, versions: Path) -> None:
    """A database at two migrations of one line, as after a failed merge, is reported."""
    (versions / "0002_a.py").write_text(source())
    migrations.upgrade()
    with db().engine.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001_initial')"))
    (versions / "0003_b.py").write_text(source(head='revision = "0003_b"\ndown_revision = "0002_second"\n'))
    with pytest.raises(UserError) as caught:
        migrations.upgrade()
    assert str(caught.value).endswith(
        "overlaps with other requested revisions 0001_initial. The table alembic_version"
        " has both, but one includes the other: delete the older row."
    ), str(caught.value)


def test_id_that_is_too_long(empty_app: Flask, versions: Path) -> None:
    """Nothing is applied, not even the first of the migrations."""
    path = versions / "0002_a.py"
    path.write_text(source("op.execute('SELECT 1 / 0')", head=HEAD.replace("0002_second", LONG)))
    for action in (migrations.upgrade, migrations.migrate, migrations.stamp):
        with pytest.raises(UserError) as caught:
            action()
        assert str(caught.value) == (
            f"0002_a.py: revision {LONG} has 33 characters, and the table alembic_version has room for 32:"
            " shorten it."
        )
    with db().engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('books')")) is None


@pytest.mark.parametrize("kind", ["varchar(64)", "text"])
def test_table_that_somebody_made_wider(empty_app: Flask, versions: Path, kind: str) -> None:
    """What worked continues to work, but a fresh database would have the usual width."""
    migrations.upgrade()
    with db().engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE alembic_version ALTER version_num TYPE {kind}"))
    (versions / "0002_a.py").write_text(source(head=HEAD.replace("0002_second", LONG)))
    migrations.upgrade()
    assert loaded_scripts().get_heads() == [LONG]


def test_migration_that_makes_it_wider(empty_app: Flask, versions: Path) -> None:
    code = "op.execute('ALTER TABLE alembic_version ALTER version_num TYPE varchar(128)')"
    (versions / "0002_a.py").write_text(source(code))
    head = f'revision = "{LONG}"\ndown_revision = "0002_second"\n'
    (versions / "0003_b.py").write_text(source(head=head))
    migrations.upgrade()
    migrations.downgrade("base")


COMMANDS = [("revision",), ("migrate",), ("merge", "heads")]


@pytest.mark.parametrize("words", COMMANDS)
def test_long_id_for_a_new_migration(empty_app: Flask, versions: Path, words: list[str]) -> None:
    """flask db refuses it before it writes a file."""
    before = sorted(versions.iterdir())
    result = empty_app.test_cli_runner().invoke(flask_migrate.cli.db, [*words, "--rev-id", LONG])
    assert (result.exit_code, result.output) == (
        1,
        f"Error: revision {LONG} has 33 characters, and the table alembic_version has room for 32: shorten"
        " it.\n",
    )
    assert sorted(versions.iterdir()) == before
