"""Test the commands of db_manage.py beyond the first day; test_server_faults.py covers server faults."""

import json
import re
import signal
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.support.bake import Baker, Project
from tests.support.commands import edit, flask, manage, terminal, write_revision


def name_of(project: Project) -> str:
    return project.sql("SELECT current_database()")


def target_of(project: Project) -> str:
    """Return the name of a project's database, as questions and --yes use it."""
    host = re.findall(r"host=(\S+)", project.variables["DATABASE_URL"])[0]
    return f"{name_of(project)} on {host} (development)"


# Commands that lose rows

ALL = "SELECT (SELECT count(*) FROM users.users), (SELECT count(*) FROM blog.posts)"


def test_reset(filled: Project) -> None:
    """Our objects are dropped and recreated empty; others stay, except those in our schemas."""
    filled.sql("CREATE TABLE users (); CREATE TABLE blog.theirs (); CREATE VIEW v AS TABLE users.users")
    output = manage(filled, "reset", "--yes").stdout
    assert output == (
        f"Database: {target_of(filled)}\n"
        "Losing: blog.posts, 3 rows\nLosing: blog.theirs, 0 rows\nLosing: users.users, 3 rows\n"
        "Dropping: schema blog\nDropping: schema users\n"
    )
    assert flask(filled, "current") == "0001_initial (head)\n"
    assert flask(filled, "check") == "No new upgrade operations detected.\n"
    assert filled.sql(ALL) == "0|0"
    assert filled.sql("SELECT to_regclass('public.users'), to_regclass('blog.theirs')") == "users|"


def test_reset_from_another_branch(filled: Project) -> None:
    """It works even if the database is at a revision that this code does not have."""
    filled.sql("UPDATE alembic_version SET version_num = '0009_elsewhere'")
    assert "0009_elsewhere, which is not in" in manage(filled, "status", status=2).stderr
    manage(filled, "reset", "--yes")
    assert flask(filled, "current") == "0001_initial (head)\n"


def test_reset_of_tables_without_a_model(filled: Project) -> None:
    """Tables that migrations create are ours, wherever they are."""
    write_revision(
        filled,
        "0002_more",
        "0001_initial",
        "import sqlalchemy as sa; op.create_table('logs', sa.Column('x', sa.Integer))",
    )
    flask(filled, "upgrade")
    assert "Losing: public.logs, 0 rows\n" in manage(filled, "reset", "--yes").stdout
    assert filled.sql("SELECT to_regclass('public.logs')") == "logs"


def test_reset_with_a_schema_that_is_no_literal(filled: Project) -> None:
    """A table whose schema cannot be read from the code is left alone, and so is another with its name."""
    operation = (
        "s = 'blog'; import sqlalchemy as sa; op.create_table('x', sa.Column('y', sa.Integer), schema=s)"
    )
    write_revision(filled, "0002_more", "0001_initial", operation)
    filled.sql("CREATE TABLE public.x ()")
    flask(filled, "upgrade")
    manage(filled, "reset", "--yes")
    assert filled.sql("SELECT to_regclass('public.x'), to_regclass('blog.x')") == "x|blog.x"


def test_reset_with_two_heads(filled: Project) -> None:
    """Nothing is dropped that could not be migrated again."""
    for name in ("0002_one", "0002_two"):
        write_revision(filled, name, "0001_initial", "pass")
    error = manage(filled, "reset", "--yes", status=2).stderr
    assert error.endswith("Join them. Run: python db_manage.py merge\n")
    assert filled.sql(ALL) == "3|3"


def test_reset_table_lists_what_refers_to_a_part_of_it(filled: Project) -> None:
    filled.sql(
        "CREATE TABLE users.guests (PRIMARY KEY (id)) INHERITS (users.users)",
        "CREATE TABLE visits (guest int REFERENCES users.guests)",
    )
    assert manage(filled, "reset-table", "users.users", "--yes").stdout == (
        f"Database: {target_of(filled)}\n"
        "Losing: blog.posts, 3 rows\nLosing: public.visits, 0 rows\nLosing: users.guests, 0 rows\n"
        "Losing: users.users, 3 rows\nEmptying: 4 tables\n"
    )


