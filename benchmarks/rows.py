"""Measure how long a page of rows takes as the database grows: /_rows of a project in development.

    python benchmarks/rows.py [SIZE...]

The default sizes go from 10,000 to a million rows.  Pages are requested within one process, without a
server in between: the first page, the 500th, and the first page sorted by a column.
"""

import json
import sys
import tempfile
from pathlib import Path

import plots
from migrations import projects

SIZES = (10_000, 100_000, 1_000_000)
COUNT = 20
PAGES = {
    "first page": "/_rows/users.users",
    "page 500": "/_rows/users.users?page=500",
    "sorted, indexed": "/_rows/users.users?sort=email",
    "sorted, not indexed": "/_rows/users.users?sort=created_at",
}
FILL = """
INSERT INTO users.users (username, email)
SELECT 'user' || n, 'user' || n || '@example.com' FROM generate_series({start}, {end}) AS n;
ANALYZE users.users;
"""
ASK = """
import json, statistics, sys, time
from app import create_app

client = create_app("development").test_client()
pages, count = json.loads(sys.argv[1]), int(sys.argv[2])
found = {}
for name, path in pages.items():
    times = []
    for _ in range(count):
        started = time.perf_counter()
        response = client.get(path)
        times.append(time.perf_counter() - started)
        assert response.status_code == 200, response.text
    found[name] = [1000 * time for time in (statistics.median(times), min(times), max(times[1:]))]
print(json.dumps(found))
"""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    lines: dict[str, plots.Points] = {name: [] for name in PAGES}
    print(f"{COUNT} times; milliseconds: median, minimum and maximum without the first")
    with tempfile.TemporaryDirectory() as temporary, projects(Path(temporary)) as (project, _):
        filled = 0
        for size in sizes:
            project.sql(FILL.format(start=filled + 1, end=size))
            filled = size
            print(f"\n{size} rows")
            command = ("env", "python", "-c", ASK, json.dumps(PAGES), str(COUNT))
            for name, figures in json.loads(project.ok(*command)).items():
                print(f"{name:30}", *(f"{figure:.1f}" for figure in figures), flush=True)
                lines[name].append((size, figures[0]))
    if len(sizes) >= 3:
        for name, line in lines.items():
            print(f"exponent of the growth, {name}: {plots.exponent(line):.2f}")
    shown = {name: lines[name] for name in ("first page", "sorted, not indexed")}
    plots.curves("rows", "A page of rows", "rows in the table", "ms", shown)


if __name__ == "__main__":
    main()
