"""Test `flask db` in a fresh project: the first day, and the changes that follow."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.bake import Baker, Project
from tests.support.commands import SCHEMA_DUMP, edit, flask, revision, terminal, write_revision
from tests.support.declarations import DECLARATIONS
from tests.support.sessions import session

OURS = """
    SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^public$|^information_schema$'
    UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind IN ('r', 'S')
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    AND typtype IN ('e', 'd')
"""


def test_first_day(ready: Project) -> None:
    """Every command that the seeds show works straight after setup."""
    assert flask(ready, "check") == "No new upgrade operations detected.\n"
    assert flask(ready, "current") == "0001_initial (head)\n"
    assert flask(ready, "history") == "<base> -> 0001_initial (head), initial\n"
    assert flask(ready, "heads") == "0001_initial (head)\n"
    assert "Rev: 0001_initial (head)" in flask(ready, "show", "head")
    assert flask(ready, "downgrade") == (
        "Reverting: 0001_initial\nDropping: schema blog\nDropping: schema users\n"
    )
    assert ready.sql(OURS) == "alembic_version"
    assert ready.sql("SELECT count(*) FROM alembic_version") == "0"
    assert flask(ready, "upgrade", "0001_initial") == (
        "Applying: 0001_initial\nCreating: schema users\nCreating: schema blog\n"
    )
    flask(ready, "downgrade", "base")
    flask(ready, "stamp", "head")
    assert flask(ready, "current") == "0001_initial (head)\n"
    assert "already exists" in flask(ready, "init", status=1)
    assert "would start over what is in migrations/" in ready.ok("python", "db_manage.py", "init")


@pytest.mark.parametrize("name", ["none", "one to one, to itself, twice", "many to many"])
def test_first_migration_is_what_alembic_writes(baker: Baker, database: Callable[[], str], name: str) -> None:
    """Typed commands give the same migration; generator/test_agreement.py covers other declarations."""
    declaration = DECLARATIONS[name]
    project = baker.bake(models=declaration)
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "create")
    ours = revision(project, "0001_initial")
    (project.path / "migrations/versions/0001_initial.py").unlink()
    if declaration:
        flask(project, "migrate", "-m", "initial")
    else:
        flask(project, "revision", "-m", "initial")
    assert ours == revision(project, "0001_initial")

    flask(project, "upgrade")
    assert flask(project, "check") == "No new upgrade operations detected.\n"
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())
    flask(project, "downgrade", "base")
    assert project.sql(OURS) == "alembic_version"
    flask(project, "upgrade")


def test_sql_without_a_server(ready: Project, database: Callable[[], str]) -> None:
    """--sql needs no server, and psql runs its output on an empty database."""
    sql = ready.run("flask", "db", "upgrade", "--sql", DATABASE_URL="postgresql://nowhere:1/x")
    assert sql.returncode == 0, sql.stderr
    dump = ready.sql(SCHEMA_DUMP)
    ready.variables["DATABASE_URL"] = database()
    ready.ok("python", "db_manage.py", "create")
    (ready.path / "upgrade.sql").write_text(sql.stdout)
    ready.ok("python", "db_manage.py", "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", "upgrade.sql")
    assert ready.sql(SCHEMA_DUMP) == dump
    assert flask(ready, "check") == "No new upgrade operations detected.\n"


def test_add_a_column(ready: Project) -> None:
    """A column works as the seeds write it: Column(String(20))."""
    edit(ready, "app/models/user.py", "import String", "import Column, String")
    edit(ready, "app/models/user.py", "    email", "    phone = Column(String(20))\n    email")
    assert "Detected added column 'users.users.phone'" in flask(ready, "migrate", "-m", "add phone")
    text = revision(ready, "0002_add_phone")
    assert re.findall(r"^    op\..*$", text, re.MULTILINE) == [
        "    op.add_column('users', sa.Column('phone', sa.String(length=20), nullable=True), schema='users')",
        "    op.drop_column('users', 'phone', schema='users')",
    ]
    expected = "Error: Target database is not up to date. Run: python db_manage.py upgrade\n"
    assert flask(ready, "migrate", "-m", "too early", status=1) == expected
    assert flask(ready, "upgrade") == "Applying: 0002_add_phone\n"
    before = ready.files()
    assert flask(ready, "migrate") == "No changes in schema detected.\n"
    assert ready.files() == before
    assert flask(ready, "downgrade") == "Reverting: 0002_add_phone\n"


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_renamed_column(filled: Project, answer: str) -> None:
    """At a terminal, migrate asks; after a yes, the values are still there."""
    edit(filled, "app/models/user.py", "    username:", "    login:")
    printed = terminal(filled, "python", "db_manage.py", "migrate", "rename", answer=f"{answer}\n")
    assert "Was column users.users.username renamed to users.users.login? Then its rows" in printed
    text = revision(filled, "0002_rename")
    assert ("new_column_name='login'" in text) == (answer == "y")
    if answer == "y":
        before = filled.sql("SELECT username FROM users.users ORDER BY id")
        flask(filled, "upgrade")
        flask(filled, "check")
        assert filled.sql("SELECT login FROM users.users ORDER BY id") == before


def test_a_model_of_ones_own(ready: Project) -> None:
    """A model in its own file, imported in app/models/__init__.py, works as the seeds write it."""
    (ready.path / "app/models/note.py").write_text(
        "from sqlalchemy import Column, ForeignKey, Integer, String, Text\n\n"
        "from app.models.base import BaseModel\n\n\n"
        "class Note(BaseModel):\n"
        '    __tablename__ = "notes"\n\n'
        "    title = Column(String(200), nullable=False)\n"
        "    content = Column(Text)\n"
        '    user_id = Column(Integer, ForeignKey("users.users.id"), nullable=False)\n'
    )
    old = "from app.models.post"
    edit(ready, "app/models/__init__.py", old, f"from app.models.note import Note\n{old}")
    flask(ready, "migrate", "-m", "Add notes table")
    text = revision(ready, "0002_add_notes_table")
    assert "op.create_table('notes'" in text
    assert "create_schema" not in text
    flask(ready, "upgrade")
    flask(ready, "check")
    shell = ready.start("flask", "shell")
    output = shell.communicate("print(db.engine.dialect.name, Note, Post, User)\n")[0]
    assert "postgresql <class 'app.models.note.Note'>" in output


SHOP = """
from sqlalchemy.orm import Mapped