def test_reset_table(filled: Project) -> None:
    """It lists the table and those that refer to it, empties them, and restarts their ids at 1."""
    filled.sql(
        "CREATE TABLE theirs AS SELECT id FROM users.users; CREATE TABLE of_users (u int REFERENCES users.users)"
    )
    filled.sql("INSERT INTO of_users SELECT id FROM users.users")
    assert manage(filled, "reset-table", "blog.posts", "--yes").stdout == (
        f"Database: {target_of(filled)}\nLosing: blog.posts, 3 rows\nEmptying: 1 table\n"
    )
    assert filled.sql(ALL) == "3|0"
    assert manage(filled, "reset-table", "users", "--yes").stdout == (
        f"Database: {target_of(filled)}\n"
        "Losing: blog.posts, 0 rows\nLosing: public.of_users, 3 rows\nLosing: users.users, 3 rows\n"
        "Emptying: 3 tables\n"
    )
    assert filled.sql(ALL) == "0|0"
    manage(filled, "seed")
    assert filled.sql("SELECT min(id) FROM users.users") == "1"
    assert filled.sql("SELECT count(*) FROM theirs") == "3"


def test_reset_schema(filled: Project) -> None:
    assert manage(filled, "reset-schema", "blog", "--yes").stdout == (
        f"Database: {target_of(filled)}\nLosing: blog.posts, 3 rows\nEmptying: 1 table\n"
    )
    assert filled.sql(ALL) == "3|0"
    manage(filled, "reset-schema", "users", "--yes")
    assert filled.sql(ALL) == "0|0"


def test_reset_without_schemas(baker: Baker, database: Callable[[], str]) -> None:
    """Tables without a schema are in public."""
    project = baker.bake(models="User name:text; Post user:User")
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "setup")
    project.sql("CREATE TABLE theirs ()")
    manage(project, "seed")
    assert "Losing: public.users, " in manage(project, "reset-schema", "public", "--yes").stdout
    assert "Losing: public.posts, 0 rows\n" in manage(project, "reset-table", "posts", "--yes").stdout
    assert "theirs" not in manage(project, "reset", "--yes").stdout
    assert flask(project, "current") == "0001_initial (head)\n"


def test_reset_table_of_two_schemas(baker: Baker, database: Callable[[], str]) -> None:
    """A name that two tables share is refused; adding the schema picks one."""
    project = baker.bake(models="shop.Label(tags) name:text; blog.Tag name:text")
    project.variables["DATABASE_URL"] = database()
    project.ok("python", "db_manage.py", "setup")
    project.sql("INSERT INTO shop.tags (name) VALUES ('a')", "INSERT INTO blog.tags (name) VALUES ('b')")
    for words in (["--yes"], ["--yes", "--database", name_of(project)], []):
        error = manage(project, "reset-table", "tags", *words, status=2).stderr
        assert error == ("Error: No table of the models is just 'tags': name one of blog.tags, shop.tags.\n")
    assert "Losing: shop.tags, 1 row\n" in manage(project, "reset-table", "shop.tags", "--yes").stdout
    counts = "SELECT (SELECT count(*) FROM shop.tags), (SELECT count(*) FROM blog.tags)"
    assert project.sql(counts) == "0|1"


OBJECTS = (
    "CREATE TYPE blog.mood AS ENUM ('a')",
    "CREATE DOMAIN blog.code AS text CHECK (VALUE <> '')",
    "CREATE TYPE blog.pair AS (a int, b blog.mood)",
    'CREATE SEQUENCE blog."100% of them"',
    "CREATE FUNCTION blog.f(blog.mood, text) RETURNS int LANGUAGE sql RETURN 1",
    "CREATE VIEW blog.v AS SELECT blog.f('a', '')",
    "CREATE MATERIALIZED VIEW blog.w AS SELECT * FROM blog.v",
)


