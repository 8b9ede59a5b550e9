"""Check on a real PostgreSQL that the models, migration, diagram and rows of fresh projects agree.

    python tests/support/agreement.py

Run it with the packages of a project (build/project).  It reads a line `FOLDER URL` for each project and
answers each with one line: `ok`, or what failed, as JSON.  Each project is imported in a fork, so the second
that the libraries take to load is spent only once.
"""

import difflib
import gc
import json
import os
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
import sqlalchemy.orm
import warm

OWN_TESTS = ("tests/test_models.py", "tests/test_views.py")
LEFT = """
    SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^public$|^information_schema$'
    UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind IN ('r', 'S')
"""


def agree(folder: Path, url: str) -> None:
    """Raise AssertionError, or whatever a library raises, unless everything agrees."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ.update(DATABASE_URL=url, TEST_DATABASE_URL=url)
    from app import create_app, seeds
    from app.extensions import db, migrate

    from plumbing import database, diagram, rows
    from plumbing.diagram.mermaid import page
    from plumbing.reflection.reading import reflect

    with create_app("development").app_context():
        database.create()
        config = migrate.get_config()
        first = folder / "migrations/versions/0001_initial.py"
        ours = first.read_text()
        first.unlink()
        alembic.command.revision(config, "initial", autogenerate=bool(db.metadata.tables))
        lines = difflib.unified_diff(ours.splitlines(), first.read_text().splitlines(), lineterm="")
        assert first.read_text() == ours, "\n".join(lines)
        alembic.command.upgrade(config, "head")
        alembic.command.check(config)
        Path("reflected.txt").write_text(reflect() if db.metadata.tables else "")
        assert not diagram.differences(), page(db.metadata)
        inserted: list[sa.orm.DeclarativeBase] = []
        rows.seed(lambda: remembered(seeds.rows(), inserted))
        keys = [sa.inspect(row).identity for row in inserted]
        read_back(db.engine, list(seeds.rows()), keys)
        alembic.command.downgrade(config, "base")
        with db.engine.connect() as connection:
            assert list(connection.scalars(sa.text(LEFT))) == ["alembic_version"]
        alembic.command.upgrade(config, "head")
        db.engine.dispose()
    tests = list(OWN_TESTS)
    if Path("app/api.py").exists():
        description = create_app("development").test_client().get("/api/openapi.json")
        Path("openapi.json").write_bytes(description.data)
        tests.append("tests/test_api.py")
    status = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", *tests])
    assert status == pytest.ExitCode.OK, "the project's own tests fail"


def remembered(rows: Iterator[Any], inserted: list[Any]) -> Iterator[Any]:
    """Yield the rows and store them in the list, in place of those from an earlier call."""
    inserted.clear()
    for row in rows:
        inserted.append(row)
        yield row


def read_back(engine: sa.Engine, rows: list[sa.orm.DeclarativeBase], keys: list[Any]) -> None:
    """Compare the rows that the database holds under these keys with the rows that were inserted."""
    with sa.orm.Session(engine) as session:
        for row, key in zip(rows, keys, strict=True):
            stored = session.get_one(type(row), key)
            both_sides(stored)
            for attribute in sa.inspect(type(row)).column_attrs:
                value, column = getattr(stored, attribute.key), attribute.columns[0]
                if attribute.key in row.__dict__:
                    assert value == getattr(row, attribute.key), attribute
                elif isinstance(default := getattr(column.server_default, "arg", None), str):
                    expected = json.loads(default) if isinstance(column.type, sa.JSON) else default
                    assert value == expected if type(value) is type(expected) else value is not None, (
                        attribute
                    )


def both_sides(row: sa.orm.DeclarativeBase) -> None:
    """Assert that each row is in the reverse relationship of every row it refers to, if there is one."""
    for relationship in sa.inspect(type(row)).relationships:
        found = getattr(row, relationship.key)
        others = found if relationship.uselist else [found]
        for other in others if relationship.back_populates else []:
            back = getattr(other, relationship.back_populates) if other else row
            assert row in back if isinstance(back, list) else back is row, relationship


def main() -> None:
    # Whatever is loaded here does not have to be loaded again in the forks.
    for name in (*warm.FOR_PROJECTS, "flask_smorest", "marshmallow_sqlalchemy"):
        import_module(name)
    warm.share_code()
    gc.freeze()  # otherwise each collection in a fork would copy the shared memory
    for line in sys.stdin:
        folder, url = line.split()
        read_end, write_end = os.pipe()
        if not os.fork():
            os.dup2(write_end, 1)
            os.dup2(write_end, 2)
            os._exit(judge(Path(folder), url))
        os.close(write_end)
        with open(read_end) as file:
            output = file.read()
        _, status = os.wait()
        print(json.dumps(output or "failed" if status else "ok"), flush=True)


def judge(folder: Path, url: str) -> int:
    """Judge one project and return an exit status; print what failed."""
    try:
        agree(folder, url)
        return 0
    except BaseException:
        traceback.print_exc(limit=-3)
        return 1


if __name__ == "__main__":
    main()
