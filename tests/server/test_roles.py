"""Test two roles: an owner who migrates, and an application that only reads and writes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.bake import Project
from tests.support.shared import exclusive

# Reads every page, and reads and writes every row, also in a schema that a later migration creates.
VIEWS = """
import json
from app import create_app, seeds
from app.extensions import db
from plumbing.current import mappers
app = create_app()
client = app.test_client()
for rule in sorted(map(str, app.url_map.iter_rules())):
    path = rule.replace("_plumbing/static/<path:filename>", "_plumbing/static/plumbing.css")
    path = path.replace("<path:filename>", "style.css")
    path = path.replace("<path:key>/row", "users.users/row?id=1").replace("<path:key>", "blog.posts")
    with client.get(path) as response:
        print(path, response.status_code)
with app.app_context():
    rows = {m.class_.__name__: db.session.scalars(db.select(m.class_)).all() for m in mappers()}
    print(*(f"{name} {len(found)}" for name, found in rows.items()))
    db.session.add_all([row for row in seeds.rows() if not rows[type(row).__name__]])
    for found in rows.values():
        for row in found:
            row.created_at = row.updated_at
    db.session.flush()
    for row in rows["Post"][:1]:
        db.session.delete(row)
    db.session.commit()
"""
PAGES = """\
/_plumbing/static/plumbing.css 200
/_rows/ 200
/_rows/blog.posts 200
/_rows/users.users/row?id=1 {row}
/healthz 200
/posts 200
/readyz 200
/static/style.css 200
"""
NO_USER, A_USER = PAGES.format(row=404), PAGES.format(row=200)
REFUSED = [
    "DROP TABLE blog.posts",
    "ALTER TABLE blog.posts ADD evil text",
    "CREATE INDEX evil ON blog.posts (title)",
    "TRUNCATE blog.posts",
    "CREATE TABLE blog.evil ()",
    "CREATE TABLE public.evil ()",
    "CREATE SCHEMA evil",
    "DROP SCHEMA blog CASCADE",
    "CREATE ROLE evil",
    "SELECT setval('blog.posts_id_seq', 1)",
    "UPDATE alembic_version SET version_num = ''",
    "DELETE FROM alembic_version",
    "DROP TABLE alembic_version",
    "DROP DATABASE {database}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO PUBLIC",
]
NOTE = """
from sqlalchemy.orm import Mapped
from app.models.base import BaseModel

class Note(BaseModel):
    __tablename__ = "notes"
    __table_args__ = {"schema": "later"}
    text: Mapped[str]