@pytest.mark.parametrize("may_create_schemas", [True, False])
def test_reset_with_other_objects_in_a_schema(ready: Project, may_create_schemas: bool) -> None:
    """Objects that migrations create there go too, even if the schema stays, so that they can run again."""
    write_revision(ready, "0002_more", "0001_initial", f"[op.execute(sql) for sql in {OBJECTS}]")
    role = f"{name_of(ready)}_owner"
    ready.sql(f"CREATE ROLE {role} LOGIN")
    administrator = dict(ready.variables)
    manage(ready, "drop", "--yes")
    manage(ready, "create")
    if may_create_schemas:
        ready.sql(f"GRANT CREATE ON DATABASE {name_of(ready)} TO {role}")
    manage(ready, "schemas", "--owner", role)
    ready.variables["DATABASE_URL"] = administrator["DATABASE_URL"].replace("postgres@", f"{role}@")
    try:
        manage(ready, "upgrade")
        for _ in range(2):
            manage(ready, "reset", "--yes")
        manage(ready, "check")
        ready.variables = dict(administrator)
        ready.sql("CREATE TYPE blog.theirs AS ENUM ('a')")
        ready.variables["DATABASE_URL"] = administrator["DATABASE_URL"].replace("postgres@", f"{role}@")
        manage(ready, "reset", "--yes")
        assert ready.sql("SELECT to_regtype('blog.theirs')") == ""  # it owns the schema
    finally:
        ready.variables = administrator
        ready.sql(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


@pytest.mark.parametrize("words", ["reset-schema users", "reset-table users"])
def test_pending(filled: Project, words: str) -> None:
    write_revision(filled, "0002_more", "0001_initial", "pass")
    error = manage(filled, *words.split(), "--yes", status=2).stderr
    assert error == "Error: Migrations are pending. Run: python db_manage.py upgrade\n"
    assert filled.sql(ALL) == "3|3"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("reset-table user", "No table of the models is just 'user': name one of blog.posts, users.users."),
        ("reset-schema user", "No schema of the models is just 'user': name one of blog, users."),
        ("reset-table", "Missing argument 'NAME'. Run: python db_manage.py help reset-table"),
        ("upgrad", r"No such command 'upgrad'. Did you mean 'upgrade'\? Run: python db_manage.py help"),
        ("--confg x status", "No such option '--confg'.* Run: python db_manage.py help"),
        ("--config prod status", "Invalid value for '--config': 'prod' is not one of .* help"),
        ("upgrade --wait soon", "Invalid value for '--wait': .* help upgrade"),
        ("upgrade --wait -1", "Invalid value for '--wait': .* help upgrade"),
        ("downgrade -9", "Relative revision -9 didn't produce 9 migrations. .*python db_manage.py history"),
        ("help nothing", "No such command 'nothing'. Run: python db_manage.py help"),
        ("drop --database other --yes", "--database other: the connected database is test_.*"),
    ],
)
def test_mistakes(ready: Project, words: str, message: str) -> None:
    assert re.fullmatch(f"Error: {message}\n", manage(ready, *words.split(), status=2).stderr)


QUESTIONS = {
    "drop": "Drop {0}, and everything in it?",
    "reset": "Drop these in {0}, with everything that depends on them, and apply all migrations again?",
    "reset-schema users": "Empty these tables in {0}?",
    "reset-table users": "Empty these tables in {0}?",
    "downgrade": "Revert 0001_initial in {0}?",
}


@pytest.mark.parametrize("words", QUESTIONS)
def test_question(filled: Project, words: str) -> None:
    """It names the database, its server and the environment; without a yes nothing happens."""
    question = QUESTIONS[words].format(f"database {target_of(filled)}")
    for answer in ("n\n", "\n", ""):
        with filled.start("python", "db_manage.py", *words.split()) as process:
            output = process.communicate(answer)[0]
        assert f"{question} [y/N]: " in output
        assert output.endswith("Error: Nothing was changed: answer y, or add --yes.\n")
        assert (process.returncode, filled.sql(ALL)) == (2, "3|3")


