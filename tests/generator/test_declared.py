"""Test what declared models do on a real PostgreSQL."""

import itertools
import re
import shutil
from collections.abc import Callable, Iterator

import pytest

from generator import scalars
from generator.model import cut
from tests.support import mermaid
from tests.support.bake import ROOT, Baker, Project
from tests.support.commands import edit, flask, revision
from tests.support.servers import drop_database

Make = Callable[[str], Project]
CLEAN = "No new upgrade operations detected.\n"
SCRIPT = """
import datetime as dt
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
def make(baker: Baker, database: Callable[[], str]) -> Iterator[Make]:
    """A function that bakes a declaration and sets up the project's database."""
    url = database()

    def made(models: str) -> Project:
        project = baker.bake(models=models)
        project.variables["DATABASE_URL"] = url
        project.ok("python", "db_manage.py", "setup")
        return project

    yield made
    drop_database(url)


def script(project: Project, code: str) -> str:
    """Run Python in the context of the application; return its output."""
    (project.path / "script.py").write_text(SCRIPT + code)
    return project.ok("python", "script.py")


def manage(project: Project, *words: str, status: int = 0, **variables: str) -> str:
    """Run db_manage.py; return stdout and stderr."""
    result = project.run("python", "db_manage.py", *words, **variables)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


def own_test(project: Project, name: str, status: int = 0, **variables: str) -> str:
    """Run one of the project's own tests of its models; return pytest's output."""
    words = ("-q", "-p", "no:cacheprovider", f"tests/test_models.py::{name}")
    result = project.run("pytest", *words, **variables)
    assert result.returncode == status, result.stdout
    return result.stdout


# Types