from app.models.base import BaseModel
from sqlalchemy.orm import mapped_column


class Item(BaseModel):
    __tablename__ = "items"
    __table_args__ = {"schema": "shop"}

    name: Mapped[str] = mapped_column(server_default="it's")
"""


@pytest.mark.parametrize("made_by_hand", [False, True])
def test_new_schema(ready: Project, made_by_hand: bool) -> None:
    """Its migration creates it, even if a developer's database already has it."""
    if made_by_hand:
        ready.sql("CREATE SCHEMA shop")
    (ready.path / "app/models/item.py").write_text(SHOP)
    flask(ready, "migrate", "-m", "add items")
    operations = re.findall(r"op\.\w+_\w+\('\w+'", revision(ready, "0002_add_items"))
    assert operations == [
        "op.create_schema('shop'",
        "op.create_table('items'",
        "op.drop_table('items'",
        "op.drop_schema('shop'",
    ]
    flask(ready, "upgrade")
    flask(ready, "check")  # this includes the default with a quote in it

    # The last model of the schema is removed, and the schema with it.
    (ready.path / "app/models/item.py").unlink()
    flask(ready, "migrate", "-m", "drop items")
    operations = re.findall(r"op\.\w+_\w+\('\w+'", revision(ready, "0003_drop_items"))
    assert operations[:2] == ["op.drop_table('items'", "op.drop_schema('shop'"]
    assert operations[2:] == ["op.create_schema('shop'", "op.create_table('items'"]
    assert "Dropping: schema shop" in flask(ready, "upgrade")
    flask(ready, "downgrade", "0001_initial")
    flask(ready, "upgrade")


def test_second_model_in_a_schema(ready: Project) -> None:
    """Only the migration that creates all of a schema's tables creates the schema."""
    text = SHOP.replace('"shop"', '"blog"')
    (ready.path / "app/models/item.py").write_text(text)
    flask(ready, "migrate", "-m", "add items")
    assert "schema(" not in revision(ready, "0002_add_items")