@pytest.mark.parametrize("words", QUESTIONS)
def test_yes(filled: Project, words: str) -> None:
    with filled.start("python", "db_manage.py", *words.split()) as process:
        process.communicate("y\n")
    assert process.returncode == 0
    if words in ("drop", "downgrade"):
        manage(filled, "setup")
    assert filled.sql(ALL) == "0|0"


@pytest.mark.parametrize("words", ["reset-schema users", "reset-table users"])
def test_pending_after_the_question(filled: Project, words: str) -> None:
    """A late answer is checked again, and refused in the same way."""
    with filled.start("python", "db_manage.py", *words.split()) as process:
        while process.stdout and process.stdout.read(1) != "?":
            pass
        write_revision(filled, "0002_more", "0001_initial", "pass")
        output = process.communicate("y\n")[0]
    assert output.endswith("Error: Migrations are pending. Run: python db_manage.py upgrade\n")
    assert (process.returncode, filled.sql(ALL)) == (2, "3|3")


@pytest.mark.parametrize(
    "words",
    [
        "drop --yes",
        "reset --yes",
        "reset-schema users --yes",
        "reset-table users --yes",
        "downgrade --yes",
        "seed",
    ],
)
def test_production(filled: Project, words: str) -> None:
    """The command is refused unless the database is named."""
    name, action = name_of(filled), words.split()[0]
    for variables in (
        {"FLASK_ENV": "production"},
        {"APP_ENV": "production", "FLASK_ENV": "development"},
        {"APP_ENV": "development", "FLASK_ENV": "production"},
    ):
        variables |= {"SECRET_KEY": "x" * 32}
        refused = manage(filled, *words.split(), status=2, **variables)
        assert refused.stderr.startswith(f"Error: {action} is refused in production. If database {name} on ")
        assert refused.stderr.endswith(f" add to python db_manage.py {action}: --database {name}\n")
        assert (refused.stdout, filled.sql(ALL)) == ("", "3|3")
        manage(filled, *words.split(), "--database", "x", status=2, **variables)
        assert filled.sql(ALL) == "3|3"
    manage(filled, *words.split(), "--database", name, status=0, **variables)
    if action == "drop":
        assert "does not exist. Run: python db_manage.py create" in manage(filled, "status", status=2).stderr
    elif action == "downgrade":
        assert filled.sql("SELECT to_regclass('users.users')") == ""
    else:
        assert filled.sql(ALL) == ("3|3" if action == "seed" else "0|0")


@pytest.mark.parametrize("words", ["drop", "reset", "reset-schema users", "reset-table users", "downgrade"])
def test_server_on_another_machine(filled: Project, words: str) -> None:
    """The URL has a host that is not this machine: --yes is not enough, and a question names the hosts."""
    name, action = name_of(filled), words.split()[0]
    url = filled.variables["DATABASE_URL"]
    server = re.findall(r"host=(\S+)", url)[0] + ",db.invalid"
    elsewhere = {"DATABASE_URL": f"{url},db.invalid"}
    refused = manage(filled, *words.split(), "--yes", status=2, **elsewhere)
    assert refused.stderr == (
        f"Error: {action} without a question is refused for a server on another machine. If database"
        f" {name} on {server} (development) is meant, add to python db_manage.py {action}:"
        f" --database {server}/{name}\n"
    )
    wrong = manage(filled, *words.split(), "--yes", "--database", name, status=2, **elsewhere)
    assert wrong.stderr == f"Error: --database {name}: the connected database is {server}/{name}.\n"
    filled.variables |= elsewhere
    with filled.start("python", "db_manage.py", *words.split()) as process:
        output = process.communicate("n\n")[0]
    assert f"database {name} on {server} (development)" in output
    filled.variables["DATABASE_URL"] = url
    assert filled.sql(ALL) == "3|3"
    done = manage(filled, *words.split(), "--yes", "--database", f"{server}/{name}", status=0, **elsewhere)
    assert done.stdout.startswith(f"Database: {name} on {server} (development)\n")
    if action == "drop":
        manage(filled, "setup")
    flask(filled, "upgrade")
    assert filled.sql(ALL) == "0|0"


