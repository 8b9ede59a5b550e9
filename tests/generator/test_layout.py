"""Test that generator/layout.py formats statements exactly as ruff does."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import layout

ROUNDS = int(os.environ.get("ROUNDS", "25"))
CHARACTERS = "a\"'\\ {%,()[\té\N{PARTY POPPER}\N{CJK UNIFIED IDEOGRAPH-6771}"


@pytest.mark.parametrize("seed", range(max(1, ROUNDS // 25)))
def test_ruff_changes_nothing(tmp_path: Path, seed: int) -> None:
    """Statements in every form that the templates use stay unchanged, with names of 1 to 63 characters."""
    chance = random.Random(seed)

    def name(longest: int = 63) -> str:
        return "a" + "".join(chance.choices("abz", k=chance.randrange(longest)))

    def value(depth: int = 0) -> str:
        """Return an expression of a kind that the templates write."""
        kinds: list[Callable[[], str]] = [
            lambda: layout.literal("".join(chance.choices(CHARACTERS, k=chance.randrange(40)))),
            lambda: f'"{name()}"',
            lambda: "dt.datetime(2026, 1, 1, tzinfo=dt.UTC)",
            lambda: "True",
            lambda: f"{name()}[0]",
            lambda: f"{name()}[:2]",
            lambda: f"{chance.choice(['Enum', 'Table', 'ARRAY', 'UniqueConstraint'])}({values(depth)})",
            lambda: f"[{values(depth, named=0)}]",
            lambda: f'{{"schema": "{name()}"}}',
        ]
        return chance.choice(kinds[:6] if depth > 2 else kinds)()

    def values(depth: int, named: int = 1) -> str:
        options = [value(depth + 1) for _ in range(chance.randrange(1, 5))]
        return ", ".join(
            [*options, *(f"{name()}={value(depth + 1)}" for _ in range(chance.randint(0, named)))]
        )

    def assignment() -> str:
        function = chance.choice(["mapped_column", "relationship"])
        model = name(60).title()
        annotations = [
            "Mapped[str | None]",
            "Mapped[str]",
            "Mapped[list[Decimal] | None]",
            "Mapped[dt.datetime]",
        ]
        annotations += [f'Mapped[list["{model}"]]', f'Mapped["{model} | None"]']
        return layout.assign(name(), chance.choice(annotations), f"{function}({values(0)})")

    def statement() -> str:
        return layout.statement(f"    {name()} = {chance.choice(['Table', 'User'])}({values(0)})")

    def enum() -> str:
        options = [f'"{name(40)}"' for _ in range(chance.randrange(1, 9))]
        return layout.statement(f"{name().title()} = Literal[{', '.join(options)}]")

    def enum_column() -> str:
        annotation = chance.choice(["Mapped[{0}]", "Mapped[{0} | None]"]).format(name(70).title())
        return layout.assign(name(), annotation, f"mapped_column({values(0)})")

    classes = {
        chance.choice("ABZ") + "".join(chance.choices("aBZ12", k=chance.randrange(4))) for _ in range(60)
    }
    imports = {name(): name(60).title() for _ in range(200)} | {f"item{n}": "Item" for n in range(12)}
    lines = [layout.import_from("app.models", sorted(classes)), layout.import_models(imports), ""]
    lines += [layout.list_of("__all__", sorted(set(imports.values()))[:2])]
    lines += [layout.statement(f"a = [{', '.join(sorted(classes))}]"), "", ""]
    for number in range(300):
        lines += [f"class A{number}:", assignment(), statement(), enum_column(), "", ""]
        lines += [enum(), "", ""]
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
