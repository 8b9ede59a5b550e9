"""Test the constraint checks in a project's tests: working models pass, missing constraints fail."""

import re
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema

from plumbing.inserting import insert
from plumbing.testing import check_constraints
from plumbing.testing.constraints import tables_beside
from plumbing.testing.rules import rules_of
from plumbing.testing.targets import targets_of

OWNERS = ["keys", "inheritance", "types", "constraints", "generated", "mappings", "names"]
DROPS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname)
    FROM pg_constraint JOIN tables ON conrelid = tables.oid WHERE contype <> 'n' AND coninhcount = 0
UNION ALL
    SELECT format('DROP INDEX IF EXISTS %s', indexrelid::regclass)
    FROM pg_index JOIN tables ON indrelid = tables.oid WHERE indisunique
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL
    SELECT format('ALTER TABLE %s ALTER %I DROP NOT NULL', attrelid::regclass, attname)
    FROM pg_attribute JOIN tables ON attrelid = tables.oid WHERE attinhcount = 0 AND attnotnull AND attnum > 0 AND attidentity = ''
"""


def create(connection: Connection, owner: Any) -> None:
    """Create the tables of a module."""
    for extension in owner.EXTENSIONS:
        connection.exec_driver_sql(f"CREATE EXTENSION {extension}")
    for schema in sorted({table.schema for table in owner.Base.metadata.tables.values() if table.schema}):
        connection.execute(CreateSchema(schema))
    owner.Base.metadata.create_all(connection)


def drop_constraints(connection: Connection, before: set[int]) -> None:
    """Drop every constraint of the tables that this test has created."""
    oids = ", ".join(str(oid) for oid in tables(connection) - before)
    with_tables = f"WITH tables AS (SELECT oid FROM pg_class WHERE oid IN ({oids}))"
    for statement in connection.execute(text(f"{with_tables} {DROPS}")).scalars().all():
        connection.exec_driver_sql(statement.replace("%", "%%"))


def tables(connection: Connection) -> set[int]:
    """Return all tables except PostgreSQL's own."""
    query = "SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384"
    return set(connection.exec_driver_sql(query).scalars())


def all_rules(connection: Connection, rows: list[Any]) -> set[str]:
    """Return every constraint of the models, with its table."""
    targets = targets_of(connection, tables_beside(rows))
    return {
        f"{rule.description} of {target.table.fullname}"
        for target in targets
        if target.rows
        for rule in rules_of(connection, target)
    }


def not_tried(printed: str) -> dict[str, str]:
    """Return the constraints that were not tried, each with the reason."""
    found = re.findall(r"^Not tried: (.+?(?: of [^:]+|seeds\.py))(?:: (.+))?\.$", printed, re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("name", OWNERS)
def test_models_that_work_pass(connection: Connection, capsys: pytest.CaptureFixture[str], name: str) -> None:
    owner = import_module(f"owners.{name}")
    create(connection, owner)
    session = Session(connection, join_transaction_mode="create_savepoint")
    rows = insert(session, owner.rows())
    check_constraints(session, rows)
    assert not_tried(capsys.readouterr().out) == owner.NOT_TRIED


@pytest.mark.parametrize("name", OWNERS)
def test_missing_constraints_fail(
    connection: Connection, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Every constraint that can be tried is reported if the database has none."""
    owner = import_module(f"owners.{name}")
    before = tables(connection)
    create(connection, owner)
    drop_constraints(connection, before)
    session = Session(connection, join_transaction_mode="create_savepoint")
    rows = insert(session, owner.rows())
    with pytest.raises(pytest.fail.Exception) as failure:
        check_constraints(session, rows)
    missed = re.findall(r"^    Constraint: (.+)$", str(failure.value), re.MULTILINE)
    rest = not_tried(capsys.readouterr().out)
    expected = all_rules(connection, rows)
    assert expected - set(missed) == {*rest, *owner.ALWAYS_ENFORCED} & expected
    assert rest.keys() <= owner.NOT_TRIED.keys()


@pytest.fixture
def tracks(connection: Connection) -> Session:
    """A session on empty tables with deferred constraints."""
    create(connection, import_module("owners.constraints"))
    return Session(connection, join_transaction_mode="create_savepoint")


MESSAGE = """\
The database does not enforce a constraint of the models.
    Model:      Egg
    Constraint: FOREIGN KEY (chicken_id) to chickens of eggs
    Tried:      UPDATE eggs SET "chicken_id" = '-1', for the row with id 7
    PostgreSQL: accepted it
A migration must create the constraint. Run: python db_manage.py migrate "MESSAGE"
If that detects nothing, write it in the file that this creates: python db_manage.py revision "MESSAGE"
"""


def test_the_message_says_what_to_do(connection: Connection, tracks: Session) -> None:
    from owners.constraints import Chicken, Egg

    connection.exec_driver_sql("ALTER TABLE eggs DROP CONSTRAINT fk_eggs_chicken")
    rows = insert(tracks, [Chicken(id=7, egg_id=7), Egg(id=7, chicken_id=7)])
    with pytest.raises(pytest.fail.Exception) as failure:
        check_constraints(tracks, rows)
    assert str(failure.value) == MESSAGE
    assert not failure.value.pytrace


def test_rows_that_break_a_deferred_constraint(tracks: Session) -> None:
    from owners.constraints import Egg

    rows = insert(tracks, [Egg(chicken_id=5)])
    with pytest.raises(pytest.fail.Exception, match=r"app/seeds.py break .*\n.*fk_eggs_chicken.*\n.*\(5\)"):
        check_constraints(tracks, rows)


def test_the_rows_stay_as_they_are(connection: Connection) -> None:
    """Whatever is tried is undone, and deferred constraints stay deferred."""
    owner = import_module("owners.constraints")
    create(connection, owner)
    session = Session(connection, join_transaction_mode="create_savepoint")
    rows = insert(session, owner.rows())
    sources = [target.source for target in targets_of(connection, tables_beside(rows))]
    content = " UNION ALL ".join(f"SELECT this::text FROM {source} AS this" for source in sources)
    before = connection.exec_driver_sql(content).all()
    check_constraints(session, rows)
    assert connection.exec_driver_sql(content).all() == before
    session.add(owner.Egg(id=9, chicken_id=9))
    session.flush()
