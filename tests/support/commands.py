"""Commands and edits that many tests share."""

from tests.support.bake import Project

SCHEMA_DUMP = """
    SELECT table_schema, table_name, column_name, data_type, column_default, is_nullable
    FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    UNION ALL SELECT nspname, conname, pg_get_constraintdef(c.oid), '', '', ''
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE conrelid <> 0
    UNION ALL SELECT schemaname, indexname, indexdef, '', '', '' FROM pg_indexes
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3
"""


def flask(project: Project, *words: str, status: int = 0) -> str:
    """Run `flask db ...`; return stdout and stderr."""
    result = project.run("flask", "db", *words)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


def edit(project: Project, name: str, old: str, new: str) -> None:
    path = project.path / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def revision(project: Project, name: str) -> str:
    return (project.path / "migrations/versions" / f"{name}.py").read_text()


REVISION = """
from alembic import op

revision = "{name}"
down_revision = "{after}"


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""


def write_revision(project: Project, name: str, after: str, upgrade: str, downgrade: str = "pass") -> None:
    path = project.path / "migrations/versions" / f"{name}.py"
    path.write_text(REVISION.format(name=name, after=after, upgrade=upgrade, downgrade=downgrade))


def applying(names: list[str]) -> list[str]:
    """Return the lines of an `upgrade` that applies these migrations."""
    total = len(names)
    counts = [f" ({number} of {total})" if total > 1 else "" for number in range(1, total + 1)]
    return [f"Applying: {name}{count}" for name, count in zip(names, counts, strict=True)]