def test_last_model_without_schema(baker: Baker, database: Callable[[], str]) -> None:
    """Its table is dropped; other tables in the same schema are not touched."""
    project = baker.bake(models="Author name:text; shop.Book title:text")
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "setup")
    project.sql("CREATE TABLE public.things ()")
    (project.path / "app/models/author.py").unlink()
    old = "from app.models.author import Author\n"
    edit(project, "app/models/__init__.py", old, "")
    edit(project, "app/models/__init__.py", '"Author", ', "")
    flask(project, "migrate", "-m", "drop authors")
    assert re.findall(r"op\.\w+_table\('\w+'", revision(project, "0002_drop_authors")) == [
        "op.drop_table('authors'",
        "op.create_table('authors'",
    ]


def test_index_made_concurrently(ready: Project) -> None:
    """The lock survives the autocommit block: two concurrent runs both succeed."""
    write_revision(
        ready,
        "0002_index",
        "0001_initial",
        "with op.get_context().autocommit_block():\n"
        "        op.execute('SELECT pg_advisory_lock(1)')\n"
        "        op.create_index('ix_slow', 'posts', ['title'], schema='blog', postgresql_concurrently=True)",
    )
    with session(ready, "SELECT pg_advisory_lock(1)"):
        first = ready.start("flask", "db", "upgrade")
        assert first.stdout and first.stdout.readline() == "Applying: 0002_index\n"
        second = ready.start("flask", "db", "upgrade")
        assert (
            second.stdout
            and second.stdout.readline() == "Waiting: another run of migrations is in progress\n"
        )
    assert [first.communicate()[0], second.communicate()[0]] == ["", ""]
    assert [first.returncode, second.returncode] == [0, 0]
    assert ready.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'blog.ix_slow'::regclass") == "t"
    assert flask(ready, "current") == "0002_index (head)\n"


def test_failing_revision(ready: Project) -> None:
    """Earlier migrations are kept, and nothing of the failing one is."""
    write_revision(ready, "0002_good", "0001_initial", "op.execute('CREATE TABLE blog.good ()')")
    sql = "op.execute('CREATE TABLE blog.bad ()'); op.execute('SELECT 1 / 0')"
    write_revision(ready, "0003_bad", "0002_good", sql)
    assert flask(ready, "upgrade", status=1).endswith("Error: division by zero\n")
    assert flask(ready, "current") == "0002_good\n"
    assert ready.sql("SELECT to_regclass('blog.good'), to_regclass('blog.bad')") == "blog.good|"


def test_table_in_use(ready: Project) -> None:
    """A migration gives up after the lock timeout, without changing anything."""
    edit(ready, "app/config.py", 'MIGRATION_LOCK_TIMEOUT = "5s"', 'MIGRATION_LOCK_TIMEOUT = "1s"')
    write_revision(ready, "0002_wait", "0001_initial", "op.execute('ALTER TABLE blog.posts ADD x int')")
    with ready.start("python", "db_manage.py", "psql", "-XAtq") as other:
        assert other.stdin and other.stdout
        other.stdin.write("SET idle_in_transaction_session_timeout = '300s'; BEGIN;")
        other.stdin.write("LOCK TABLE blog.posts; SELECT 'locked';\n")
        other.stdin.flush()
        assert other.stdout.readline() == "locked\n"
        output = flask(ready, "upgrade", status=1)
        other.communicate()
    assert output.endswith("due to lock timeout. Another session uses the table. Try again later.\n")
    assert flask(ready, "current") == "0001_initial\n"


def test_defaults(ready: Project) -> None:
    """Literal defaults of every kind compare as equal, and a changed one is detected."""
    with (ready.path / "app/models/post.py").open("a") as file:
        file.write(
            '    quote: Mapped[str] = mapped_column(server_default="it\'s")\n'
            '    data: Mapped[dict[str, str]] = mapped_column(sa.JSON, server_default=\'{"a": "b::c"}\')\n'
            "    color: Mapped[str] = mapped_column(sa.Enum('red', name='my_color', schema='blog'),"
            " server_default='red')\n"
            "    number: Mapped[int] = mapped_column(server_default='0')\n"
        )
    edit(
        ready,
        "app/models/post.py",
        "from sqlalchemy import",
        "import sqlalchemy as sa\nfrom sqlalchemy import",
    )
    flask(ready, "migrate", "-m", "add defaults")
    flask(ready, "upgrade")
    assert flask(ready, "check") == "No new upgrade operations detected.\n"
    edit(ready, "app/models/post.py", "it's", "it''s")
    assert "New upgrade operations detected" in flask(ready, "check", status=1)


