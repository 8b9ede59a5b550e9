"""Test reading an existing database as a declaration: each type and kind of object, on a real PostgreSQL."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from generator import reserved
from plumbing import database
from plumbing.commands import create_cli
from plumbing.reflection import names
from plumbing.reflection.names import accepted_class_name, as_name, snake
from plumbing.reflection.reading import reflect
from plumbing.reflection.script import statements

LEGEND = "# The comments below a model and after a field say what the database has instead, or as well.\n"
TIMES = (
    "created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,"
    " updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP"
)
PERSON = f"CREATE TABLE people (id serial PRIMARY KEY, {TIMES});"


@pytest.fixture
def run(empty_app: Flask) -> Callable[[str], None]:
    """Run SQL in the test's database."""

    def execute(sql: str) -> None:
        with database.connect() as connection:
            connection.exec_driver_sql(sql.replace("%", "%%"))
            connection.commit()

    return execute


@pytest.fixture
def read(run: Callable[[str], None]) -> Callable[[str], str]:
    """Return the declaration of a database created by SQL."""

    def declared(sql: str) -> str:
        run(sql)
        return reflect().replace(LEGEND, "").strip()

    return declared


# Types and defaults: one column each, in a table that has everything else

TYPES = {
    "varchar(20) NOT NULL": "string(20)",
    "varchar": "string?",
    "text": "text?",
    "char(5)": "string(5)?  # character(5)",
    "citext": "text?  # citext",
    '"char"': 'string(1)?  # "char"',
    "name": "string(63)?  # name",
    "smallint": "smallint?",
    "int4": "integer?",
    "int8": "bigint?",
    "serial": "integer  # serial",
    "bigint GENERATED ALWAYS AS IDENTITY": "bigint  # identity",
    "oid": "bigint?  # oid",
    "real": "float?  # real",
    "float8": "float?",
    "numeric": "numeric?",
    "numeric(10,2)": "numeric(10,2)?",
    "numeric(10)": "numeric(10)?",
    "money": "numeric(19,2)?  # money",
    "boolean": "boolean?",
    "date": "date?",
    "time": "time?",
    "time(3)": "time?  # time(3) without time zone",
    "timetz": "time?  # time with time zone",
    "timestamptz": "datetime?",
    "timestamptz(3)": "datetime?  # timestamp(3) with time zone",
    "timestamp": "datetime?  # timestamp without time zone",
    "interval": "interval?",
    "interval hour to minute": "interval?  # interval hour to minute",
    "uuid": "uuid?",
    "json": "json?  # json",
    "jsonb": "json?",
    "bytea": "bytes?",
    "inet": "text?  # inet",
    "cidr": "text?  # cidr",
    "macaddr": "text?  # macaddr",
    "xml": "text?  # xml",
    "tsvector": "text?  # tsvector",
    "point": "text?  # point",
    "int4range": "text?  # int4range",
    "int4multirange": "text?  # int4multirange",
    "hstore": "json?  # hstore",
    "ltree": "text?  # ltree",
    "bit(8)": "string?  # bit(8)",
    "varbit": "string?  # bit varying",
    "mood": "enum(sad|'it''s ok')?  # enum type mood",
    "mood[]": "text[]?  # mood[]",
    "pair": "json?  # composite type pair",
    "email": "string(120)?  # domain email (character varying(120))",
    "tag": "text?  # domain tag (citext)",
    "year": "integer?  # domain year (integer)",
    "text[]": "text[]?",
    "varchar(3)[]": "string(3)[]?",
    "numeric(5,1)[][]": "numeric(5,1)[]?",
    "timestamptz[]": "datetime[]?",
    "json[]": "json?  # json[]",
    'text COLLATE "C"': "text?  # collation C",
    "int GENERATED ALWAYS AS (1 + 1) STORED": "integer?  # generated: (1 + 1)",
    "int REFERENCES people (number)": "integer?",
    # defaults
    "text DEFAULT 'it''s'": "text?='it''s'",
    "text DEFAULT ''": "text?=''",
    "text DEFAULT 'NULL'": "text?='NULL'",
    "varchar(8) DEFAULT 'new' NOT NULL": "string(8)=new",
    "varchar(8) DEFAULT NULL": "string(8)?",
    "text DEFAULT '  :?#|;='": "text?='  :?#|;='",
    "text DEFAULT 'C:\\new'": "text?='C:\\new'",
    "text DEFAULT E'two\\nlines'": "text?  # default 'two lines'::text",
    "text DEFAULT lower('X')": "text?  # default lower('X'::text)",
    "text DEFAULT lower('A. Model name:text << <%')":
        "text?  # default lower('A. Model name: text < < < %'::text)",
    "text DEFAULT CURRENT_USER": "text?  # default CURRENT_USER",
    "int DEFAULT 0": "integer?=0",
    "int DEFAULT -5": "integer?=-5",
    "int DEFAULT (1 + 1)": "integer?  # default (1 + 1)",
    "bigint DEFAULT 9223372036854775807": "bigint?=9223372036854775807",
    "numeric(5,2) DEFAULT 0.50": "numeric(5,2)?=0.50",
    "numeric(5,2) DEFAULT 1": "numeric(5,2)?=1",
    "float8 DEFAULT 'Infinity'": "float?  # default 'Infinity'::double precision",
    "float8 DEFAULT '1e-9'": "float?=1e-09",
    "money DEFAULT 0": "numeric(19,2)?=0  # money",
    "boolean DEFAULT false NOT NULL": "boolean=false",
    "date DEFAULT now()": "date?=now  # default now()",
    "date DEFAULT CURRENT_DATE": "date?=now",
    "date DEFAULT '2026-01-31'": "date?=2026-01-31",
    "date DEFAULT 'infinity'": "date?  # default 'infinity'::date",
    "time DEFAULT CURRENT_TIME": "time?=now",
    "time DEFAULT '23:59'": "time?='23:59:00'",
    "timestamptz DEFAULT now()": "datetime?=now",
    "timestamptz DEFAULT clock_timestamp()": "datetime?=now  # default clock_timestamp()",
    "timestamptz DEFAULT '2026-01-31 23:59+02'": "datetime?='2026-01-31 21:59:00Z'",
    "timestamptz DEFAULT now() + '1 day'": "datetime?  # default (now() + '1 day'::interval)",
    "timestamp DEFAULT timezone('utc', now())":
        "datetime?=now  # timestamp without time zone; default timezone('utc'::text, now())",
    "timestamp DEFAULT LOCALTIMESTAMP": "datetime?=now  # timestamp without time zone; default LOCALTIMESTAMP",
    "interval DEFAULT '1 day 2:30'": "interval?='1 day 2 hours 30 minutes'",
    "interval DEFAULT '-1 day'": "interval?  # default '-1 days'::interval",
    "uuid DEFAULT gen_random_uuid()": "uuid?=uuid",
    "uuid DEFAULT uuid_generate_v4()": "uuid?=uuid  # default public.uuid_generate_v4()",
    "jsonb DEFAULT '{}'": "json?='{}'",
    "jsonb DEFAULT 'null'": "json?  # default 'null'::jsonb",
    "bytea DEFAULT 'abc'": "bytes?='\\x616263'",
    "text[] DEFAULT '{}'": "text[]?='{}'",
    "text[] DEFAULT ARRAY['a', 'b']": "text[]?='{a,b}'",
    "text[] DEFAULT ARRAY[]::text[]": "text[]?='{}'",
    "text[] DEFAULT '{\"a b\"}'": "text[]?  # default '{\"a b\"}'::text[]",
    "boolean[] DEFAULT '{t,f}'": "boolean[]?='{true,false}'",
    "mood DEFAULT 'sad'": "enum(sad|'it''s ok')?=sad  # enum type mood",
    "inet DEFAULT '10.0.0.1'": "text?=10.0.0.1  # inet",
    # checks
    "varchar(32) CHECK (x IN ('a', 'b c'))": "enum(a|'b c')?",
    "varchar(32) NOT NULL DEFAULT 'a' CHECK (x IN ('a'))": "enum(a)=a",
    "text CHECK (x = 'a' OR x = 'it''s OR')": "enum(a|'it''s OR')?  # text",
    "text CHECK (x = ANY (ARRAY['a', 'b']))": "enum(a|b)?  # text",
    "varchar(9) CHECK (x::text = ANY (ARRAY['a'::varchar::text, 'b'::varchar::text]))":
        "enum(a|b)?  # character varying(9)",
}  # fmt: skip
SETUP = f"""
    CREATE EXTENSION citext;
    CREATE EXTENSION hstore;
    CREATE EXTENSION ltree;
    CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
    CREATE TYPE pair AS (a int, b int);
    CREATE DOMAIN email AS varchar(120) CHECK (VALUE LIKE '%@%');
    CREATE DOMAIN tag AS citext;
    CREATE DOMAIN inner_year AS integer CHECK (VALUE > 1900);
    CREATE DOMAIN year AS inner_year;
    CREATE TABLE people (id serial PRIMARY KEY, number int UNIQUE, {TIMES});
"""


