"""What declared models do on a real PostgreSQL."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Baker, Project
from test_migrations import edit, flask, revision

from hooks import scalars
from hooks.clashes import cut

Make = Callable[[str], Project]
CLEAN = "No new upgrade operations detected.\n"
SCRIPT = """
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID
import pytest
import sqlalchemy as sa
from app import create_app
from app.extensions import db
from app.models import *
create_app().app_context().push()
session = db.session
"""


@pytest.fixture
def make(baker: Baker, database: Callable[[], str]) -> Make:
    """Bakes a declaration and sets the database of the project up."""

    def made(models: str) -> Project:
        project = baker.bake(models=models)
        project.variables["DATABASE_URL"] = database()
        project.ok("python", "db_manage.py", "setup")
        return project

    return made


def script(project: Project, code: str) -> str:
    """Run Python in the context of the application; return what it prints."""
    (project.path / "script.py").write_text(SCRIPT + code)
    return project.ok("python", "script.py")


def manage(project: Project, *words: str, status: int = 0, **variables: str) -> str:
    """Run db_manage.py; return stdout and stderr."""
    result = project.run("python", "db_manage.py", *words, **variables)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


def own_test(project: Project, name: str, status: int = 0, **variables: str) -> str:
    """Run one of the project's own tests of its models; return what pytest prints."""
    words = ("-q", "-p", "no:cacheprovider", f"tests/test_models.py::{name}")
    result = project.run("pytest", *words, **variables)
    assert result.returncode == status, result.stdout
    return result.stdout


# Types

VALUES = [  # as declared, in PostgreSQL, and a value in Python
    ("string", "character varying", "'ü'"),
    ("string(20)", "character varying(20)", "'\N{PARTY POPPER}' * 20"),
    ("text", "text", "'x' * 10000"),
    ("smallint", "smallint", "-(2**15)"),
    ("integer", "integer", "2**31 - 1"),
    ("bigint", "bigint", "2**63 - 1"),
    ("float", "double precision", "0.1"),
    ("numeric", "numeric", "Decimal('0.10') + 10**30"),
    ("numeric(10,2)", "numeric(10,2)", "Decimal('12345678.90')"),
    ("boolean", "boolean", "False"),
    ("date", "date", "dt.date(2026, 1, 31)"),
    ("time", "time without time zone", "dt.time(23, 59, 59, 999999)"),
    (
        "datetime",
        "timestamp with time zone",
        "dt.datetime(2026, 1, 31, tzinfo=dt.timezone(dt.timedelta(hours=3)))",
    ),
    ("interval", "interval", "dt.timedelta(days=-400, microseconds=1)"),
    ("uuid", "uuid", "UUID(int=2**127)"),
    ("json", "jsonb", "{'a': [1, None, 2.5, 'ü', {}]}"),
    ("bytes", "bytea", "bytes(range(256))"),
    ("enum(a|'b c')", "character varying(32)", "'b c'"),
    ("text[]", "text[]", r"""['', 'NULL', 'a,b', '"', '{}', '\\']"""),
    ("string(3)[]", "character varying(3)[]", "[]"),
    ("numeric(10,2)[]", "numeric(10,2)[]", "[Decimal('0.10'), None]"),
    ("datetime[]", "timestamp with time zone[]", "[dt.datetime(2026, 1, 31, tzinfo=dt.UTC)]"),
    ("uuid[]", "uuid[]", "[UUID(int=1)]"),
]


def test_types(make: Make) -> None:
    """Each has its type in PostgreSQL, brings a value back as it was, and None as NULL."""
    assert {re.split(r"\W", declared)[0] for declared, _, _ in VALUES} == set(scalars.TYPES)
    fields = [f"c{number}:{declared}" for number, (declared, _, _) in enumerate(VALUES)]
    empty = " ".join(f"{field}?" for field in fields)
    project = make(f"every.Type {' '.join(fields)}; every.Empty {empty}")
    types = project.sql(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = 'every.types'::regclass AND attname ~ '^c[0-9]' ORDER BY attnum"
    )
    assert types.splitlines() == [name for _, name, _ in VALUES]
    values = ", ".join(f"c{number}=({value})" for number, (_, _, value) in enumerate(VALUES))
    output = script(
        project,
        f"values = dict({values})\n"
        "session.add_all([Type(**values), Empty(), Empty(**dict.fromkeys(values))])\n"
        "session.commit()\n"
        "for name, value in values.items():\n"
        "    stored = getattr(session.get(Type, 1), name)\n"
        "    assert (stored, type(stored)) == (value, type(value)), name\n"
        "    assert getattr(session.get(Empty, 2), name) is None\n"
        "    if isinstance(value, dt.datetime):\n"
        "        print(name, stored.utcoffset(), session.get(Type, 1).created_at.utcoffset())\n",
    )
    assert output == "c12 0:00:00 0:00:00\n"
    names = ", ".join(f"c{number}" for number in range(len(VALUES)))
    assert project.sql(f"SELECT num_nonnulls({names}) FROM every.empties") == "0\n0"
    assert project.sql(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid = 'every.types'::regclass"
    ).startswith("ck_types_c17|CHECK (((c17)::text = ANY (")


# Enums

ENUMS = {  # a model, and how its file gains a value
    "T kind:enum(a|b)": ('Enum("a", "b"', 'Enum("a", "b", "c"'),
    "shop.T kind:enum(a|'it''s')?='it''s'": (
        '"it\'s", name',
        '"it\'s", "a \\"new\\" one, 100% \\\\ :x", name',
    ),
}