NOTE = """
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Mood(enum.Enum):
    SAD = "sad"
    OK = "ok"


class Note(BaseModel):
    __tablename__ = "notes"

    title: Mapped[str]
    mood: Mapped[Mood] = mapped_column(sa.Enum(Mood, name="mood"), server_default="OK")
    moods: Mapped[list[Mood]] = mapped_column(sa.ARRAY(sa.Enum(Mood, name="mood")))
"""
NOTE_ROWS = """    yield Note(title="One", mood=Mood.SAD, moods=[Mood.SAD, Mood.OK])
    yield Note(title="Two", moods=[])
"""


def add_notes(project: Project) -> None:
    """Add a model with an enum in public, whose schema is not dropped along with it."""
    (project.path / "app/models/note.py").write_text(NOTE)
    edit(
        project, "app/seeds.py", "from app.models", "from app.models.note import Mood, Note\nfrom app.models"
    )
    with (project.path / "app/seeds.py").open("a") as seeds:
        seeds.write(NOTE_ROWS)
    flask(project, "migrate", "-m", "add notes")


def goes_on(project: Project, own_tests: str) -> None:
    """Check that nothing differs, then downgrade to an empty database and upgrade again."""
    assert flask(project, "check") == "No new upgrade operations detected.\n"
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=own_tests)
    flask(project, "downgrade", "base")
    assert project.sql(OURS) == "alembic_version"
    flask(project, "upgrade")
    project.ok("python", "db_manage.py", "reset", "--yes")
    assert "Inserting: 2 of Note\n" in project.ok("python", "db_manage.py", "seed")


@pytest.mark.long
def test_enum_of_postgresql(ready: Project, database: Callable[[], str]) -> None:
    """A value is added and used; one is removed, unless a row uses it; the enum is dropped."""
    add_notes(ready)
    flask(ready, "upgrade")
    goes_on(ready, database())

    edit(ready, "app/models/note.py", '    OK = "ok"', '    OK = "ok"\n    GREAT = "great"')
    edit(ready, "app/models/note.py", '"OK")', '"GREAT")')
    assert "Detected added value 'GREAT' of enum mood\n" in flask(ready, "check", status=1)
    own_test = ("pytest", "-q", "-p", "no:cacheprovider", "-k", "models_match")
    printed = ready.run(*own_test, TEST_DATABASE_URL=database()).stdout
    assert "Detected added value 'GREAT' of enum mood\n" in printed
    assert "Run: python db_manage.py migrate MESSAGE" in printed
    flask(ready, "migrate", "-m", "great")
    assert "op.add_enum_value('mood', 'GREAT')" in revision(ready, "0003_great")
    flask(ready, "upgrade")
    ready.sql("DELETE FROM notes WHERE mood = 'GREAT'")
    goes_on(ready, database())

    edit(ready, "app/models/note.py", '    SAD = "sad"\n', "")
    flask(ready, "migrate", "-m", "not sad")
    assert flask(ready, "upgrade", status=1).endswith(
        "Error: Column notes.mood still has the value 'SAD', which is removed from enum mood."
        " Update these rows first, for example in this migration.\n"
    )
    update = "op.execute(\"UPDATE notes SET mood = 'OK', moods = '{OK}'\")"
    edit(ready, "migrations/versions/0004_not_sad.py", "    op.replace", f"    {update}\n    op.replace")
    flask(ready, "upgrade")
    assert ready.sql("SELECT mood, moods FROM notes ORDER BY id") == "OK|{OK}\nOK|{OK}"
    assert flask(ready, "check") == "No new upgrade operations detected.\n"

    (ready.path / "app/models/note.py").unlink()
    seeds = (ready.path / "app/seeds.py").read_text().replace(NOTE_ROWS, "")
    (ready.path / "app/seeds.py").write_text(seeds.replace("from app.models.note import Mood, Note\n", ""))
    flask(ready, "migrate", "-m", "no notes")
    flask(ready, "upgrade")
    assert ready.sql("SELECT count(*) FROM pg_type WHERE typname = 'mood'") == "0"
    ready.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


