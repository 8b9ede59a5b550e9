"""What hooks/layout.py lays out is what ruff would."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from hooks import layout

ROUNDS = int(os.environ.get("ROUNDS", "25"))
CHARACTERS = "a\"'\\ {%\té\N{PARTY POPPER}"


@pytest.mark.parametrize("seed", range(max(1, ROUNDS // 25)))
def test_ruff_changes_nothing(tmp_path: Path, seed: int) -> None:
    """Statements with random names of 1 to 63 characters, in every form that the templates use."""
    chance = random.Random(seed)

    def name(longest: int = 63) -> str:
        return "a" + "".join(chance.choices("abz", k=chance.randrange(longest)))

    def statement() -> str:
        options = [f'back_populates="{name()}"', f'foreign_keys="{name(60).title()}.{name()}_id"']
        model = name(60).title()
        foreign_key = f'ForeignKey("{name()}.{name()}.id", ondelete="CASCADE")'
        target, annotation, function, arguments = chance.choice(
            [
                (name(), "Mapped[str | None]", "mapped_column", ["String(64)", "unique=True"]),
                (name(), "Mapped[str]", "mapped_column", ["Text"]),
                (name(), "Mapped[Decimal]", "mapped_column", ["Numeric(10, 2)", "index=True"]),
                (
                    name(),
                    "Mapped[int]",
                    "mapped_column",
                    [f'ForeignKey("{name()}.{name()}.id")', "index=True"],
                ),
                (name(), "Mapped[int]", "mapped_column", [foreign_key, "index=True"]),
                (name(), f'Mapped[list["{model}"]]', "relationship", options[: chance.choice([1, 2])]),
                (
                    name(),
                    f'Mapped["{model} | None"]',
                    "relationship",
                    [*options, f'remote_side="{model}.id"'],
                ),
            ]
        )
        return layout.assign(target, annotation, function, arguments)

    imports = {name(): name(60).title() for _ in range(200)} | {f"item{n}": "Item" for n in range(12)}
    lines = [layout.import_models(imports), ""]
    lines += [layout.list_of("__all__", sorted(set(imports.values()))[:2]), "", ""]
    for number in range(300):
        lines += [f"class A{number}:", statement(), "", ""]
    for _ in range(300):
        text = "".join(chance.choices(CHARACTERS, k=chance.randrange(9)))
        assert eval(layout.literal(text)) == text
        lines += [f"x = {layout.literal(text)}"]
    path = tmp_path / "laid_out.py"
    path.write_text("\n".join(lines) + "\n")
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--isolated", "--no-cache", f"--config=line-length={layout.WIDTH}"]
    changed = subprocess.run([*ruff, "format", *config, "--diff", path], capture_output=True, text=True)
    assert not changed.returncode, changed.stdout[:3000]
    sorted_ = subprocess.run([*ruff, "check", *config, "--select=I", path], capture_output=True, text=True)
    assert not sorted_.returncode, sorted_.stdout[:3000]