def test_types_and_defaults(read: Callable[[str], str]) -> None:
    """One database holds all of them, with a table for each."""
    tables = [
        f"CREATE TABLE t{number}s (id serial PRIMARY KEY, x {type_}, {TIMES});"
        for number, type_ in enumerate(TYPES)
    ]
    text = read(SETUP + "".join(tables))
    found = dict(re.findall(r"^T(\d+)\n(?:    #.*\n)*    x:(.*)$", text, re.MULTILINE))
    assert {type_: found.get(str(number)) for number, type_ in enumerate(TYPES)} == TYPES


# Everything else: the statements, and the declaration without people

THINGS = {
    # names and keys
    "order_items": ("(id serial PRIMARY KEY)", "OrderItem"),
    "film": ("(id serial PRIMARY KEY)", "Film(film)"),
    '"Order Lines"': (
        '(id serial PRIMARY KEY, "unitPrice" int, "class" text, "9" int, "created__at" int, "Ä" int, id_ int)',
        "OrderLine\n    # table Order Lines\n    unit_price:integer?\n"
        "    class_:text?  # column class\n    field_9:integer?  # column 9\n"
        "    created_at_:integer?  # column created__at\n    a:integer?  # column Ä\n    id_:integer?",
    ),
    "tests": ("(id serial PRIMARY KEY)", "AppTest(tests)"),
    "texts": ("(id serial PRIMARY KEY)", "TextItem(texts)"),
    "classes": ("(id serial PRIMARY KEY)", "ClassItem(classes)"),
    "a": ("(id bigserial PRIMARY KEY)", "A(a)\n    id:bigint"),
    "b": ("(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)", "B(b)\n    id:bigint"),
    "c": ("(id uuid PRIMARY KEY)", "C(c)\n    id:uuid"),
    "d": ("(id uuid PRIMARY KEY DEFAULT gen_random_uuid())", "D(d)\n    id:uuid=uuid"),
    "e": ("(id varchar(26) PRIMARY KEY)", "E(e)\n    id:string(26)"),
    "f": ("(id text PRIMARY KEY)", "F(f)\n    # primary key id, text\n    id:string"),
    "g": ("(id smallserial PRIMARY KEY)", "G(g)\n    # primary key id, smallint"),
    "h": ("(id int PRIMARY KEY)", "H(h)\n    # primary key id, not numbered by PostgreSQL"),
    "j": ("(j_id serial PRIMARY KEY, id text)", "J(j)\n    # primary key j_id\n    id_:text?  # column id"),
    "k": ("(a int, b int, PRIMARY KEY (a, b))",
          "K(k)\n    # primary key (a, b)\n    a:integer\n    b:integer\n    unique(a,b)"),
    "l": ("(a int)", "L(l)\n    # no primary key\n    a:integer?"),
    "m": ("(id date PRIMARY KEY)", "M(m)\n    # primary key id\n    id_:date:unique  # column id"),
    # references
    "n": ("(id serial PRIMARY KEY, author_id int REFERENCES people)",
          "N(n)\n    # no index on author_id\n    author:Person?"),
    "o1": ("(id serial PRIMARY KEY, author int NOT NULL UNIQUE REFERENCES people ON DELETE CASCADE)",
           "O1(o1)\n    author:Person:unique:cascade  # column author"),
    "o2": ("(id serial PRIMARY KEY, author text, author_id int UNIQUE REFERENCES people)",
           "O2(o2)\n    author_:text?  # column author\n    author:Person?:unique"),
    "p": ("(id serial PRIMARY KEY, from_id int UNIQUE REFERENCES people)",
          "P(p)\n    from_person:Person?:unique  # column from_id"),
    "q": ("(id serial PRIMARY KEY, a_id int UNIQUE REFERENCES people ON DELETE RESTRICT,"
          " b_id int UNIQUE REFERENCES people ON DELETE SET NULL, c_id bigint UNIQUE REFERENCES people"
          " ON DELETE SET DEFAULT ON UPDATE CASCADE DEFERRABLE)",
          "Q(q)\n    a:Person?:unique:restrict\n    b:Person?:unique:setnull\n"
          "    c:Person?:unique  # bigint; ON DELETE SET DEFAULT; ON UPDATE CASCADE; DEFERRABLE"),
    "r": ("(id serial PRIMARY KEY, parent_id int NOT NULL UNIQUE REFERENCES r)",
          "R(r)\n    parent:R?:unique  # NOT NULL"),
    "s": ("(a int, b int, UNIQUE (a, b), x int, y int, FOREIGN KEY (x, y) REFERENCES s (a, b), PRIMARY KEY (x, y))",
          "S(s)\n    # primary key (x, y)\n    # FOREIGN KEY (x, y) REFERENCES public.s(a, b)\n"
          "    a:integer?\n    b:integer?\n    x:integer\n    y:integer\n    unique(a,b)\n    unique(x,y)"),
    "t": ("(person_id int PRIMARY KEY REFERENCES people)",
          "T(t)\n    # primary key person_id\n    person:Person:unique"),
    "u": ("(id serial PRIMARY KEY, person_id int REFERENCES people, children int, unique (person_id, children))",
          "U(u)\n    person:Person?\n    children:integer?\n    unique(person,children)"),
    # many to many
    "people_v": ("(person_id int REFERENCES people ON DELETE CASCADE, other_person_id int REFERENCES people"
                 " ON DELETE CASCADE, PRIMARY KEY (person_id, other_person_id));"
                 " CREATE INDEX ON people_v (other_person_id)", "people: v:Person[]"),
    "people_w": ("(a int REFERENCES people, b int REFERENCES people, PRIMARY KEY (a, b))",
                 "people: w:Person[]  # columns a, b; ON DELETE NO ACTION; no index on b"),
    "friends": ("(a_id int REFERENCES people, b_id int REFERENCES people, PRIMARY KEY (a_id, b_id))",
                "Friend\n    # primary key (a_id, b_id)\n    # no index on b_id\n    a:Person\n    b:Person\n"
                "    unique(a,b)"),
    # constraints and indexes
    "x1": ("(id serial PRIMARY KEY, a int UNIQUE, b int, c jsonb, d text[], UNIQUE (b, a));"
           " CREATE INDEX ON x1 (b); CREATE INDEX ON x1 USING gin (c); CREATE INDEX ON x1 USING gin (d)",
           "X1(x1)\n    a:integer?:unique\n    b:integer?:index\n    c:json?:index\n    d:text[]?:index\n    unique(b,a)"),
    "x2": ("(id serial PRIMARY KEY, a int, b int); CREATE UNIQUE INDEX ON x2 (a); CREATE INDEX ON x2 (b, a);"
           " CREATE UNIQUE INDEX ON x2 (b) WHERE a > 0; CREATE INDEX ON x2 (lower(b::text));"
           " CREATE INDEX ON x2 (b DESC); CREATE INDEX ON x2 USING hash (b); CREATE INDEX ON x2 (a) INCLUDE (b)",
           "X2(x2)\n    # index (a) INCLUDE (b)\n    # unique index (b) WHERE (a > 0)\n    # index (b DESC)\n"
           "    # index hash (b)\n    # index (lower((b)::text))\n"
           "    a:integer?:unique  # a unique index\n    b:integer?\n    index(b,a)"),
    "x3": ("(id serial PRIMARY KEY, a int UNIQUE DEFERRABLE, b int, UNIQUE NULLS NOT DISTINCT (b))",
           "X3(x3)\n    a:integer?:unique  # DEFERRABLE\n    b:integer?:unique  # NULLS NOT DISTINCT"),
    "x4": ("(id serial PRIMARY KEY, a int CHECK (a > 0), EXCLUDE USING btree (a WITH =))",
           "X4(x4)\n    # check (a > 0)\n    # EXCLUDE USING btree (a WITH =)\n    a:integer?"),
}  # fmt: skip