@pytest.mark.long
def test_enum_of_an_older_migration(ready: Project, database: Callable[[], str]) -> None:
    """Written by Alembic alone, it creates the enum together with the table, and never drops it."""
    add_notes(ready)
    path = ready.path / "migrations/versions/0002_add_notes.py"
    text = re.sub(r"    op\.(create|drop)_enum\(.+\n", "", path.read_text())
    path.write_text(text.replace("postgresql.ENUM(", "sa.Enum(").replace(", create_type=False)", ")"))
    assert path.read_text().count("sa.Enum('SAD', 'OK', name='mood')") == 2
    flask(ready, "upgrade")
    goes_on(ready, database())


def test_psql_with_a_password(project: Project, server: str) -> None:
    url = f"postgresql://guarded:x@/postgres?host={server}&application_name=a%20b"
    query = "SELECT current_user, current_setting('application_name')"
    printed = project.ok("python", "db_manage.py", "psql", "-XAtqc", query, DATABASE_URL=url)
    assert printed == "guarded|a b\n"


def test_commands_go_past_the_pooler(filled: Project) -> None:
    """db_manage.py uses only DATABASE_DIRECT_URL; nothing listens at the other URL here."""
    direct = filled.variables["DATABASE_URL"]
    name = filled.sql("SELECT current_database()")
    both = {"DATABASE_URL": f"postgresql://x@127.0.0.1:1/{name}", "DATABASE_DIRECT_URL": direct}
    manage = ("python", "db_manage.py")
    assert unquote(filled.ok(*manage, "url", **both)) == f"{direct}\n"
    assert filled.ok(*manage, "psql", "-XAtqc", "SELECT count(*) FROM users.users", **both) == "3\n"
    assert "[x] 0001_initial" in filled.ok(*manage, "status", **both)
    filled.ok(*manage, "check", **both)
    lost = filled.ok(*manage, "reset-table", "posts", "--yes", **both)
    host = direct.partition("host=")[2]
    assert (
        lost == f"Database: {name} on {host} (development)\nLosing: blog.posts, 3 rows\nEmptying: 1 table\n"
    )
    lost = filled.ok(*manage, "downgrade", "--yes", **both)
    assert "Losing: blog.posts, 0 rows\nLosing: users.users, 3 rows\n" in lost
    filled.ok(*manage, "upgrade", **both)
    assert filled.ok(*manage, "seed", **both) == "Inserting: 3 of User\nInserting: 3 of Post\n"
    filled.ok(*manage, "reset", "--yes", **both)
    filled.ok(*manage, "drop", "--yes", **both)
    assert filled.ok(*manage, "create", **both) == f"Creating: database {name}\n"
    wrong = {**both, "DATABASE_DIRECT_URL": f"postgresql://x@127.0.0.1:2/{name}"}
    error = filled.run(*manage, "status", **wrong).stderr
    assert "port 2 failed" in error
    assert error.endswith("Start the server, or correct DATABASE_DIRECT_URL.\n")


SECRETS = ("password=s3cret", "sslpassword=s3cret", "sslkey=/k&sslpassword=s3cret&sslmode=prefer")


