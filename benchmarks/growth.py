"""How migrating grows with the number of revisions and tables, beside a stock Flask-Migrate project.

    python benchmarks/growth.py [SIZE...]

The sizes are 10 and 100 unless they are given; 1000 takes five minutes more.  Both projects have the same
models, in one module, and the same revisions, each of which creates one table.  The commands run in turn, as
whole processes, on one PostgreSQL.
"""

import operator
import re
import sys
import tempfile
from functools import partial
from pathlib import Path

from migrations import UPGRADE, Project, projects, whole
from pairs import compare, seconds

PAIRS = 5
IMPORTS = """\
from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column
"""
MODEL = """

class T{n}({base}):
    __tablename__ = "t{n}"

    name: Mapped[str] = mapped_column(String(64), unique=True)
    price: Mapped[float | None] = mapped_column(Numeric(10, 2))
    last_id: Mapped[int | None] = mapped_column(ForeignKey("t{last}.id"), index=True)
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.ForeignKeyConstraint(["last_id"], ["t{last}.id"], name=op.f("fk_t{n}_last_id_t{last}")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_t{n}")),
        sa.UniqueConstraint("name", name=op.f("uq_t{n}_name")),
    )
    op.create_index(op.f("ix_t{n}_last_id"), "t{n}", ["last_id"])


def downgrade():
    op.drop_table("t{n}")
"""


def grow(project: Project, module: Path, start: str, base: str, size: int) -> None:
    """Write so many models into a module, after its start, and a revision for each after the first one."""
    places = [{"n": n, "last": max(n - 1, 0), "base": base} for n in range(size)]
    module.write_text(start + "".join(MODEL.format(**place) for place in places))
    versions = project.path / "migrations" / "versions"
    (first,) = (path for path in versions.glob("*.py") if not path.name.startswith("many_"))
    (before,) = re.findall(r"^revision = '(\w+)'", first.read_text(), re.MULTILINE)
    for n, place in enumerate(places):
        revision = f"many_{n}"
        text = REVISION.format(**place, revision=revision, before=before)
        (versions / f"{revision}.py").write_text(text)
        before = revision


def upgrade_from_empty(project: Project, *command: str) -> float:
    """Return the seconds of an upgrade of a new database."""
    url = project.variables["DATABASE_URL"]
    (name,) = re.findall(r"/(\w+)\?", url)
    statements = (f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    project.sql(*statements, DATABASE_URL=url.replace(f"/{name}?", "/postgres?"))
    return seconds(partial(whole, project, *command))


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary, projects(Path(temporary)) as (ours, stock):
        manage = ("python", "db_manage.py")
        modules = ours.path / "app" / "models" / "many.py", stock.path / "app.py"
        start = f"{IMPORTS}\nfrom app.models.base import BaseModel\n"
        stock_start = modules[1].read_text() + IMPORTS
        for size in map(int, sys.argv[1:] or (10, 100)):
            pairs = PAIRS if size <= 100 else 3
            grow(ours, modules[0], start, "BaseModel", size)
            grow(stock, modules[1], stock_start, "db.Model", size)
            whole(ours, *manage, "diagram")
            print(f"\n{size} revisions and tables, {pairs} pairs; median, minimum and maximum")
            compare(
                pairs,
                ("upgrade from empty", partial(upgrade_from_empty, ours, *manage, "upgrade")),
                ("stock project", partial(upgrade_from_empty, stock, *UPGRADE)),
                operator.call,
            )
            for command in ("upgrade", "check"):
                compare(
                    pairs,
                    (f"{command}, nothing to do", partial(whole, ours, *manage, command)),
                    ("stock project", partial(whole, stock, "flask", "db", command)),
                )


if __name__ == "__main__":
    main()
