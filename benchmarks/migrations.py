"""Measure what migrating costs next to a stock Flask-Migrate project, and how concurrent deploys end in both.

    python benchmarks/migrations.py [PAIRS]

The two run alternately, as whole processes, on one PostgreSQL; each database starts at the head revision.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pairs import compare

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for the packages lessons and tests

from tests.support.bake import ROOT, Baker
from tests.support.bake import Project as Project
from tests.support.servers import local_server

ROUNDS = 25
UPGRADE = ("flask", "db", "upgrade")


@contextmanager
def projects(folder: Path) -> Iterator[tuple[Project, Project]]:
    """Yield the default project and the stock one, each with its own database, upgraded to the head."""
    ours = Baker(folder / "out").bake()
    ours.variables["PYTHONDONTWRITEBYTECODE"] = ""  # compiled once, like a user's project
    with local_server(ours):
        ours.ok("python", "db_manage.py", "setup")
        url = ours.ok("python", "db_manage.py", "url").strip()
        stock = Project(folder / "stock", ours.variables | {"DATABASE_URL": url.replace("_dev", "_stock")})
        ours.ok("python", "db_manage.py", "create", **stock.variables)
        ours.ok("python", str(ROOT / "benchmarks" / "stock.py"), str(stock.path), **stock.variables)
        stock.ok(*UPGRADE)
        ours.variables["DATABASE_URL"] = url
        yield ours, stock


def whole(project: Project, *command: str) -> str:
    """Run a command as a process of its own, where Project.ok() would fork one with loaded libraries."""
    return project.ok("env", *command)


def failed(project: Project) -> str:
    """Return how many processes failed in concurrent deploys, and out of how many."""
    driver = str(ROOT / "tests" / "support" / "deploys.py")
    rounds = json.loads(project.ok("python", driver, ".", str(ROUNDS), "SELECT 1"))
    statuses = [status for one in rounds for status, _ in one["processes"]]
    return f"{len(statuses) - statuses.count(0)} of {len(statuses)}"


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as temporary, projects(Path(temporary)) as (ours, stock):
        manage = partial(whole, ours, "python", "db_manage.py")
        print(f"{pairs} pairs; median, minimum and maximum")
        upgrade = ("stock project", partial(whole, stock, *UPGRADE))
        compare(pairs, ("flask db upgrade", partial(whole, ours, *UPGRADE)), upgrade)
        compare(pairs, ("db_manage.py upgrade", partial(manage, "upgrade")), upgrade)
        compare(pairs, ("db_manage.py status", partial(manage, "status")), upgrade)
        compare(pairs, ("db_manage.py help", partial(manage, "help")), ("status", partial(manage, "status")))
        print(f"\n{ROUNDS} times eight deploys at once, on an empty database: failed")
        print(f"default project {failed(ours)}\nstock project   {failed(stock)}")


if __name__ == "__main__":
    main()