@pytest.mark.parametrize("table", THINGS)
def test_things(read: Callable[[str], str], table: str) -> None:
    definition, expected = THINGS[table]
    first, mark, rest = definition.partition(");")
    body = f"{first if mark else definition[:-1]}"
    is_link = expected.startswith("people: ")
    times = "" if is_link or "PRIMARY KEY (a_id, b_id)" in definition else f", {TIMES}"
    text = read(f"{PERSON} CREATE TABLE {table} {body}{times}); {rest}")
    text = (
        re.sub(r"^# (Every model has|Names with).*\n+", "", text, flags=re.MULTILINE)
        .removeprefix("id:")
        .strip()
    )
    blocks = dict((block.split("\n")[0], block) for block in text.split("\n\n") if block)
    if is_link:
        assert blocks["Person"] == f"Person\n    {expected.removeprefix('people: ')}"
    else:
        blocks.pop("Person")
        assert list(blocks.values()) == [expected]


def test_what_is_beside_tables(read: Callable[[str], str]) -> None:
    """Comments, partitions, inheritance, triggers, views, and migration tools' tables are handled."""
    text = read(
        f"""
        CREATE SCHEMA shop;
        CREATE TABLE shop.items (id serial PRIMARY KEY, name text, {TIMES});
        COMMENT ON TABLE shop.items IS 'What is\n\nsold: << <% <#';
        COMMENT ON COLUMN shop.items.name IS 'As printed';
        CREATE TABLE logs (id int, at date, PRIMARY KEY (id, at), {TIMES}) PARTITION BY RANGE (at);
        CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE TABLE special_items (rank int) INHERITS (shop.items);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER touch BEFORE UPDATE ON shop.items FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY;
        CREATE VIEW names AS SELECT name FROM shop.items;
        CREATE MATERIALIZED VIEW shop.kept AS SELECT 1 AS x;
        CREATE TABLE schema_migrations (version text PRIMARY KEY);
        CREATE TABLE alembic_version (version_num text PRIMARY KEY);
        """
    )
    assert (
        text
        == """
# Left out: view names
# Left out: materialized view shop.kept

Log
    # primary key (id, at)
    # partitioned by RANGE (at)
    id_:integer  # column id
    at:date
    unique(id_,at)

SpecialItem
    # no primary key, but id
    # inherits from shop.items
    name:text?
    rank:integer?

# What is
# sold: < < < % < #
shop.Item
    # trigger touch
    # row level security
    # As printed
    name:text?
""".strip()
    )


