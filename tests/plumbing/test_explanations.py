"""Test what a migration says if the server refuses it: one line, a way out, and no rows in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from plumbing import migrations
from plumbing.current import db
from plumbing.errors import UserError
from plumbing.testing.fixtures import Factory, application

SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (
    id integer PRIMARY KEY, name text, age text, big bigint, mood mood DEFAULT 'sad', code varchar(20),
    price numeric(10, 2)
);
INSERT INTO people VALUES
    (1, 'anna', 'x', 5000000000, 'sad', 'a long code', 123456.78),
    (2, 'anna', '2', 5, 'ok', 'b', 1);
CREATE TABLE pets (id integer PRIMARY KEY, person_id integer CONSTRAINT fk REFERENCES people);
INSERT INTO pets VALUES (1, 1);
CREATE TABLE seen (id integer, name text);
INSERT INTO seen VALUES (NULL, 'anna'), (99, 'x');
CREATE INDEX seen_id ON seen (id);
CREATE VIEW names AS SELECT name FROM people;
CREATE VIEW more_names AS SELECT name FROM names;
CREATE TABLE squares (a integer, b integer GENERATED ALWAYS AS (a * a) STORED);
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA old;
CREATE TABLE old.kept (id integer);
"""

FIRST = "first, for example in this migration."
RECREATE = "first, and create it again afterwards, in the same migration."
CREATED_ANOTHER_WAY = (
    " Created another way? If it matches, run: python db_manage.py stamp REVISION."
    " Otherwise rename one of the two."
)
BLOCK = "with op.get_context().autocommit_block():"

