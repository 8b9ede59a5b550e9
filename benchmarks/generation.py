"""Measure how long cookiecutter takes for the default project and for many models, next to an empty template.

    python benchmarks/generation.py [PAIRS]

The two run alternately, as whole processes, and the ratio is taken pair by pair.
"""

import json
import pstats
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pairs
import plots

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10, 100, 1000)
FIELDS = "name:string(64):unique price:numeric(10,2) state:enum(new|paid)=new placed:datetime=now"
PARTS = {  # the parts that the profile adds up, and the functions that belong to each
    "reading the declaration": ("language.py", "parse"),
    "models": ("model.py", "root"),
    "first migration": ("0001_initial.py", "root"),
    "seed rows": ("seeds.py", "root"),
    "diagram": ("models.md", "root"),
    "hook, another process": ("hooks.py", "run_script"),
}


def generate(template: Path, output: Path, *options: str) -> None:
    """Run cookiecutter in a fresh folder."""
    output.mkdir(parents=True, exist_ok=True)
    fresh = tempfile.mkdtemp(dir=output)
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input", "-o", fresh]
    subprocess.run([*command, *options], check=True, capture_output=True)


def empty_template(folder: Path) -> Path:
    """Make the smallest template that cookiecutter accepts: one question and one empty file."""
    (folder / "{{cookiecutter.slug}}").mkdir(parents=True)
    (folder / "{{cookiecutter.slug}}" / "empty").touch()
    (folder / "cookiecutter.json").write_text(json.dumps({"slug": "empty"}))
    return folder


def configuration(folder: Path, size: int) -> Path:
    """Write a file of answers with this many models in ten schemas, each referring to the previous one."""
    lines = [f"s{n % 10}.Model{n} {FIELDS}" + (f" last:Model{n - 1}" if n else "") for n in range(size)]
    path = folder / f"{size}.json"
    places = {name: str(folder / name) for name in ("cookiecutters_dir", "replay_dir")}
    path.write_text(json.dumps(places | {"default_context": {"models": "\n".join(lines)}}))
    return path


def compare(folder: Path, count: int, name: str, *options: str) -> tuple[float, float]:
    """Print the times of a generation and of the empty template, and their ratio.  Return both medians."""
    output = folder / name.replace(" ", "_")
    return pairs.compare(
        count,
        (name, partial(generate, ROOT, output, *options)),
        ("empty template", partial(generate, folder / "template", output)),
    )


def profile(folder: Path, config: Path) -> None:
    """Print how the time of a generation divides among its parts."""
    options = ["--no-input", "-o", str(folder / "profile"), "--config-file", str(config)]
    command = [sys.executable, "-m", "cProfile", "-o", str(folder / "stats"), "-m", "cookiecutter", str(ROOT)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    stats = vars(pstats.Stats(str(folder / "stats")))["stats"]
    rows = [(Path(file).name, function, row[3]) for (file, _, function), row in stats.items()]
    total = max(cumulative for _, _, cumulative in rows)
    shares = {
        name: max((spent for file, function, spent in rows if (file, function) == place), default=0.0) / total
        for name, place in PARTS.items()
    }
    for name, share in (shares | {"everything else": 1 - sum(shares.values())}).items():
        print(f"{name:26} {share:.0%}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        empty_template(folder / "template")
        print(f"{count} pairs; median, minimum and maximum")
        compare(folder, count, "default project")
        lines: dict[str, plots.Points] = {"template": [], "empty template": []}
        for size in SIZES:
            config = configuration(folder, size)
            medians = compare(folder, count, f"{size} models", "--config-file", str(config))
            for line, median in zip(lines.values(), medians, strict=True):
                line.append((size, median))
        print(f"exponent of the growth: {plots.exponent(lines['template']):.2f}")
        plots.curves("generation", "Generating a project", "models", "s", lines)
        print(f"\nwhere the time of {SIZES[-1]} models goes, with a profiler")
        profile(folder, config)


if __name__ == "__main__":
    main()