def test_times(read: Callable[[str], str]) -> None:
    """The timestamps of every model are implied; others are explained."""
    text = read(
        """
        CREATE TABLE as_here (id serial PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP);
        CREATE TABLE as_in_rails (id bigserial PRIMARY KEY, created_at timestamp(6) NOT NULL,
            updated_at timestamp(6) NOT NULL);
        CREATE TABLE without_one (id bigserial PRIMARY KEY, created_at timestamptz DEFAULT now());
        CREATE INDEX ON as_here (created_at);
        CREATE INDEX ON as_here (id, updated_at);
        """
    )
    assert (
        text
        == """
# Every model has created_at and updated_at. After `stamp 0001_initial`, `migrate` adds those missing in without_one.

id:bigint

AsHere(as_here)
    id:integer
    index(created_at)
    index(id,updated_at)

AsInRail
    # created_at timestamp(6) without time zone NOT NULL
    # updated_at timestamp(6) without time zone NOT NULL

WithoutOne(without_one)
    # created_at timestamp with time zone DEFAULT now()
""".strip()
    )


def test_other_sides_and_circles(read: Callable[[str], str]) -> None:
    """A name is given if the default one is taken; in a cycle, one reference becomes nullable."""
    text = read(
        f"""
        CREATE TABLE teams (id serial PRIMARY KEY, players text, captain_id int NOT NULL UNIQUE, {TIMES});
        CREATE TABLE players (id serial PRIMARY KEY, team_id int NOT NULL UNIQUE REFERENCES teams,
            teams text, {TIMES});
        ALTER TABLE teams ADD FOREIGN KEY (captain_id) REFERENCES players;
        CREATE TABLE trades (id serial PRIMARY KEY, seller_team_id int UNIQUE REFERENCES teams,
            team_id int REFERENCES teams, {TIMES});
        CREATE INDEX ON trades (team_id)
        """
    )
    assert (
        text
        == """
Team
    players:text?
    captain:Player(captain_team):unique

Player
    team:Team?:unique  # NOT NULL
    teams:text?

Trade
    seller_team:Team?:unique
    team:Team?
""".strip()
    )
    text = read(
        f"""
        CREATE TABLE votes (id serial PRIMARY KEY, player_id int REFERENCES players, {TIMES});
        CREATE INDEX ON votes (player_id);
        ALTER TABLE players ADD votes text
        """
    )
    assert text.endswith("\n\nVote\n    player:Player(player_votes)?")