@pytest.mark.parametrize("query", SECRETS)
@pytest.mark.parametrize("variable", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
def test_no_secret_is_printed(project: Project, server: str, query: str, variable: str) -> None:
    """Neither `url`, nor the arguments of psql, nor an error shows it."""
    url = f"postgresql://postgres:s3cret@/nowhere?host={server}&{query}"
    variables = {"DATABASE_URL": url, variable: url}
    assert "s3cret" not in project.ok("python", "db_manage.py", "url", **variables)
    for words in (["status"], ["upgrade"], ["psql", "-c", "SELECT 1"], ["drop", "--database", "x"]):
        result = project.run("python", "db_manage.py", *words, **variables)
        assert result.returncode == 2
        assert "s3cret" not in result.stdout + result.stderr


def test_tables_of_others_are_left_alone(ready: Project) -> None:
    ready.sql("CREATE SCHEMA other; CREATE TABLE other.things (); CREATE TABLE public.things ()")
    assert flask(ready, "check") == "No new upgrade operations detected.\n"


def test_objects_of_others_keep_the_schema(ready: Project) -> None:
    ready.sql("CREATE TABLE blog.things ()")
    output = flask(ready, "downgrade", "base")
    assert "Keeping: schema blog (cannot drop schema blog because other objects depend" in output
    assert flask(ready, "upgrade").startswith("Applying: 0001_initial\nCreating: schema users\n")


def test_names_of_revisions(ready: Project) -> None:
    """Names are readable and reproducible; an explicit id wins; quotes and backslashes do no harm."""
    message = 'It\'s "new" \\ in """ Café, and much longer than 32 characters'
    flask(ready, "revision", "-m", message)
    assert (ready.path / "migrations/versions/0002_it_s_new_in_caf_and_much_lo.py").exists()
    flask(ready, "revision", "--rev-id", "0123456789ab", "-m", "mine")
    assert (ready.path / "migrations/versions/0123456789ab.py").exists()
    flask(ready, "upgrade")
    flask(ready, "revision")
    assert flask(ready, "heads") == "123456790_migration (head)\n"


def test_branches_are_merged(ready: Project) -> None:
    flask(ready, "revision", "--rev-id", "0002_a", "-m", "a")
    flask(ready, "revision", "--rev-id", "0003_b", "--head", "0001_initial", "--splice", "-m", "b")
    output = flask(ready, "upgrade", status=1)
    assert output.endswith("Join them. Run: python db_manage.py merge\n")
    flask(ready, "merge", "heads", "--rev-id", "0004_merge", "-m", "merge")
    assert flask(ready, "upgrade").endswith("Applying: 0004_merge (3 of 3)\n")
    assert "Name the revision to go back to: " in flask(ready, "downgrade", status=1)
    url = ready.variables["DATABASE_URL"]
    ready.ok("pytest", "-q", "-p", "no:cacheprovider", "tests/test_migrations.py", TEST_DATABASE_URL=url)
    assert "[x] 0004_merge" in ready.ok("python", "db_manage.py", "status", "--check")


@pytest.mark.parametrize("search_path", ["users, public", "blog"])
def test_schema_in_the_search_path(ready: Project, search_path: str) -> None:
    ready.sql(f"ALTER DATABASE {database_name(ready)} SET search_path TO {search_path}")
    assert flask(ready, "check") == "No new upgrade operations detected.\n"
    assert flask(ready, "current") == "0001_initial (head)\n"
    assert "[x] 0001_initial" in ready.ok("python", "db_manage.py", "status", "--check")
    flask(ready, "downgrade", "base")
    flask(ready, "upgrade")
    assert ready.sql("SELECT count(*) FROM public.alembic_version") == "1"


def database_name(project: Project) -> str:
    return project.sql("SELECT current_database()")


def test_role_that_may_not_create_schemas(ready: Project) -> None:
    """After an administrator has created the schemas, the role can migrate, and downgrading keeps them."""
    name = database_name(ready)
    admin = dict(ready.variables)
    flask(ready, "downgrade", "base")
    role = f"role_{name}"
    ready.sql(
        f"CREATE ROLE {role} LOGIN; CREATE SCHEMA users; CREATE SCHEMA blog; DROP TABLE alembic_version;"
        f"GRANT ALL ON SCHEMA users, blog, public TO {role}"
    )
    ready.variables["DATABASE_URL"] = admin["DATABASE_URL"].replace("postgres@", f"{role}@")
    assert flask(ready, "upgrade") == "Applying: 0001_initial\n"
    output = flask(ready, "downgrade", "base")
    assert "Keeping: schema blog (this role could not create it again)" in output
    flask(ready, "upgrade")

    ready.variables["DATABASE_URL"] = admin["DATABASE_URL"]
    flask(ready, "downgrade", "base")
    ready.variables["DATABASE_URL"] = admin["DATABASE_URL"].replace("postgres@", f"{role}@")
    output = flask(ready, "upgrade", status=1)
    assert output.endswith("An administrator can run: python db_manage.py schemas --owner ROLE\n")


def test_folder_with_a_percent_sign(baker: Baker, database: Callable[[], str], tmp_path: Path) -> None:
    project = Baker(tmp_path / "100%").bake()
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "setup")
    assert flask(project, "check") == "No new upgrade operations detected.\n"