"""


@contextmanager
def roles(project: Project, *names: str) -> Iterator[None]:
    """Create roles temporarily; all databases of a server share them, so one test at a time does."""
    with exclusive("roles"):
        for name in names:
            project.sql(f'CREATE ROLE "{name}" LOGIN')
        try:
            yield
        finally:
            for name in names:
                project.sql(f'DROP OWNED BY "{name}" CASCADE', f'DROP ROLE "{name}"')


def as_role(project: Project, name: str) -> str:
    """Return the URL for a role."""
    return project.variables["DATABASE_URL"].replace("postgres@", f"{name.replace(' ', '%20')}@")


def test_roles(ready: Project) -> None:
    """An ordinary owner can migrate a database that a superuser created."""
    web = "the web"
    database = ready.sql("SELECT current_database()")
    ready.ok("flask", "db", "downgrade", "base")
    with roles(ready, "owner", web):
        owner, application = as_role(ready, "owner"), as_role(ready, web)
        ready.sql("DROP TABLE alembic_version", f"GRANT CREATE ON DATABASE {database} TO owner")
        ready.ok("python", "db_manage.py", "schemas", "--owner", "owner")
        early = ready.run("python", "db_manage.py", "grant", web, DATABASE_URL=owner)
        assert early.stderr == "Error: Migrations are pending. Run: python db_manage.py upgrade\n"
        ready.ok("python", "db_manage.py", "upgrade", DATABASE_URL=owner)
        for url in (owner, ready.variables["DATABASE_URL"]):  # an administrator may do it as well
            given = ready.ok("python", "db_manage.py", "grant", web, DATABASE_URL=url)
            assert given == f"Granting: SELECT, INSERT, UPDATE, DELETE to {web}\n"
        assert ready.ok("python", "-c", VIEWS, DATABASE_URL=application) == NO_USER + "Post 0 User 0\n"
        assert ready.ok("python", "-c", VIEWS, DATABASE_URL=application) == A_USER + "Post 3 User 3\n"
        for statement in REFUSED:
            words = (
                "python",
                "db_manage.py",
                "psql",
                "-XAtqc",
                statement.format(database=database, owner="owner"),
            )
            result = ready.run(*words, DATABASE_URL=application)
            assert result.returncode == 1
            assert "permission denied" in result.stderr or "must be owner" in result.stderr, result.stderr

        ready.ok("python", "db_manage.py", "reset", "--yes", DATABASE_URL=owner)
        as_web = ("python", "db_manage.py", "psql", "-XAtqc", "DELETE FROM alembic_version")
        assert "permission denied" in ready.run(*as_web, DATABASE_URL=application).stderr
        (ready.path / "app/models/note.py").write_text(NOTE)
        both = {"DATABASE_URL": application, "DATABASE_DIRECT_URL": owner}
        assert "0002_note" in ready.ok("python", "db_manage.py", "migrate", "note", **both)
        assert "Creating: schema later" in ready.ok("python", "db_manage.py", "upgrade", **both)
        (ready.path / "app/seeds.py").write_text(
            (ready.path / "app/seeds.py").read_text()
            + "    from app.models.note import Note\n\n    yield Note(text='later')\n"
        )
        for notes, pages in enumerate((NO_USER, A_USER)):
            output = ready.ok("python", "-c", VIEWS, DATABASE_URL=application)
            assert f"Note {notes} " in output and pages in output


def test_role_that_is_missing(ready: Project) -> None:
    result = ready.run("python", "db_manage.py", "grant", "nobody knows")
    assert result.returncode == 2
    said = 'Error: role "nobody knows" does not exist. An administrator can create it: CREATE ROLE.\n'
    assert result.stderr == said


def test_who_is_not_the_owner(ready: Project) -> None:
    with roles(ready, "other", "web"):
        ready.sql("GRANT USAGE ON SCHEMA users, blog TO other", "GRANT SELECT ON alembic_version TO other")
        result = ready.run("python", "db_manage.py", "grant", "web", DATABASE_URL=as_role(ready, "other"))
        assert result.returncode == 2
        assert result.stderr.count("\n") == 1 and "permission denied" in result.stderr
        assert ready.sql("SELECT count(*) FROM pg_default_acl") == "0"


def test_the_owner_is_that_of_public(project: Project) -> None:
    """Other projects' alembic_version tables don't matter, even if they are older or newer than ours."""
    project.ok("python", "db_manage.py", "create")
    name = project.sql("SELECT current_database()")
    for scan in ("indexscan", "bitmapscan"):  # an index would always find public first
        project.sql(f"ALTER DATABASE {name} SET enable_{scan} = off")
    with roles(project, "other", "owner", "web"):
        for schema in ("before", "after"):
            project.sql(
                f"CREATE SCHEMA {schema}",
                f"CREATE TABLE {schema}.alembic_version ()",
                f"ALTER TABLE {schema}.alembic_version OWNER TO other",
            )
            project.ok("python", "db_manage.py", "upgrade")
        project.sql("ALTER TABLE public.alembic_version OWNER TO owner")
        project.ok("python", "db_manage.py", "grant", "web")
        owners = project.sql("SELECT DISTINCT pg_get_userbyid(defaclrole) FROM pg_default_acl")
        assert owners == "owner"


def test_sequences_of_others(ready: Project) -> None:
    """An owner cannot grant privileges on other users' sequences, and the application does not need them."""
    with roles(ready, "other", "owner", "web"):
        ready.sql(
            *(f"ALTER SCHEMA {schema} OWNER TO owner" for schema in ("users", "blog")),
            *(f"ALTER TABLE {table} OWNER TO owner" for table in ("users.users", "blog.posts")),
            "ALTER TABLE alembic_version OWNER TO owner",
            "CREATE SEQUENCE blog.theirs",
            "ALTER SEQUENCE blog.theirs OWNER TO other",
            "CREATE SEQUENCE public.ours",
            "ALTER SEQUENCE public.ours OWNER TO owner",
        )
        ready.ok("python", "db_manage.py", "grant", "web", DATABASE_URL=as_role(ready, "owner"))
        may_use = "SELECT has_sequence_privilege('web', '{}', 'USAGE')"
        assert ready.sql(may_use.format("blog.theirs")) == "f"
        assert ready.sql(may_use.format("public.ours")) == "t"
        assert ready.sql(may_use.format("blog.posts_id_seq")) == "t"