def test_reserved_names() -> None:
    """Names that the template refuses are not written."""
    assert set(reserved.COLUMNS) == names.COLUMNS
    assert set(reserved.SCHEMAS) == names.SCHEMAS
    assert set(reserved.TABLES) == names.TABLES
    assert set(reserved.MODULES) == names.MODULES
    assert set(reserved.MODELS) <= names.CLASSES


def test_names() -> None:
    assert as_name("unitPrice") == "unit_price"
    assert as_name("Straße 9") == "strae_9"
    assert as_name("pg_x") == "field_pg_x"
    assert as_name("a" * 70) == "a" * 63
    taken: set[str] = set()
    tables = [("users", ""), ("users", "shop"), ("user", "shop"), ("tests", ""), ("bases", ""), ("l", "")]
    for table, schema in tables:
        taken.add(snake(accepted_class_name(table, schema, taken)))
    assert taken == {"user", "shop_user", "user_item", "app_test", "base_item", "l"}


# Files


def lines_of(sql: str) -> list[tuple[int, str]]:
    return [(statement.line, statement.text) for statement in statements(sql)]


def test_statements() -> None:
    """Each has the number of its first line; comments and the rows of COPY are skipped."""
    sql = """
-- a comment; with 'one quote
CREATE TABLE a (b text DEFAULT ';', "c;" int, -- d;
    e text DEFAULT E'\\';'); /* ; /* nested */ ; */ SELECT 1;

CREATE FUNCTION f() AS $$ BEGIN; END $$ LANGUAGE plpgsql; CREATE FUNCTION g() AS $x$ $$; $x$;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
CREATE RULE r AS ON INSERT TO a DO ALSO (SELECT 1; SELECT 2);
COPY a (b) FROM stdin WITH (FORMAT text);
it's; a row
\\.

\\connect shop
\\.
;;
SELECT '$$', $1
"""
    sql = sql.replace("\\\\", "\\")
    assert [line for line, _ in lines_of(sql)] == [3, 4, 6, 6, 7, 8, 9, 13, 14, 15, 15, 16]
    texts = [text for _, text in lines_of(sql)]
    assert texts[0].startswith("CREATE TABLE a") and texts[0].endswith("';')")
    assert texts[1] == "SELECT 1"
    assert texts[-1] == "SELECT '$$', $1\n"