@pytest.mark.parametrize("declared", ENUMS)
def test_enum_gains_a_value(make: Make, database: Callable[[], str], declared: str) -> None:
    """Alembic sees nothing, but a test of the project fails and prints what a revision must do."""
    project = make(declared)
    edit(project, "app/models/t.py", *ENUMS[declared])
    assert flask(project, "check") == CLEAN
    printed = own_test(project, "test_enums", status=1, TEST_DATABASE_URL=database())
    command = re.findall(
        r"Run `flask (db revision .+)`, and write in its upgrade\(\):$", printed, re.MULTILINE
    )
    operations = re.findall(r"^    op\..+\n", printed, re.MULTILINE)
    assert (command, len(operations)) == (["db revision -m 'values of kind'"], 2)
    flask(project, "revision", "-m", "values of kind")
    name = "migrations/versions/0002_values_of_kind.py"
    edit(project, name, "    pass\n", "".join(operations))
    flask(project, "upgrade")
    own_test(project, "test_enums", TEST_DATABASE_URL=database())
    assert flask(project, "check") == CLEAN


# Names


def test_reserved_words(make: Make) -> None:
    """They are names like others: in SQL, in the diagram and through the ORM."""
    words = "order group date time uuid text select"
    fields = " ".join(f"{word}:text" for word in words.split())
    project = make(
        f"users.User {fields} user:text; Order(order) {fields} user:users.User unique(order,user,group)"
    )
    values = ", ".join(f"{word}='{word}'" for word in words.split())
    output = script(
        project,
        f"session.add(Order({values}, user=User({values}, user='x')))\n"
        "session.commit()\n"
        "order = session.scalar(sa.select(Order).where(Order.order == 'order', Order.group == 'group'))\n"
        "print(order.user.user, order.user.orders == [order])\n",
    )
    assert output == "x True\n"
    columns = ", ".join(f'"{word}"' for word in words.split())
    found = words.replace(" ", "|")
    assert project.sql(f'SELECT {columns}, user_id FROM "order"') == f"{found}|1"
    assert project.sql(f'SELECT {columns}, "user" FROM users.users') == f"{found}|x"
    drawn = (project.path / "docs/models.md").read_text()
    boxes = re.findall(r'^    ("\S+") \{\n(.+?)^    \}', drawn, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in boxes] == ['"order"', '"users.users"']
    for _, lines in boxes:
        assert re.findall(r"^        text (\S+)$", lines, re.MULTILINE)[:7] == words.split()
    assert '"users.users" ||--o{ "order" : "user_id"' in drawn


T, A, B, E, R = "t" * 63, "a" * 63, "b" * 63, "e" * 63, "r" * 60
LONG = [  # each is longer than PostgreSQL takes
    *(f"pk_{T}", f"uq_{T}_{A}", f"ix_{T}_{B}", f"ck_{T}_{E}", f"ix_{T}_{R}_id", f"fk_{T}_{R}_id_{T}"),
    *(f"uq_{T}_{A}_{B}", f"ix_{T}_{B}_{R}_id", f"uq_{T}_{R}_id_{E}"),
]
SHORT = [
    "pk_t",
    "uq_t_a",
    "ix_t_b",
    "ck_t_e",
    "ix_t_r_id",
    "fk_t_r_id_t",
    "uq_t_a_b",
    "ix_t_b_r_id",
    "uq_t_r_id_e",
]


def test_names_of_constraints(make: Make) -> None:
    """They follow the convention, cut off where PostgreSQL's 63 bytes end, and the constraints work."""
    models = [
        f"{schema}.{model}({t}) {a}:text:unique {b}:text:index {e}:enum(x|y)? {r}:{model}?"
        f" unique({a},{b}) index({b},{r}) unique({r},{e})"
        for schema, model, t, a, b, e, r in [("long", "Long", T, A, B, E, R), ("short", "Short", *"taber")]
    ]
    project = make(";".join(models))
    found = project.sql(
        "SELECT connamespace::regnamespace, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
        " UNION ALL SELECT relnamespace::regnamespace, relname FROM pg_class WHERE relkind = 'i'"
    )
    names = [f"long|{cut(name)}" for name in LONG] + [f"short|{name}" for name in SHORT]
    assert {line for line in found.splitlines() if re.match("long|short", line)} == set(names)
    columns = "SELECT regexp_replace(indexdef, '.*USING ', '') FROM pg_indexes WHERE indexname = "
    assert project.sql(f"{columns} 'uq_t_a_b'; {columns} 'ix_t_b_r_id'") == "btree (a, b)\nbtree (b, r_id)"

    project.sql(
        "INSERT INTO short.t (a, b) VALUES ('1', '1'); INSERT INTO short.t (a, b, e, r_id) VALUES ('2', '1', 'x', 1)"
    )
    for values, name in [
        ("('1', '2', 'x', 2)", 'unique constraint "uq_t_a"'),
        ("('3', '1', 'x', 1)", 'unique constraint "uq_t_r_id_e"'),
        ("('3', '1', 'z', 1)", 'check constraint "ck_t_e"'),
        ("('3', '1', 'x', 9)", 'foreign key constraint "fk_t_r_id_t"'),
    ]:
        result = project.run(
            "python", "db_manage.py", "psql", "-Xc", f"INSERT INTO short.t (a, b, e, r_id) VALUES {values}"
        )
        assert f"violates {name}" in result.stderr