# A migration's operations, and its message.  Development adds the lines in brackets, because they quote rows.
ERRORS = [
    # Rows
    (
        "op.add_column('people', sa.Column('email', sa.Text(), nullable=False))",
        'column "email" of relation "people" contains null values. The table has rows: add the column'
        " with nullable=True, fill it, then set nullable=False. If you renamed a column, write"
        " op.alter_column(TABLE, OLD, new_column_name=NEW) instead.",
    ),
    (
        "op.alter_column('seen', 'id', nullable=False)",
        'column "id" of relation "seen" contains null values. Fill it'
        ' first, for example in this migration: op.execute("UPDATE ...")',
    ),
    (
        "op.create_primary_key('pk', 'seen', ['id'])",
        'column "id" of relation "seen" contains null values. Fill it'
        ' first, for example in this migration: op.execute("UPDATE ...")',
    ),
    (
        "op.execute('INSERT INTO pets (id) VALUES (NULL)')",
        'null value in column "id" of relation "pets" violates not-null constraint. Fill it'
        ' first, for example in this migration: op.execute("UPDATE ...")',
    ),
    (
        "op.create_foreign_key('fk2', 'seen', 'people', ['id'], ['id'])",
        'insert or update on table "seen" violates foreign key constraint "fk2".'
        f'[ Key (id)=(99) is not present in table "people".] Correct these rows {FIRST}',
    ),
    (
        "op.execute('DELETE FROM people')",
        'update or delete on table "people" violates foreign key constraint "fk" on table "pets".'
        '[ Key (id)=(1) is still referenced from table "pets".] Change the rows that refer to it first.',
    ),
    (
        "op.create_unique_constraint('uq', 'people', ['name'])",
        'could not create unique index "uq".[ Key (name)=(anna) is duplicated.]'
        f" Make these values unique {FIRST}",
    ),
    (
        "op.create_check_constraint('ck', 'people', 'id > 1')",
        f'check constraint "ck" of relation "people" is violated by some row. Correct these rows {FIRST}',
    ),
    (
        "op.execute('ALTER TABLE people ADD CONSTRAINT ex EXCLUDE (name WITH =)')",
        'could not create exclusion constraint "ex".[ Key (name)=(anna) conflicts with key (name)=(anna).]'
        f" Correct these rows {FIRST}",
    ),
    # Types
    (
        "op.alter_column('people', 'age', type_=sa.Integer())",
        'column "age" cannot be cast automatically to type integer.'
        " Add the conversion: op.alter_column(..., postgresql_using='age::integer')",
    ),
    (
        "op.alter_column('people', 'age', type_=sa.ARRAY(sa.Integer()))",
        'column "age" cannot be cast automatically to type integer[].'
        " Add the conversion: op.alter_column(..., postgresql_using='age::integer[]')",
    ),
    (
        'op.execute("CREATE DOMAIN mood AS text")',
        'type "mood" already exists.' + CREATED_ANOTHER_WAY,
    ),
    (
        "op.alter_column('people', 'mood', type_=sa.Integer(), postgresql_using='1')",
        'default for column "mood" cannot be cast automatically to type integer.'
        " Drop the default first: op.alter_column(..., server_default=None)",
    ),
    (
        "op.alter_column('people', 'age', type_=sa.Integer(), postgresql_using='age::integer')",
        f'invalid input syntax for type integer[: "x"]. Correct such values {FIRST}',
    ),
    (
        "op.alter_column('people', 'code', type_=sa.DateTime(), postgresql_using='code::timestamp')",
        f'invalid input syntax for type timestamp[: "a long code"]. Correct such values {FIRST}',
    ),
    (
        'op.execute("ALTER TABLE people ALTER code TYPE mood USING code::mood")',
        'invalid input value for enum mood[: "a long code"].'
        f" Add it to the type, or correct such values {FIRST}",
    ),
    (
        "op.alter_column('people', 'big', type_=sa.Integer())",
        f"integer out of range. Correct such values {FIRST}",
    ),
    (
        "op.alter_column('people', 'price', type_=sa.Numeric(5, 2))",
        "numeric field overflow. A field with precision 5, scale 2 must round to an absolute value less"
        f" than 10^3. Correct such values {FIRST}",
    ),
    (
        "op.alter_column('people', 'code', type_=sa.String(5))",
        "value too long for type character varying(5). Keep the column long enough, or shorten such"
        f" values {FIRST}",
    ),
    (
        "op.execute('ALTER TABLE people ALTER mood TYPE integer USING mood::integer')",
        "cannot cast type mood to integer. Add a conversion: postgresql_using with a CASE, or through text,"
        " such as COLUMN::text::integer",
    ),
    (
        "op.alter_column('pets', 'person_id', type_=sa.Text())",
        'foreign key constraint "fk" cannot be implemented. Key columns "person_id" of the referencing'
        ' table and "id" of the referenced table are of incompatible types: text and integer. Give both'
        " columns the same type: drop the constraint before that, create it afterwards.",
    ),
    (
        "op.execute('UPDATE people SET id = name')",
        'column "id" is of type integer but expression is of type text.'
        " You will need to rewrite or cast the expression.",
    ),
    # Dependents
    (
        "op.alter_column('people', 'name', type_=sa.String(5))",
        'cannot alter type of a column used by a view or rule: view names depends on column "name".'
        f" Drop the view {RECREATE}",
    ),
    (
        "op.alter_column('squares', 'a', type_=sa.Text())",
        'cannot alter type of a column used by a generated column. Column "a" is used by generated column'
        f' "b". Drop the generated column {RECREATE}',
    ),
    (
        "op.drop_column('people', 'name')",
        "cannot drop column name of table people because other objects depend on it: view names, view"
        " more_names. Drop these first, in the same migration, and create again afterwards what is still"
        " needed.",
    ),
    (
        "op.drop_table('people')",
        "cannot drop table people because other objects depend on it: constraint fk on table pets, view"
        " names, view more_names. Drop these first, in the same migration, and create again afterwards"
        " what is still needed.",
    ),
    (
        "op.execute('DROP TYPE mood')",
        "cannot drop type mood because other objects depend on it: column mood of table people. Give"
        " these columns another type first, in the same migration: op.alter_column(..., type_=...)",
    ),
    (
        "op.execute('DROP SCHEMA old')",
        "cannot drop schema old because other objects depend on it: table old.kept. Move these to"
        " another schema first, or drop them.",
    ),
    (
        "for n in range(9): op.execute(f'CREATE TABLE old.t{n} (id integer)')\n"
        "    op.execute('DROP SCHEMA old')",
        "cannot drop schema old because other objects depend on it: table old.kept, table old.t0, table"
        " old.t1, table old.t2, table old.t3, table old.t4, and 4 more. Move these to another schema"
        " first, or drop them.",
    ),
    (
        "op.execute('TRUNCATE people')",
        'cannot truncate a table referenced in a foreign key constraint. Table "pets" references "people".',
    ),
    # Existing and missing objects
    (
        "op.create_table('seen', sa.Column('id', sa.Integer()))",
        'relation "seen" already exists.' + CREATED_ANOTHER_WAY,
    ),
    (
        "op.add_column('seen', sa.Column('id', sa.Integer()))",
        'column "id" of relation "seen" already exists.' + CREATED_ANOTHER_WAY,
    ),
    (
        "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")",
        'type "mood" already exists. Does an earlier migration create it? Write'
        " postgresql.ENUM(..., create_type=False) here.",
    ),
    (
        "op.execute(\"ALTER TYPE mood ADD VALUE 'ok'\")",
        'enum label "ok" already exists. Write ADD VALUE IF NOT EXISTS.',
    ),
    (
        "op.create_foreign_key('fk', 'pets', 'people', ['id'], ['id'])",
        'constraint "fk" for relation "pets" already exists.' + CREATED_ANOTHER_WAY,
    ),
    (
        "op.execute(\"CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'\")",
        'function "one" already exists with same argument types. Write CREATE OR REPLACE FUNCTION.',
    ),
    (
        "op.create_primary_key('pk', 'pets', ['person_id'])",
        'multiple primary keys for table "pets" are not allowed. Drop the old primary key first:'
        " op.drop_constraint(...)",
    ),
    (
        "op.alter_column('pets', 'id', nullable=True)",
        'column "id" is in a primary key. Drop the primary key first: op.drop_constraint(...)',
    ),
    (
        "op.execute('CREATE OR REPLACE VIEW names AS SELECT 1 AS one')",
        f'cannot change name of view column "name" to "one". Drop the view {RECREATE}',
    ),
    (
        "op.execute('ALTER TABLE seen ADD a madeup')",
        'type "madeup" does not exist. Create it first, in the same migration, or write its schema too.',
    ),
    (
        "op.execute('ALTER TABLE seen ADD a vector(3)')",
        'type "vector" does not exist. Create it first, in the same migration:'
        ' op.execute("CREATE EXTENSION IF NOT EXISTS vector")',
    ),
    (
        "op.execute('CREATE INDEX ON seen USING gin (name gin_trgm_ops)')",
        'operator class "gin_trgm_ops" does not exist for access method "gin". Create it first, in the'
        ' same migration: op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")',
    ),
    (
        "op.execute('ALTER TABLE seen ADD a uuid DEFAULT uuid_generate_v4()')",
        "function uuid_generate_v4() does not exist. Create it first, in the same migration:"
        ' op.execute("CREATE EXTENSION IF NOT EXISTS \\"uuid-ossp\\"")',
    ),
    (
        "op.execute('SELECT madeup(1)')",
        "function madeup(integer) does not exist. No function matches the given name and argument types."
        " You might need to add explicit type casts.",
    ),
    (
        "op.execute('SELECT name = 1 FROM seen')",
        "operator does not exist: text = integer. No operator matches the given name and argument types."
        " You might need to add explicit type casts.",
    ),
    (
        "op.execute('ALTER TABLE seen ADD a json'); op.create_index('ix', 'seen', ['a'])",
        'data type json has no default operator class for access method "btree". You must specify an'
        " operator class for the index or define a default operator class for the data type.",
    ),
    (
        "op.drop_constraint('madeup', 'seen')",
        'constraint "madeup" of relation "seen" does not exist.'
        r" This shows the names: python db_manage.py psql -c '\d seen'",
    ),
    (
        "op.execute('UPDATE seen SET name = nam')",
        'column "nam" does not exist. Perhaps you meant to reference the column "seen.name".',
    ),
    ("op.execute('UPDATE sein SET name = 1')", 'relation "sein" does not exist'),
    (
        "op.create_table('shelves', sa.Column('id', sa.Integer()), schema='madeup')",
        'schema "madeup" does not exist. Create it first, in the same migration: op.create_schema(NAME)',
    ),
    (
        "op.create_foreign_key('fk2', 'pets', 'people', ['id'], ['big'])",
        'there is no unique constraint matching given keys for referenced table "people".'
        " Make the referenced columns unique first: op.create_unique_constraint(...)",
    ),
    (
        "op.execute('INSERT INTO squares VALUES (1, 1)')",
        'cannot insert a non-DEFAULT value into column "b". Column "b" is a generated column.',
    ),
    # Transactions and limits
    (
        "op.execute('CREATE INDEX CONCURRENTLY ON seen (name)')",
        f"CREATE INDEX CONCURRENTLY cannot run inside a transaction block. Run it inside: {BLOCK}",
    ),
    (
        "op.execute(\"ALTER TYPE mood ADD VALUE 'new'\"); op.execute(\"UPDATE people SET mood = 'new'\")",
        f'unsafe use of new value "new" of enum type mood. Add the value inside: {BLOCK}',
    ),
    (
        "op.execute('ALTER TABLE pets ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED');"
        " op.execute('UPDATE pets SET person_id = 2'); op.drop_column('pets', 'person_id')",
        'cannot ALTER TABLE "pets" because it has pending trigger events. Run'
        ' op.execute("SET CONSTRAINTS ALL IMMEDIATE") before it, or give it a migration of its own.',
    ),
    (
        "op.execute(\"UPDATE seen SET name = (SELECT string_agg(md5(n::text), '') FROM"
        " generate_series(1, 999) n)\"); op.create_index('ix', 'seen', ['name'])",
        "index row requires 31984 bytes, maximum size is 8191",
    ),
    (
        "op.execute('CREATE TABLE wide (' + ', '.join(f'c{n} integer' for n in range(1601)) + ')')",
        "tables can have at most 1600 columns. Dropped columns count too. Put some columns into another"
        " table.",
    ),
]