DUMP = f"""
\\restrict token
SET transaction_timeout = 0;
SET no_such_setting = on;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE DATABASE other; -- with --create
\\connect other
DROP ROLE IF EXISTS keeper;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO nobody_here;
CREATE SCHEMA shop AUTHORIZATION nobody_here;
COMMENT ON EXTENSION plpgsql IS 'x';
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE FUNCTION public.js() RETURNS int LANGUAGE plv8 AS 'x';
CREATE TABLE shop.items (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    place public.geometry(Point,4326),
    name public.citext,
    {TIMES}
);
ALTER TABLE shop.items OWNER TO nobody_here;
ALTER TABLE ONLY shop.items ADD CONSTRAINT items_pkey PRIMARY KEY (id);
COPY shop.items (id) FROM stdin;
01234567-89ab-cdef-0123-456789abcdef
\\.
INSERT INTO shop.items VALUES (1);
GRANT ALL ON shop.items TO nobody_here;
CREATE POLICY mine ON shop.items TO nobody_here;
ALTER DEFAULT PRIVILEGES FOR ROLE nobody_here GRANT SELECT ON TABLES TO nobody_here;
CREATE PUBLICATION all_tables FOR ALL TABLES;
SELECT pg_catalog.setval('shop.items_id_seq', 1, false);
\\ir more.sql
\\unrestrict token
"""
READ = """
# Left out: line 14, extension "uuid-ossp" is not available
# Left out: line 15, extension "postgis" is not available
# Left out: line 17, language "plv8" does not exist
# Left out: line 35, \\ir more.sql
# The comments below a model and after a field say what the database has instead, or as well.

id:uuid=uuid

shop.Item
    # primary key id, DEFAULT public.uuid_generate_v4()
    place:text?  # domain geometry (text)
    name:text?  # citext
""".lstrip()


