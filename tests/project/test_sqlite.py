"""Test that a project without schemas also migrates on SQLite, and no more than that."""

from tests.support.bake import Baker

# Includes values that SQLite accepts and no type allows.
PAGES = r"""
from sqlalchemy import text
from app import create_app
from app.extensions import db

app = create_app()
with app.app_context():
    db.session.execute(text("UPDATE books SET price = 'much', title = x'ff00' WHERE id = 2"))
    db.session.commit()
client = app.test_client()
for query in ("", "?sort=title&order=desc", "?column=price&operator=is&value=much", "/row?id=2"):
    page = client.get("/_rows/books" + query)
    print(page.status_code, page.text.count("<tr>"), "much" in page.text, "FF00" in page.text, "2 bytes" in page.text)
print("Author 1" in client.get("/_rows/books/row?id=1").text, client.get("/_rows/authors").status_code)
"""


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

    project.ok("python", "db_manage.py", "seed")
    assert project.ok("python", "-c", PAGES).splitlines() == [
        "200 4 True True True",
        "200 4 True True True",
        "200 2 True True True",
        "200 0 True True True",
        "True 200",
    ]
    (project.path / "instance" / "app.db").unlink()
    project.ok("flask", "db", "upgrade")

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