@pytest.mark.parametrize("environment", ["production", "development"])
def test_downgrade_by_flask(filled: Project, environment: str) -> None:
    """`flask db downgrade` cannot ask, so it is refused wherever --yes alone is not enough."""
    url = filled.variables["DATABASE_URL"]
    variables = {"FLASK_ENV": environment, "SECRET_KEY": "x" * 32}
    if environment == "development":
        variables["DATABASE_URL"] = f"{url},db.invalid"
    for words in ([], ["base"], ["-x", "a=b", "0001_initial"]):
        error = filled.run("flask", "db", "downgrade", *words, **variables)
        assert error.returncode == 1
        assert re.fullmatch(
            r"Error: downgrade .* is meant, add to python db_manage.py downgrade: --database \S+\n",
            error.stderr,
        )
    assert filled.sql(ALL) == "3|3"
    assert "DROP TABLE" in filled.ok("flask", "db", "downgrade", "--sql", "head:base", **variables)
    assert "DROP TABLE" in manage(filled, "downgrade", "base", "--sql", status=0, **variables).stdout
    assert flask(filled, "current") == "0001_initial (head)\n"
    assert filled.sql(ALL) == "3|3"


def test_downgrade_shows_what_it_loses(filled: Project) -> None:
    """It shows rows of tables, values of columns, and whatever else a migration runs."""
    write_revision(
        filled, "0002_first", "0001_initial", "pass", "op.drop_column('posts', 'content', schema='blog')"
    )
    write_revision(filled, "0003_second", "0002_first", "pass", "op.execute('DELETE  FROM\\n blog.posts')")
    flask(filled, "upgrade")
    filled.sql("UPDATE blog.posts SET content = NULL WHERE id = 1")
    assert manage(filled, "downgrade", "0001_initial", "--yes").stdout == (
        f"Database: {target_of(filled)}\nLosing: blog.posts.content, 2 values\nRunning: DELETE FROM blog.posts\n"
    )


def test_broken_models(ready: Project) -> None:
    """A mistake in a model is one line where possible, and is never reported as a pending migration."""
    path = ready.path / "app/models/user.py"
    text = path.read_text()
    path.write_text(text + "\nclass (:\n")
    error = manage(ready, "check", status=2).stderr
    assert re.fullmatch(r"Error: app/models/user.py:\d+: SyntaxError: invalid syntax\n", error)
    path.write_text(text + "\nimport no_such_module\n")
    assert "no_such_module" in manage(ready, "check", status=2).stderr
    path.write_text(text.replace('back_populates="user"', 'back_populates="nobody"'))
    assert "nobody" in manage(ready, "check", status=2).stderr


def test_interrupted(ready: Project) -> None:
    """Ctrl-C prints one line, and the interrupted migration is undone."""
    write_revision(ready, "0002_slow", "0001_initial", "op.execute('CREATE TABLE x (); SELECT pg_sleep(60)')")
    with ready.start("python", "db_manage.py", "upgrade") as process:
        assert process.stdout
        assert process.stdout.readline() == "Applying: 0002_slow\n"
        while not ready.sql("SELECT 1 FROM pg_stat_activity WHERE query ~ '^CREATE TABLE x'"):
            pass
        process.send_signal(signal.SIGINT)
        assert process.communicate()[0] == "\nError: Interrupted. Whatever was applied has been kept.\n"
    assert (process.returncode, flask(ready, "current")) == (2, "0001_initial\n")


def test_production_by_any_name(filled: Project) -> None:
    """Neither --config nor a name that the URL overrides bypasses the question which database is meant."""
    name = name_of(filled)
    filled.variables |= {"FLASK_ENV": "production", "SECRET_KEY": "x" * 32}
    assert "refused" in manage(filled, "--config", "development", "drop", "--yes", status=2).stderr
    filled.variables["DATABASE_URL"] = (
        filled.variables["DATABASE_URL"].replace(name, "harmless") + f"&dbname={name}"
    )
    error = manage(filled, "drop", "--yes", "--database", "harmless", status=2).stderr
    assert error == f"Error: --database harmless: the connected database is {name}.\n"