@pytest.fixture
def reflected(root: Path, empty_app: Flask) -> Callable[..., Result]:
    """Run the command."""
    cli = create_cli(str(root / "db_manage.py"), create_app="host:create_app", seeds="host.seeds:rows")
    return lambda *words: CliRunner().invoke(cli, ["reflect", *words])


def databases() -> set[str]:
    with database.connect_to_server() as server:
        return set(server.exec_driver_sql("SELECT datname FROM pg_database").scalars())


def test_a_dump(reflected: Callable[..., Result], tmp_path: Path) -> None:
    """Statements that name roles, other databases or rows are skipped; the temporary database is dropped."""
    file = tmp_path / "dump.sql"
    file.write_text(DUMP)
    before = databases()
    result = reflected(str(file))
    assert result.output == READ
    assert databases() == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings(reflected: Callable[..., Result], tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "dump.sql"
    sql = "SET client_encoding = 'LATIN1';\nCREATE TABLE t (id serial PRIMARY KEY, x text DEFAULT 'ä');"
    file.write_bytes(sql.encode(encoding))
    assert "    x:text?='ä'\n" in reflected(str(file)).output


BAD_FILES = {
    b"CREATE TABLE a (\n    b text,\n    c strin\n);": 'line 3: type "strin" does not exist.',
    b"SELECT 1;\n\nCREATE TABEL a (b int);": 'line 3: syntax error at or near "TABEL".',
    b"CREATE TABLE a (b int);\nCREATE TABLE a (b int);": 'line 2: relation "a" already exists.',
    b"-- nothing": "The database has no tables. Run: python db_manage.py help reflect",
    b"": "The database has no tables. Run: python db_manage.py help reflect",
    b"PGDMP\x01\x0e": "{file} is not SQL but an archive of pg_dump."
    " Run: pg_restore --schema-only --no-owner --file=schema.sql {file}",
    b"\x1f\x8b\x08": "{file} is compressed. Unpack it first.",
    b"\xff": "{file} is not UTF-8. Convert it first, for example with iconv.",
}


@pytest.mark.parametrize("content", BAD_FILES)
def test_bad_files(reflected: Callable[..., Result], tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.sql"
    file.write_bytes(content)
    before = databases()
    result = reflected(str(file))
    assert result.exit_code == 2
    assert result.stderr == f"Error: {BAD_FILES[content].format(file=file)}\n"
    assert result.stdout == ""
    assert databases() == before


BAD_SOURCES = {
    "nothing.sql": "nothing.sql cannot be read: No such file or directory.",
    ".": ". is a folder. Run: pg_restore --schema-only --no-owner --file=schema.sql .",
    "anna:secret@host/shop": "SOURCE is neither a file nor a URL: write postgresql://user@host/name.",
    "mysql://anna:secret@host/shop": "SOURCE is not the URL of a PostgreSQL database, it begins with mysql:"
    " write postgresql://user:password@host:5432/name.",
    "sqlite:///x.db": "SOURCE is not the URL of a PostgreSQL database: write postgresql://user@host/name.",
    "postgresql://anna:secret@host:x/shop": "SOURCE: the port is not a number from 1 to 65535."
    " In a password write @ as %40, : as %3A, / as %2F, ? as %3F and % as %25.",
}


@pytest.mark.parametrize("source", BAD_SOURCES)
def test_bad_sources(reflected: Callable[..., Result], empty_folder: Path, source: str) -> None:
    result = reflected(source)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {BAD_SOURCES[source]}\n"


def test_no_server(reflected: Callable[..., Result]) -> None:
    """The line names the server, without a password."""
    result = reflected("postgresql://anna:secret@localhost:1/shop")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: shop on localhost:1: ")
    assert "secret" not in result.output
    assert result.output.count("\n") == 1


def test_another_database(reflected: Callable[..., Result], run: Callable[[str], None]) -> None:
    run(f"CREATE TABLE items (id serial PRIMARY KEY, {TIMES})")
    assert reflected(database.url_without_password()).output == "Item\n"


def test_a_file_is_not_run_in_production(
    reflected: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dump.sql"
    file.write_text(DUMP)
    monkeypatch.setenv("FLASK_ENV", "production")
    result = reflected(str(file))
    assert result.exit_code == 2
    assert result.stderr.endswith(": unset DATABASE_URL.\n")


def test_a_script_has_no_rights_elsewhere(reflected: Callable[..., Result], tmp_path: Path) -> None:
    """Even a block that runs cannot create anything permanent."""
    file = tmp_path / "dump.sql"
    file.write_text(
        "DO $$ BEGIN CREATE ROLE left_over; END $$; CREATE TABLE items (id serial PRIMARY KEY);"
        " DROP DATABASE postgres; SET ROLE postgres; RESET ROLE; CREATE ROLE left_over"
    )
    result = reflected(str(file))
    assert result.output.startswith("# Left out: line 1, permission denied to create role\n")
    with database.connect_to_server() as server:
        count = server.exec_driver_sql("SELECT count(*) FROM pg_roles WHERE rolname = 'left_over'").scalar()
    assert count == 0
