"""Measure how migrating scales with migrations and tables, next to a stock Flask-Migrate project.

    python benchmarks/growth.py [SIZE...]

The default sizes are 10 and 100; 1000 takes five minutes more.  Both projects have the same models, in one
module, and the same migrations, each of which creates one table.  Our tables are spread over ten schemas;
the stock project's are in the default schema.  The commands run alternately, as whole processes, on one
PostgreSQL.
"""

import operator
import re
import sys
import tempfile
from functools import partial
from pathlib import Path

import plots
from migrations import UPGRADE, Project, projects, whole
from pairs import compare, seconds

PAIRS = 5
SCHEMAS = 10
IMPORTS = """\
from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column
"""
MODEL = """

class T{n}({base}):
    __tablename__ = "t{n}"
{arguments}
    name: Mapped[str] = mapped_column(String(64), unique=True)
    price: Mapped[float | None] = mapped_column(Numeric(10, 2))
    last_id: Mapped[int | None] = mapped_column(ForeignKey("{last_table}.id"), index=True)
"""
ARGUMENTS = """\
    __table_args__ = {{"schema": "{schema}"}}
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    {create_schema}
    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.ForeignKeyConstraint(["last_id"], ["{last_table}.id"], name=op.f("fk_t{n}_last_id_t{last}")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_t{n}")),
        sa.UniqueConstraint("name", name=op.f("uq_t{n}_name")),
        schema={schema!r},
    )
    op.create_index(op.f("ix_t{n}_last_id"), "t{n}", ["last_id"], schema={schema!r})


def downgrade():
    op.drop_table("t{n}", schema={schema!r})
"""


def grow(project: Project, module: Path, start: str, base: str, size: int, schemas: int = 0) -> None:
    """Append this many models to the start of a module, and write a migration for each after the first one.

    With `schemas`, the models take turns in that many schemas.
    """
    places = [place(n, base, schemas) for n in range(size)]
    module.write_text(start + "".join(MODEL.format(**values) for values in places))
    versions = project.path / "migrations" / "versions"
    (first,) = (path for path in versions.glob("*.py") if not path.name.startswith("many_"))
    (before,) = re.findall(r"^revision = '(\w+)'", first.read_text(), re.MULTILINE)
    for n, values in enumerate(places):
        revision = f"many_{n}"
        text = REVISION.format(**values, revision=revision, before=before)
        (versions / f"{revision}.py").write_text(text)
        before = revision


def place(n: int, base: str, schemas: int) -> dict[str, object]:
    """Return the values for the templates of a model and its migration."""
    last = max(n - 1, 0)
    schema = f"s{n % schemas}" if schemas else None
    return {
        "n": n,
        "base": base,
        "last": last,
        "last_table": f"s{last % schemas}.t{last}" if schemas else f"t{last}",
        "schema": schema,
        "arguments": ARGUMENTS.format(schema=schema) if schema else "",
        "create_schema": f'op.create_schema("{schema}")' if schema and n < schemas else "",
    }


def upgrade_from_empty(project: Project, *command: str) -> float:
    """Return the seconds that an upgrade of a new database takes."""
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
        lines: dict[str, dict[str, plots.Points]] = {}
        for size in map(int, sys.argv[1:] or (10, 100)):
            pairs = PAIRS if size <= 100 else 3
            grow(ours, modules[0], start, "BaseModel", size, SCHEMAS)
            grow(stock, modules[1], stock_start, "db.Model", size)
            whole(ours, *manage, "diagram")
            print(f"\n{size} migrations and tables, {pairs} pairs; median, minimum and maximum")
            medians = {}
            medians["upgrade from empty"] = compare(
                pairs,
                ("upgrade from empty", partial(upgrade_from_empty, ours, *manage, "upgrade")),
                ("stock project", partial(upgrade_from_empty, stock, *UPGRADE)),
                operator.call,
            )
            for command in ("upgrade", "check", "migrate"):
                what = f"{command}, nothing to do"
                medians[what] = compare(
                    pairs,
                    (what, partial(whole, ours, *manage, command)),
                    ("stock project", partial(whole, stock, "flask", "db", command)),
                )
            for what, both in medians.items():
                sides = lines.setdefault(what, {"project": [], "stock project": []})
                for line, median in zip(sides.values(), both, strict=True):
                    line.append((size, median))
    show(lines)


def show(lines: dict[str, dict[str, plots.Points]]) -> None:
    """Print the exponents of the growth and plot it, if there are enough sizes."""
    for what, sides in lines.items():
        if len(sides["project"]) < 3:
            return
        exponents = (f"{plots.exponent(line):.2f} {name}" for name, line in sides.items())
        print(f"exponent of the growth, {what}: {', '.join(exponents)}")
        name = what.partition(",")[0].replace(" ", "-")
        plots.curves(name, what.capitalize(), "migrations and tables", "s", sides)


if __name__ == "__main__":
    main()
