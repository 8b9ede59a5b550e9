"""A project without schemas also migrates on SQLite; more is not promised."""

from tests.support.bake import Baker


def test_sqlite(baker: Baker) -> None:
    project = baker.bake(
        models="Author name:string(80):unique; Book title:text='it''s' price:integer?=0 born:date=now author:Author"
        " kind:enum(a|'b c')='b c' empty:text='' quoted:text='''x''' since:datetime=now part:numeric(5,2)=0.50"
    )
    project.variables["DATABASE_URL"] = "sqlite:///app.db"
    output = project.ok("python", "db_manage.py", "setup")
    assert "Applying: 0001_initial" in output
    assert (project.path / "instance" / "app.db").exists()
    assert "No new upgrade operations" in project.ok("flask", "db", "check")

    with (project.path / "app/models/book.py").open("a") as file:
        file.write("    pages: Mapped[int | None] = mapped_column()\n")
    project.ok("flask", "db", "migrate", "-m", "add pages")
    project.ok("flask", "db", "upgrade")
    assert "No new upgrade operations" in project.ok("flask", "db", "check")
    project.ok("flask", "db", "downgrade", "base")
    project.ok("flask", "db", "upgrade")
    assert "SQLite" in project.ok("python", "db_manage.py", "status", "--check")
    error = project.run("python", "db_manage.py", "psql").stderr
    assert error.startswith("Error: psql is for PostgreSQL; a database of SQLite is the file ")