@pytest.fixture(scope="module")
def people(create_app: Factory, root: Path) -> Iterator[Flask]:
    """An application with its own rows, in a table without a model."""
    with application(create_app) as app, app.app_context():
        migrations.upgrade()
        with db().engine.begin() as connection:
            connection.execute(text(SETUP))
        yield app


@pytest.fixture
def file(root: Path) -> Iterator[Path]:
    """The path of a second migration, which is removed afterwards."""
    path = root / "migrations/versions/0002_second.py"
    yield path
    path.unlink(missing_ok=True)


HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "0002_second"
down_revision = "0001_initial"


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize(("code", "line"), ERRORS, ids=[code[:60] for code, _ in ERRORS])
def test_error_in_a_migration(
    people: Flask, file: Path, monkeypatch: pytest.MonkeyPatch, code: str, line: str, environment: str
) -> None:
    monkeypatch.setitem(people.config, "ENVIRONMENT", environment)
    file.write_text(HEAD.format(upgrade=code, downgrade="pass"))
    with pytest.raises(UserError) as caught:
        migrations.upgrade()
    before, mark, rest = line.partition("[")
    row, _, after = rest.partition("]")
    if mark and " " in row:
        line = before + (row if environment == "development" else "") + after
    assert str(caught.value) == line


def test_error_in_a_downgrade(people: Flask, file: Path) -> None:
    """Reverting a dropped column fails on the same rows."""
    column = "op.add_column('people', sa.Column('email', sa.Text(), nullable=False))"
    file.write_text(HEAD.format(upgrade="pass", downgrade=column))
    migrations.upgrade()
    try:
        with pytest.raises(UserError, match=r"contains null values. The table has rows: add the column with"):
            migrations.downgrade()
    finally:
        migrations.stamp("0001_initial")