def test_drop_while_in_use(filled: Project) -> None:
    """The connections of a development server, for example, are closed."""
    name = name_of(filled)
    with filled.start("python", "db_manage.py", "psql", "-XAtq") as other:
        assert other.stdin and other.stdout
        other.stdin.write("SELECT 'connected';\n")
        other.stdin.flush()
        assert other.stdout.readline() == "connected\n"
        assert manage(filled, "drop", "--yes").stdout.endswith(f"\nDropping: database {name}\n")
        other.communicate()
    assert manage(filled, "drop", "--yes").stdout.endswith(f"\nMissing: database {name}\n")
    manage(filled, "setup")
    assert filled.sql(ALL) == "0|0"


def test_sqlite(baker: Baker) -> None:
    """Commands that need PostgreSQL say so."""
    project = baker.bake(models="User name:text", database="sqlite:///app.db")
    for words in ("drop", "reset", "reset-schema x", "reset-table users", "schemas --owner x"):
        error = manage(project, *words.split(), status=2, DATABASE_URL="sqlite:///app.db").stderr
        action = words.removesuffix(" x").removesuffix(" users")
        assert re.fullmatch(
            f"Error: {action} is for PostgreSQL; a database of SQLite is the file .+app.db.\n", error
        )


# Migrations


def test_sql_and_wait(ready: Project) -> None:
    """SQL needs no server; --wait gives up after the given time."""
    nowhere = "postgresql://localhost:1/x"
    sql = manage(ready, "upgrade", "--sql", DATABASE_URL=nowhere).stdout
    assert sql in flask(ready, "upgrade", "--sql")
    late = manage(ready, "upgrade", "--wait", "1", status=2, DATABASE_URL=nowhere)
    assert "Start the server" in late.stderr


def test_status_in_json(ready: Project) -> None:
    write_revision(ready, "0002_more", "0001_initial", "pass")
    found = json.loads(manage(ready, "status", "--json", "--check", status=1).stdout)
    assert re.fullmatch(r"PostgreSQL \d+\.\d+", found.pop("server"))
    assert found == {
        "database": name_of(ready),
        "environment": "development",
        "local": False,
        "schemas": ["blog", "users"],
        "applied": ["0001_initial"],
        "pending": ["0002_more"],
    }


def test_check(ready: Project) -> None:
    """Anything that should not be committed gives exit status 1 and one line."""
    assert manage(ready, "check").stdout == "Checked: one head, nothing pending, models and diagram match\n"
    page = ready.path / "docs/models.md"
    page.write_text(page.read_text().replace("text content", "text contents"))
    outdated = "Outdated: docs/models.md. Run: python db_manage.py diagram\n"
    assert manage(ready, "check", status=1).stdout == outdated
    page.unlink()
    assert manage(ready, "check", status=1).stdout == outdated
    manage(ready, "diagram")
    edit(
        ready, "app/models/user.py", "    email", "    phone: Mapped[str | None] = mapped_column()\n    email"
    )
    found = manage(ready, "check", status=1)
    assert found.stdout == (
        "Changed: the models, see above. Run: python db_manage.py migrate MESSAGE\n" + outdated
    )
    assert found.stderr == "Detected added column 'users.users.phone'\n"
    manage(ready, "migrate", "add phone")
    assert manage(ready, "check", status=1).stdout == "Pending: 1. Run: python db_manage.py upgrade\n"
    manage(ready, "upgrade")
    manage(ready, "check")
    write_revision(ready, "0002_other", "0001_initial", "pass")
    assert manage(ready, "check", status=1).stdout == (
        "Heads: 0002_add_phone, 0002_other. Run: python db_manage.py merge\n"
    )
    assert "Join them. Run: python db_manage.py merge" in manage(ready, "upgrade", status=2).stderr


