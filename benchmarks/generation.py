"""How long cookiecutter takes for the default project, beside an empty template.

    python benchmarks/generation.py [PAIRS]

The two are run in turn, as whole processes, and the ratio is taken pair by pair.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def seconds(template: Path, output: Path) -> float:
    """Return the wall time of one generation."""
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input", "-o", str(output)]
    started = time.perf_counter()
    subprocess.run([*command, "--overwrite-if-exists"], check=True, capture_output=True)
    return time.perf_counter() - started


def empty_template(folder: Path) -> Path:
    """Make the smallest template that cookiecutter accepts: one question, one empty file."""
    (folder / "{{cookiecutter.slug}}").mkdir(parents=True)
    (folder / "{{cookiecutter.slug}}" / "empty").touch()
    (folder / "cookiecutter.json").write_text(json.dumps({"slug": "empty"}))
    return folder


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "out"
        empty = empty_template(Path(temporary) / "template")
        for template in (empty, ROOT):  # warm up
            seconds(template, output)
        times = [(seconds(ROOT, output), seconds(empty, output)) for _ in range(pairs)]
    ratios = [ours / theirs for ours, theirs in times]
    print(f"{pairs} pairs; median, minimum and maximum")
    for name, values in (
        ("default project, seconds", [ours for ours, _ in times]),
        ("empty template, seconds", [theirs for _, theirs in times]),
        ("ratio", ratios),
    ):
        print(f"{name:25} {statistics.median(values):.3f} {min(values):.3f} {max(values):.3f}")


if __name__ == "__main__":
    main()
