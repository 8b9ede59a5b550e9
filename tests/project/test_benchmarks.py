"""The benchmarks still run on the project of today; what they measure is not judged here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bake import ROOT

RUN = """
import runpy, sys
from pathlib import Path

folder, script, plots, *arguments = sys.argv[1:]
sys.path.insert(0, folder)
import plots as drawing

drawing.FOLDER = Path(plots)
sys.argv = [script, *arguments]
runpy.run_path(f"{folder}/{script}", run_name="__main__")
"""


def run(plots: Path, script: str, *arguments: str) -> str:
    """Run a benchmark; its plots go to a folder of the test's."""
    command = [sys.executable, "-c", RUN, str(ROOT / "benchmarks"), script, str(plots), *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_serving(tmp_path: Path) -> None:
    """Every server answers every question; else the benchmark ends with an error."""
    assert run(tmp_path, "serving.py", "1", "0.05", "1").count("ratio") == 4
    assert (tmp_path / "serving.svg").exists()


def test_rows(tmp_path: Path) -> None:
    assert run(tmp_path, "rows.py", "10000", "10001", "10002").count("exponent") == 4
    assert (tmp_path / "rows.svg").exists()


@pytest.mark.deep
@pytest.mark.parametrize(
    ("script", "arguments", "ratios"),
    [("generation.py", ["1"], 4), ("migrations.py", ["1"], 4), ("growth.py", ["2", "4", "8"], 12)],
)
def test_commands(tmp_path: Path, script: str, arguments: list[str], ratios: int) -> None:
    assert run(tmp_path, script, *arguments).count("ratio") == ratios