@pytest.mark.parametrize("command", [("flask", "db"), ("python", "db_manage.py")])
def test_progress(ready: Project, command: tuple[str, ...]) -> None:
    """Several steps are numbered, a single one is not; a terminal and a pipe show the same."""
    write_revision(ready, "0002_second", "0001_initial", "pass")
    write_revision(ready, "0003_third", "0002_second", "pass")
    downgrade = (*command, "downgrade", "0001_initial", *["--yes"] * (command[0] == "python"))
    for run in (terminal, Project.ok):
        assert run(ready, *command, "upgrade", "0002_second") == "Applying: 0002_second\n"
        assert run(ready, *command, "upgrade") == "Applying: 0003_third\n"
        output = run(ready, *downgrade)
        assert output.endswith("Reverting: 0003_third (1 of 2)\nReverting: 0002_second (2 of 2)\n")
        output = run(ready, *command, "upgrade")
        assert output == "Applying: 0002_second (1 of 2)\nApplying: 0003_third (2 of 2)\n"
        run(ready, *downgrade)


def test_stamp_and_current_say_nothing_of_steps(ready: Project) -> None:
    assert flask(ready, "stamp", "base") == ""
    assert flask(ready, "stamp", "head") == ""


# Roles and names


def test_least_privilege(ready: Project) -> None:
    """After an administrator has prepared the database, the role can do everything and loses no schema."""
    manage(ready, "drop", "--yes")
    manage(ready, "create")
    name, administrator = name_of(ready), dict(ready.variables)
    role = f"{name} o'role"
    refused = manage(ready, "schemas", "--owner", role, status=2).stderr
    assert "does not exist. An administrator can create it" in refused
    assert ready.sql("SELECT count(*) FROM pg_namespace WHERE nspname IN ('users', 'blog')") == "0"
    ready.sql(f'CREATE ROLE "{role}" LOGIN')
    assert manage(ready, "schemas", "--owner", role).stdout == (
        f"Creating: schema blog\nCreating: schema users\nGranting: CREATE on schema public to {role}\n"
    )
    assert manage(ready, "schemas", "--owner", role).stdout.startswith("Exists: schema blog\n")

    user = role.replace(" ", "%20").replace("'", "%27")
    ready.variables["DATABASE_URL"] = administrator["DATABASE_URL"].replace("postgres@", f"{user}@")
    assert flask(ready, "upgrade") == "Applying: 0001_initial\n"
    assert flask(ready, "check") == "No new upgrade operations detected.\n"
    kept = "Keeping: schema {} (this role could not create it again)\n"
    assert flask(ready, "downgrade", "base") == (
        "Reverting: 0001_initial\n" + kept.format("blog") + kept.format("users")
    )
    assert flask(ready, "upgrade") == "Applying: 0001_initial\n"
    manage(ready, "seed")
    assert manage(ready, "reset", "--yes").stdout == (
        f"Database: {target_of(ready)}\nLosing: blog.posts, 3 rows\nLosing: users.users, 3 rows\n"
    )
    manage(ready, "reset-schema", "users", "--yes")
    manage(ready, "check")

    ready.variables = administrator
    other = manage(ready, "schemas", "--owner", "postgres", status=2).stderr
    assert f'belongs to {role}. If it is this project\'s: ALTER SCHEMA "blog" OWNER TO "postgres"' in other


MODEL = """
from app.models.base import BaseModel


class Thing(BaseModel):
    __tablename__ = "the things"
    __table_args__ = {"schema": SCHEMA}
"""


def thing(project: Project, schema: str) -> None:
    """Give a project a model in a schema."""
    (project.path / "app/models/thing.py").write_text(MODEL.replace("SCHEMA", repr(schema)))


@pytest.mark.parametrize("schema", ["My Shop-é", "order", "a" * 63])
def test_names_that_need_quotes(ready: Project, schema: str) -> None:
    thing(ready, schema)
    manage(ready, "migrate", "things")
    flask(ready, "upgrade")
    manage(ready, "check")
    assert f"Losing: {schema}.the things, 0 rows" in manage(ready, "reset-schema", schema, "--yes").stdout
    manage(ready, "reset-table", "the things", "--yes")
    manage(ready, "reset", "--yes")
    manage(ready, "check")
    flask(ready, "downgrade", "base")
    assert ready.sql("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^(My|order|caf|aaa)'") == "0"
    manage(ready, "schemas")
    flask(ready, "upgrade")