VALUES = [  # the declared type, PostgreSQL's type, and a Python value
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
    """Each maps to the right PostgreSQL type and returns values unchanged, and NULL as None."""
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


def test_enum_gains_a_longer_value(make: Make) -> None:
    """Autogenerate detects that the column must grow with the longest value."""
    project = make(f"T kind:enum({'a' * 33}|b)")
    edit(project, "app/models/t.py", "a" * 33, "a" * 34)
    flask(project, "migrate", "-m", "longer")
    flask(project, "upgrade")
    assert flask(project, "check") == CLEAN
    flask(project, "downgrade")


# Names


def test_reserved_words(make: Make) -> None:
    """Reserved words work as names in SQL, in the diagram and through the ORM."""
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
        assert re.findall(r"^        text (\S+)", lines, re.MULTILINE)[:7] == words.split()
    assert '"users.users" ||--o{ "order" : ""' in drawn


LENGTHS = {"Short": (1, 1), "Long": (63, 60)}  # of names, and of a reference's name, which gets _id
DECLARED = (
    "{model}({t}) {a}:text:unique {b}:text:index {e}:enum(x|y)? {r}:{model}?"
    " unique({a},{b}) index({b},{r}) unique({e},{r})"
)
NAMES = (
    "pk_{t} uq_{t}_{a} ix_{t}_{b} ck_{t}_{e} ix_{t}_{r}_id fk_{t}_{r}_id_{t}"
    " uq_{t}_{a}_{b} ix_{t}_{b}_{r}_id uq_{t}_{e}_{r}_id"
)
TAKEN = ["'1', '1', NULL, NULL", "'2', '1', 'x', 1", "'4', '1', NULL, 1", "'5', '1', NULL, 1"]
REFUSED = {
    "'1', '2', 'y', 2": 'unique constraint "uq_t_a"',
    "'3', '1', 'x', 1": 'unique constraint "uq_t_e_r_id"',
    "'3', '1', 'z', 1": 'check constraint "ck_t_e"',
    "'3', '1', 'y', 9": 'foreign key constraint "fk_t_r_id_t"',
}


def test_names_of_constraints(make: Make) -> None:
    """Names follow the convention, truncated to PostgreSQL's 63 bytes, and the constraints work."""
    models, names = [], set()
    for model, (length, shorter) in LENGTHS.items():
        words = {"model": model, "r": "r" * shorter} | {letter: letter * length for letter in "tabe"}
        models.append(f"{model.lower()}.{DECLARED.format(**words)}")
        names |= {f"{model.lower()}|{cut(name)}" for name in NAMES.format(**words).split()}
    project = make(";".join(models))
    found = project.sql(
        "SELECT connamespace::regnamespace, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
        " UNION ALL SELECT relnamespace::regnamespace, relname FROM pg_class WHERE relkind = 'i'"
    )
    assert {line for line in found.splitlines() if re.match("long|short", line)} == names
    columns = "SELECT regexp_replace(indexdef, '.*USING ', '') FROM pg_indexes WHERE indexname = "
    assert project.sql(f"{columns} 'uq_t_a_b'; {columns} 'ix_t_b_r_id'") == "btree (a, b)\nbtree (b, r_id)"

    inserts = [f"INSERT INTO short.t (a, b, e, r_id) VALUES ({values})" for values in (*TAKEN, *REFUSED)]
    commands = itertools.chain.from_iterable(("-c", insert) for insert in inserts)
    errors = project.run("python", "db_manage.py", "psql", "-Xq", *commands).stderr
    violated = re.findall(r"^ERROR: .* violates (.+)$", errors, re.MULTILINE)
    assert violated == list(REFUSED.values())


# Relations

RULES = """
model    SQL     ORM     ORM, the row loaded
Cascade  gone    gone    gone
Restrict refused refused refused
Setnull  null    null    null
Plain    refused refused refused
Optional refused null    null
"""
DELETES = """
def by_sql(row):
    session.execute(sa.text(f"DELETE FROM {type(row).__table__.fullname} WHERE id = {row.id}"))

def by_orm(row):
    session.delete(row)

def by_orm_loaded(row):
    assert any([getattr(row, name) for name in type(row).__mapper__.relationships.keys()])
    session.delete(row)

WAYS = [by_sql, by_orm, by_orm_loaded]
"""
FATES = """
def fate(model, delete):
    user = User()
    row = model(user=user)
    session.add(row)
    session.commit()
    number = row.id
    try:
        delete(user)
        session.commit()
    except sa.exc.IntegrityError:
        session.rollback()
        return "refused"
    session.expire_all()
    row = session.get(model, number)
    return "gone" if row is None else "null" if row.user_id is None else "kept"

for model in [Cascade, Restrict, Setnull, Plain, Optional]:
    print(model.__name__, *(fate(model, delete) for delete in WAYS))

user = User(profile=Profile())
session.add(user)
session.flush()
session.add(Profile(user_id=user.id))
with pytest.raises(sa.exc.IntegrityError, match="uq_profiles_user_id"):
    session.flush()
"""


def test_delete_rules(make: Make) -> None:
    """Each rule decides what happens to rows that refer to a deleted one; a one-to-one refuses a second."""
    project = make(
        "users.User; users.Profile user:User:unique; blog.Cascade user:User:cascade;"
        " blog.Restrict user:User?:restrict; blog.Setnull user:User?:setnull; blog.Plain user:User;"
        " Optional user:User?"
    )
    rules = [line.split() for line in RULES.strip().splitlines()[1:]]
    assert [line.split() for line in script(project, DELETES + FATES).splitlines()] == rules


def test_required_reference_is_left_to_postgresql(make: Make) -> None:
    """Deleting a user with posts is one statement, which the foreign key refuses; posts stay untouched."""
    project = make("User name:text; Post user:User text:text; Profile user:User:unique; Note user:User?")
    output = script(
        project,
        "user = User(name='a', posts=[Post(text='b') for _ in range(20)], profile=Profile())\n"
        "session.add(user)\n"
        "session.commit()\n"
        "user = session.get_one(User, user.id)\n"
        "statements = []\n"
        "sa.event.listen(db.engine, 'before_cursor_execute', lambda *args: statements.append(args[2]))\n"
        "session.delete(user)\n"
        "with pytest.raises(sa.exc.IntegrityError) as refusal:\n"
        "    session.flush()\n"
        "print([statement.split()[0] for statement in statements if 'notes' not in statement])\n"
        "print(type(refusal.value.orig).__name__)\n",
    )
    assert output == "['DELETE']\nForeignKeyViolation\n"


def test_circle_of_models(make: Make) -> None:
    """Two new rows that refer to each other are inserted and deleted together."""
    project = make("User name:text favorite:Post?:setnull\nPost author:User text:text")
    output = script(
        project,
        "user = User(name='a')\n"
        "user.favorite = Post(author=user, text='b')\n"
        "session.add(user)\n"
        "session.commit()\n"
        "print(user.favorite.author is user, user.posts == [user.favorite])\n"
        "session.delete(user.favorite)\n"
        "session.commit()\n"
        "print(user.favorite)\n",
    )
    assert output == "True True\nNone\n"
    assert "Checked" in manage(project, "check")


def test_keys(make: Make) -> None:
    """Each key has the same type in both tables, and PostgreSQL generates the values where it can."""
    project = make(
        "id:uuid=uuid\nUser name:text\nTag id:string(26)\nPost id:bigint author:User tags:Tag[]\nNote id:integer post:Post"
    )
    output = script(
        project,
        "tag = Tag(id='t' * 26)\n"
        "note = Note(post=Post(author=User(name='a'), tags=[tag]))\n"
        "session.add(note)\n"
        "session.commit()\n"
        "print(note.id, note.post_id, type(note.post.author_id).__name__, tag.posts == [note.post])\n",
    )
    assert output == "1 1 UUID True\n"
    types = project.sql(
        "SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attidentity FROM pg_attribute"
        " WHERE attname ~ 'id$' AND attnum > 0 AND attrelid::regclass::text ~ '^(users|tags|posts|notes|posts_tags)$'"
        " ORDER BY attrelid, attnum"
    )
    assert types.splitlines() == KEYS.split("\n")[1:-1]


KEYS = """
tags|id|character varying(26)|
users|id|uuid|
posts|id|bigint|d
posts|author_id|uuid|
notes|id|integer|
notes|post_id|bigint|
posts_tags|post_id|bigint|
posts_tags|tag_id|character varying(26)|
"""


def test_orphans(make: Make) -> None:
    """A row removed from a list is deleted if its reference cascades, unless the reference is optional."""
    project = make("User; Post user:User:cascade; Note user:User?:cascade")
    output = script(
        project,
        "user = User(posts=[Post()], notes=[Note()])\n"
        "session.add(user)\n"
        "session.commit()\n"
        "user.posts.clear()\n"
        "user.notes.clear()\n"
        "session.commit()\n"
        "print(session.scalars(sa.select(Post)).all(), session.scalars(sa.select(Note.user_id)).all())\n",
    )
    assert output == "[] [None]\n"


LINKS = """
users.people_tags    Person.tags    Tag.people
blog.posts_tags      Post.tags      Tag.posts
users.people_friends Person.friends Person.friends_of
"""
UNLINK = """
def check(near, far, delete, which):
    table = near.property.secondary
    ends = here, there = near.class_(), far.class_()
    getattr(here, near.key).append(there)
    assert getattr(there, far.key) == [here]
    session.add(here)
    session.commit()
    assert getattr(there, far.key) == [here]
    again = table.insert().values(**session.execute(sa.select(table)).mappings().one())
    with pytest.raises(sa.exc.IntegrityError, match=f"pk_{table.name}"):
        session.execute(again)
    session.rollback()
    delete(ends[which])
    session.commit()
    session.expire_all()
    assert session.execute(sa.select(table)).all() == []
    assert sa.inspect(ends[1 - which]).persistent and ends[1 - which].id
    return table.fullname

for near, far in SIDES:
    print(*{check(near, far, delete, which) for delete in WAYS for which in (0, 1)}, near, far)
"""


def test_many_to_many(make: Make) -> None:
    """Each end sees the other, once; deleting either one, by any means, deletes the link."""
    project = make("users.Tag; users.Person(people) tags:Tag[] friends:Person[]; blog.Post tags:users.Tag[]")
    links = [line.split() for line in LINKS.strip().splitlines()]
    sides = ", ".join(f"({near}, {far})" for _, near, far in links)
    output = script(project, f"{DELETES}SIDES = [{sides}]\n{UNLINK}")
    assert [line.split() for line in output.splitlines()] == links


# Defaults

DEFAULTS = [  # the declared default, and psql's output for a row that does not set the column
    ("string='it''s'", "it's"),
    ("string(5)=''", ""),
    (r"text=''' : a::b :c %s 100% \ {} #;|'''", r"' : a::b :c %s 100% \ {} #;|'"),
    ("text=now", "now"),
    ("smallint=-5", "-5"),
    ("integer=007", "7"),
    ("bigint=+9223372036854775807", "9223372036854775807"),
    ("float=1e-9", "1e-09"),
    ("numeric=0.10", "0.10"),
    ("numeric(9,2)=0.5", "0.50"),
    ("boolean=true", "true"),
    ("boolean=false", "false"),
    ("date=2026-01-31", "2026-01-31"),
    ("time='23:59'", "23:59:00"),
    ("datetime='2026-01-31 23:59:59.5+02:00'", "2026-01-31 21:59:59.5+00"),
    ("interval='1 day 2 hours 30 minutes'", "1 day 02:30:00"),
    ("uuid=01234567-89AB-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"),
    ("""json='{"b": [1, 2.50, "it''s"], "a": null}'""", """{"a": null, "b": [1, 2.50, "it's"]}"""),
    ("json='[]'", "[]"),
    ("bytes=abc", r"\x616263"),
    (r"bytes='\x0aFF'", r"\x0aff"),
    ("enum(a|'b c')='b c'", "b c"),
    ("text[]='{red,Green}'", "{red,Green}"),
    ("numeric(9,2)[]='{1.5,-2}'", "{1.50,-2.00}"),
    ("uuid[]='{}'", "{}"),
    ("date=now", "true"),
    ("time=now", "true"),
    ("datetime=now", "true"),
    ("uuid=uuid", "true"),
]
NOW = {  # the declared default, its form in PostgreSQL, and what it must be in a row
    "date=now": ("CURRENT_DATE", "= CURRENT_DATE"),
    "time=now": ("CURRENT_TIME", "= LOCALTIME"),
    "datetime=now": ("CURRENT_TIMESTAMP", "= CURRENT_TIMESTAMP"),
    "uuid=uuid": ("gen_random_uuid()", "IS NOT NULL"),
}
CHANGES = {  # the declared default, and another one
    "string='it''s'": "it's'",
    "string(5)=''": "'",
    "text=now": "n\"o'w",
    "integer=007": "8",
    "float=1e-9": "-1.5",
    "numeric(9,2)=0.5": "0.25",
    "boolean=true": "false",
    "date=2026-01-31": "2026-02-01",
    "json='[]'": '"it\'s"',
    "bytes=abc": "it's",
    r"bytes='\x0aFF'": r"\x0afe",
    "text[]='{red,Green}'": "{red,green}",
}
OTHER_TYPES = {  # the declared type, and another type with another default
    "smallint=-5": ("Mapped[str]", 'Text, server_default="it\'s"'),
    "text=now": ("Mapped[int]", 'Integer, server_default="7"'),
    "bytes=abc": ("Mapped[bool]", 'Boolean, server_default="true"'),
    "json='[]'": ("Mapped[str]", 'Text, server_default="{\'"'),
    "boolean=true": ("Mapped[Any]", 'JSONB, server_default="{}"'),
    "uuid=uuid": ("Mapped[str]", 'Text, server_default="x"'),
    "numeric=0.10": ("Mapped[dt.date]", "Date, server_default=func.current_date()"),
}


def column(declared: str) -> str:
    return f"c{[text for text, _ in DEFAULTS].index(declared)}"


def rewrite(project: Project, declared: str, old: str, new: str) -> None:
    """Replace what a pattern matches in the line of a column."""
    name = "app/models/thing.py"
    lines = (project.path / name).read_text().splitlines(keepends=True)
    (line,) = [line for line in lines if line.startswith(f"    {column(declared)}: ")]
    edit(project, name, line, re.sub(old, lambda _: new, line))


def test_defaults(make: Make) -> None:
    """PostgreSQL fills them in as declared, and autogenerate detects every change, whatever the quotes."""
    assert {re.split(r"\W", declared)[0] for declared, _ in DEFAULTS} == set(scalars.TYPES)
    project = make("Thing " + " ".join(f"{column(declared)}:{declared}" for declared, _ in DEFAULTS))
    names = {column(declared): NOW.get(declared, ("", "::text"))[1] for declared, _ in DEFAULTS}
    values = ", ".join(f"({name} {test})::text" for name, test in names.items())
    shown = project.sql(f"INSERT INTO things DEFAULT VALUES; SELECT unnest(ARRAY[{values}]) FROM things")
    assert shown.splitlines() == [text for _, text in DEFAULTS]
    functions = project.sql(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef"
        " JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum"
        f" WHERE attname = ANY ('{{{','.join(map(column, NOW))}}}') ORDER BY attnum;"
        "SELECT pronamespace::regnamespace FROM pg_proc WHERE proname = 'gen_random_uuid';"
        "SELECT extname FROM pg_extension"
    )
    assert functions.splitlines() == [*(name for name, _ in NOW.values()), "pg_catalog", "plpgsql"]

    for declared, default in CHANGES.items():
        rewrite(project, declared, "server_default=.+", f"server_default={default!r})")
    manage(project, "migrate", "other defaults")
    upgrade = revision(project, "0002_other_defaults").split("def downgrade")[0]
    altered = re.findall(r"op\.alter_column\('things', '(\w+)'", upgrade)
    assert altered == [column(declared) for declared, _ in DEFAULTS if declared in CHANGES]
    flask(project, "upgrade")
    assert flask(project, "check") == CLEAN
    for declared, (python, arguments) in OTHER_TYPES.items():
        rewrite(project, declared, "Mapped.+", f"{python} = mapped_column({arguments})")
    found = flask(project, "check", status=1)
    seen = re.findall(r"'(modify_(?:type|default))', None, 'things', '(\w+)'", found)
    kinds = ("modify_type", "modify_default")
    assert set(seen) == {(kind, column(declared)) for declared in OTHER_TYPES for kind in kinds}


def test_generated_columns(make: Make) -> None:
    """A generated column in a handwritten model is not compared as a default."""
    project = make("Thing a:integer")
    edit(project, "app/models/thing.py", "import Integer", "import Computed, Identity, Integer")
    with (project.path / "app/models/thing.py").open("a") as file:
        file.write('    b: Mapped[int | None] = mapped_column(Computed("a + 1"))\n')
        file.write("    c: Mapped[int] = mapped_column(Identity())\n")
    flask(project, "migrate", "-m", "generated")
    flask(project, "upgrade")
    assert project.sql("INSERT INTO things (a) VALUES (5) RETURNING b, c") == "6|1"
    assert flask(project, "check") == CLEAN


# The diagram

DIAGRAM = "docs/models.md"


def add_field(project: Project, name: str) -> None:
    with (project.path / "app/models/post.py").open("a") as file:
        file.write(f"    {name}: Mapped[str | None] = mapped_column(String(20))\n")


def test_diagram_follows_the_models(ready: Project) -> None:
    """Redrawing changes nothing, a test detects an outdated one, and both ways to migrate redraw it."""
    fresh = (ready.path / DIAGRAM).read_text()
    shutil.rmtree(ready.path / "docs")
    assert manage(ready, "diagram") == f"Drawing: {DIAGRAM}\n"
    assert (ready.path / DIAGRAM).read_text() == fresh

    add_field(ready, "first")
    printed = own_test(ready, "test_diagram", status=1)
    (command,) = re.findall(r"^Outdated: docs/models.md. Run: (.+)$", printed, re.MULTILINE)
    ready.ok(*command.split())
    own_test(ready, "test_diagram")
    added = '        varchar(20) first "null"\n'
    assert (ready.path / DIAGRAM).read_text().replace(added, "") == fresh

    for name in ("second", "third"):
        add_field(ready, name)
        words = (
            ("flask", "db", "migrate", "-m") if name == "second" else ("python", "db_manage.py", "migrate")
        )
        assert f"Drawing: {DIAGRAM}\n" in ready.ok(*words, f"add {name}")
        flask(ready, "upgrade")
        own_test(ready, "test_diagram")
        added += '        varchar(20) NAME "null"\n'.replace("NAME", name)
        assert (ready.path / DIAGRAM).read_text().replace(added, "") == fresh

    (ready.path / DIAGRAM).write_text(fresh)
    unchanged = ready.ok("python", "db_manage.py", "migrate", "nothing")
    assert unchanged == f"No changes in schema detected.\nDrawing: {DIAGRAM}\n"
    own_test(ready, "test_diagram")


def redrawn(project: Project) -> str:
    """Return a fresh project's diagram, which must not change when it is drawn from the models."""
    fresh = (project.path / DIAGRAM).read_text()
    manage(project, "diagram", DATABASE_URL="postgresql://nowhere:1/x")
    assert (project.path / DIAGRAM).read_text() == fresh
    return mermaid.diagram(fresh)


def test_diagram_of_a_wide_model(baker: Baker) -> None:
    """It reads left to right, at most four tables wide; lines have labels if the tables do not name them."""
    wide = "; ".join(f"shop.W{number} user:User?" for number in range(6))
    chain = (
        "Post author:User; Comment post:Post; Vote comment:Comment:unique; Flag vote:Vote; Note flag:Flag?"
    )
    drawn = redrawn(baker.bake(models=f"User boss:User? tags:Tag[]; Tag name:text; {wide}; {chain}"))
    assert drawn.splitlines()[2] == "    direction LR"
    lines = [line.strip() for line in mermaid.LINE.findall(drawn)]
    assert [line for line in lines if "shop" not in line] == [
        '"posts" ||--o{ "comments" : ""',
        '"notes" }o--o| "flags" : ""',
        '"users" ||--o{ "posts" : "author_id"',
        '"users" |o--o{ "users" : ""',
        '"tags" ||--o{ "users_tags" : ""',
        '"users" ||--o{ "users_tags" : ""',
        '"comments" ||--o| "votes" : ""',
        '"flags" }o--|| "votes" : ""',
    ]


BY_HAND = """
from sqlalchemy import Column, Computed, Enum, ForeignKeyConstraint, Index, Integer, String, func

from app.models.base import BaseModel


class Part(BaseModel):
    __tablename__ = "parts"
    __table_args__ = (
        ForeignKeyConstraint(["a", "b"], ["wholes.a", "wholes.b"]),
        Index("ix_parts_lower", func.lower("pk")),
        Index("ix_parts_only", "color", unique=True),
        Index("ix_parts_pair", "a", "b", unique=True),
    )

    a = Column(Integer, nullable=False)
    b = Column(Integer)
    c = Column(Integer, Computed("a + b"))
    color = Column(Enum("red", "it's", name="colors"))
    pk = Column(String(9), nullable=False)
"""
BOX = """
    "parts" {
        integer id PK
        integer a FK "unique together"
        integer b FK "null; unique together"
        integer c "null"
        colors color UK "null; red, it's"
        varchar(9) *pk
    }
"""


def test_diagram_of_models_made_by_hand(baker: Baker) -> None:
    """Composite foreign keys, PostgreSQL enums and unique indexes are drawn without a server."""
    project = baker.bake(models="Whole a:integer b:integer unique(a,b)")
    (project.path / "app/models/part.py").write_text(BY_HAND)
    manage(project, "diagram", DATABASE_URL="postgresql://nowhere:1/x")
    drawn = (project.path / DIAGRAM).read_text()
    assert BOX in drawn
    assert '    "wholes" |o--o| "parts" : "a, b"\n' in mermaid.diagram(drawn)


def test_diagram_of_more_than_mermaid_draws(baker: Baker) -> None:
    """Boxes show only keys, both in a fresh project and later."""
    fields = " ".join(f"{'a' * 50}{number}:text?" for number in range(50))
    models = [f"T{number} {fields} t{number - 1}:T{number - 1}" for number in range(1, 15)]
    project = baker.bake(models="; ".join(["T0", *models]))
    drawn = redrawn(project)
    assert "keys only" in (project.path / DIAGRAM).read_text()
    assert "aaa" not in drawn and "integer t9_id FK" in drawn


# Seeds

SEEDED = (
    "users.User name:string(9):unique boss:User? friends:User[]; users.Tag on:boolean:unique;"
    " Post title:text data:json tags:users.Tag[] author:users.User"
)
SEEDS = """
from app import seeds

def values(row):
    columns = type(row).__mapper__.column_attrs.keys()
    return {name: value for name, value in vars(row).items() if name in columns}

rows, again = list(seeds.rows()), list(seeds.rows())
assert [values(row) for row in rows] == [values(row) for row in again]
for model in [User, Tag, Post]:
    mine = [row for row in rows if type(row) is model]
    stored = session.scalars(sa.select(model).order_by(model.id)).all()
    for row, other in zip(mine, stored, strict=True):
        assert values(row).items() <= {name: getattr(other, name) for name in values(row)}.items()
    print(model.__name__, *(row.id for row in stored))
print(*session.get(Post, 3).tags, session.get(User, 3).boss, session.get(User, 1).friends_of)
"""
INSERTED = """\
Inserting: 3 of User
Inserting: 2 of Tag
Inserting: 3 of Post
"""
HELD = "Nothing inserted: there are rows in users, tags, posts\n"


def test_seed(baker: Baker, database: Callable[[], str]) -> None:
    """Rows are inserted only once, however many processes seed at once, and deleted rows stay deleted."""
    project = baker.bake(models=SEEDED)
    project.variables["DATABASE_URL"] = database()
    manage(project, "create")
    missing = 'Error: relation "users.users" does not exist. Run: python db_manage.py upgrade\n'
    assert manage(project, "seed", status=2) == missing
    manage(project, "upgrade")
    with project.start("python", "db_manage.py", "psql", "-XAtq") as other:
        assert other.stdin and other.stdout
        other.stdin.write("BEGIN; LOCK TABLE users.users IN EXCLUSIVE MODE; SELECT 'locked';\n")
        other.stdin.flush()
        assert other.stdout.readline() == "locked\n"
        runs = [project.start("python", "db_manage.py", "seed") for _ in range(2)]
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        while project.sql(sessions) != "4":  # the two, the one that locks, and the one that counts
            assert [run.poll() for run in runs] == [None, None]
        other.communicate()
    assert sorted(run.communicate()[0] for run in runs) == [INSERTED, HELD]
    assert [run.returncode for run in runs] == [0, 0]
    output = "User 1 2 3\nTag 1 2\nPost 1 2 3\nTag 1 Tag 2 User 1 [<User 3>]\n"
    assert script(project, SEEDS) == output

    project.sql("DELETE FROM posts WHERE id = 2")
    assert manage(project, "seed") == HELD
    assert project.sql("SELECT array_agg(id) FROM posts") == "{1,3}"


def test_seed_before_a_pending_migration(make: Make) -> None:
    """One line says which command to run."""
    project = make("Thing name:text")
    with (project.path / "app/models/thing.py").open("a") as file:
        file.write('    later: Mapped[str] = mapped_column(Text, server_default="x")\n')
    manage(project, "migrate", "later")
    error = manage(project, "seed", status=2)
    assert re.fullmatch("Error: column .*later.* does not exist. Run: python db_manage.py upgrade\n", error)


# SQLite

POSTGRESQL_ONLY = {
    "shop.Thing": "schema shop",
    "Thing name:text names:text[]": "the type of things.names",
    "Thing name:text data:json": "the type of things.data",
    "Thing name:text key:uuid=uuid": "the default of things.key",
    "Thing name:text span:interval='1 day'": "the default of things.span",
    "id:bigint\nThing name:text": "how to number things.id",
}


def test_sqlite(baker: Baker) -> None:
    """A project with portable types migrates on SQLite; others say in one line what SQLite lacks."""
    for models, what in POSTGRESQL_ONLY.items():
        project = baker.bake(models=models)
        error = manage(project, "upgrade", status=2, DATABASE_URL="sqlite:///thing.db")
        assert f"does not know {what}" in error and error.count("\n") == 1
        shutil.rmtree(project.path)
    project = baker.generate("--config-file", str(ROOT / "examples/library.yaml"))
    project.variables["DATABASE_URL"] = "sqlite:///library.db"
    manage(project, "setup")
    assert flask(project, "check") == CLEAN
    assert (
        manage(project, "seed") == "Inserting: 3 of Author\nInserting: 3 of Subject\nInserting: 3 of Book\n"
    )
    assert manage(project, "seed") == "Nothing inserted: there are rows in authors, subjects, books\n"