HOSTILE = ['x"; DROP SCHEMA users; --', "x'y", "a.b", " x", "1x", "x\0", "x%s", "pg_shop", "public"]
HOSTILE += ["information_schema", "a" * 64]


def test_hostile_names(project: Project) -> None:
    """They are refused before anything reaches the server."""
    for number, schema in enumerate(HOSTILE):
        thing(project, schema)
        commands = [("flask", "db", "upgrade"), ("python", "db_manage.py", "schemas")]
        result = project.run(*commands[number % 2])
        assert result.returncode == 1 + number % 2
        assert result.stderr.startswith(f"Error: schema {schema!r} of a model: ")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("place", ["a:s3cret@localhost/shop", "a@localhost/shop?password=s3cret"])
def test_url(project: Project, place: str) -> None:
    """The URL is printed without its password."""
    url = manage(project, "url", DATABASE_URL=f"postgresql://{place}").stdout
    assert url == "postgresql://a@localhost/shop\n"


def test_schemas_at_once(ready: Project) -> None:
    flask(ready, "downgrade", "base")
    runs = [ready.start("python", "db_manage.py", "schemas") for _ in range(4)]
    outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, outputs
    assert "".join(outputs).count("Creating: schema blog\n") == 1


@pytest.mark.parametrize("name", ["A b+c", "100%", "it's", 'a"b', "password_vault"])
def test_names_of_databases(ready: Project, name: str) -> None:
    """Whatever characters they contain, each command means the same database."""
    coded = quote(name)
    ready.variables["DATABASE_URL"] = re.sub(r"/\w+\?", f"/{coded}?", ready.variables["DATABASE_URL"])
    assert "does not exist. Run: python db_manage.py create" in manage(ready, "status", status=2).stderr
    manage(ready, "setup")
    printed = manage(ready, "psql", "-XAtqc", "SELECT current_database()").stdout
    assert printed == f"{name}\n"
    dropped = manage(ready, "drop", "--yes", "--database", name).stdout
    assert dropped.endswith(f"\nDropping: database {name}\n")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_encodings(ready: Project, encoding: str) -> None:
    """A database in another encoding works, too."""
    manage(ready, "drop", "--yes")
    name = re.findall(r"/(\w+)\?", ready.variables["DATABASE_URL"])[0]
    elsewhere = ready.variables["DATABASE_URL"].replace(f"/{name}?", "/postgres?")
    how = f"TEMPLATE template0 ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C'"
    ready.sql(f"CREATE DATABASE {name} {how}", DATABASE_URL=elsewhere)
    assert flask(ready, "upgrade").startswith("Applying: 0001_initial\n")
    manage(ready, "check")


# The shell


def test_help_imports_little(ready: Project) -> None:
    """Help needs neither the application's libraries nor a valid configuration."""
    for words in (["help"], ["help", "upgrade"], ["upgrade", "--help"], []):
        wrong = {"DATABASE_URL": "nonsense"}
        result = ready.run("python", "-X", "importtime", "db_manage.py", *words, **wrong)
        assert result.returncode == 0
        assert "click.core" in result.stderr
        assert not re.search(r"flask|sqlalchemy|alembic|psycopg", result.stderr)


def test_completion(ready: Project) -> None:
    """bash completes the commands and options of ./db_manage.py through click."""
    script = (
        'eval "$(_DB_MANAGE_PY_COMPLETE=bash_source ./db_manage.py)"; complete -p db_manage.py;'
        "COMP_WORDS=(./db_manage.py {0}); COMP_CWORD={1}; _db_managepy_completion ./db_manage.py;"
        'echo "${{COMPREPLY[@]}}"'
    )
    first = ready.ok("bash", "-c", script.format("reset-", 1))
    assert first.splitlines()[-1] == "reset-schema reset-table"
    assert "complete -o nosort -F _db_managepy_completion db_manage.py" in first
    assert ready.ok("bash", "-c", script.format("reset --", 2)).splitlines()[-1].split()[:2] == [
        "--yes",
        "--database",
    ]
