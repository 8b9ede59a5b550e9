"""Test merging model files: random declarations, longer ones, and the owner's edits in between."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path

import jinja2
import pytest
from cookiecutter.exceptions import FailedHookException
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from generator import answers
from tests.support.bake import ROOT, TEMPLATE, TOOLS
from tests.support.edits import (
    MODEL_EDITS,
    Edit,
    add_constant_to_init,
    add_docstring,
    add_export,
    add_method,
    add_module_docstring,
    add_row,
    add_seed_lines,
    check_rows,
    check_statements,
)

sys.path.append(str(TEMPLATE))
sys.dont_write_bytecode = True  # cookiecutter would copy a cache in the template's folder into every bake
merging = import_module("plumbing.merging")

set_hypothesis_home_dir(ROOT / "build" / "hypothesis")
ROUNDS = int(os.environ.get("ROUNDS", "25"))
INIT, SEEDS = "app/models/__init__.py", "app/seeds.py"
Files = dict[str, str]

MODELS = {
    "users.User": [
        "name:string(64)",
        "born:date?",
        "status:enum(new|paid)",
        "unique(name,born)",
        "boss:User?",
        "friends:User[]",
    ],
    "Tag": ["label:string:unique", "weight:integer=1", "since:datetime=now", "index(label,weight)"],
    "blog.Post": [
        "title:string(200)",
        "content:text?",
        "price:numeric(10,2)",
        "author:users.User",
        "editor:users.User?:setnull",
        "tags:Tag[]",
        "data:json",
        "unique(title,author)",
        "words:text[]",
    ],
    "blog.Comment": [
        "content:text",
        "post:blog.Post:cascade",
        "token:uuid=uuid",
        "author:users.User?:unique",
        "seen:boolean",
        "duration:interval?",
    ],
}
"""The models of random declarations, with fields ordered so that any of them may be left out."""
MODEL_NAMES = {name.split(".")[-1] for name in MODELS}


def rendered(declaration: str) -> Files:
    """Return the files of the models, of their package, and of the rows."""
    files: Files = {}

    def written(text: str, name: str) -> str:
        files[f"app/models/{name}"] = text
        return ""

    environment = jinja2.Environment(
        "<%",
        "%>",
        "<<",
        ">>",
        "<#",
        "#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=[answers.Answers],
        loader=jinja2.FileSystemLoader([TEMPLATE, ROOT / "templates"]),
    )
    environment.filters["written"] = written
    for name in (INIT, SEEDS):
        text = environment.get_template(name).render(cookiecutter={"models": declaration})
        files[name] = text
    return files


# Random examples


@dataclass
class Example:
    """A declaration, a later one, and the owner's edits in each file."""

    base: Files
    theirs: Files
    ours: Files
    text: str


def edited(draw: st.DrawFn, name: str, text: str) -> str:
    chosen: list[Edit]
    if name == SEEDS:
        chosen = draw(st.lists(st.sampled_from([add_seed_lines, add_row]), unique=True))
    elif name == INIT:
        chosen = draw(st.lists(st.sampled_from([add_export, add_constant_to_init]), unique=True))
    else:
        chosen = draw(st.lists(st.sampled_from(list(MODEL_EDITS.values())), max_size=5, unique=True))
    for edit in chosen:
        text = edit(text)
    return text


def declaration(chosen: dict[str, list[str]]) -> str:
    return "; ".join(f"{model} {' '.join(fields)}" for model, fields in chosen.items())


def is_declared(text: str) -> bool:
    try:
        answers.declared(text)
    except FailedHookException:
        return False
    return True


def grown(draw: st.DrawFn, start: dict[str, list[str]], probability: int) -> dict[str, list[str]]:
    """Return more of the declaration: models with their fields in the order of MODELS."""
    found: dict[str, list[str]] = {}
    for model, fields in MODELS.items():
        before = start.get(model)
        if before is None and draw(st.integers(0, 3)) == 0:
            continue
        found[model] = list(before or [])
        for field in fields:
            if field not in found[model] and draw(st.integers(0, 3)) < probability:
                longer = {**found, model: sorted([*found[model], field], key=fields.index)}
                rest = {name: start[name] for name in start if name not in longer}
                if is_declared(declaration(longer | rest)):
                    found = longer
    return found


@st.composite
def examples(draw: st.DrawFn) -> Example:
    first = grown(draw, {}, probability=2)
    second = grown(draw, first, probability=2)
    if not draw(st.integers(0, 3)):  # fewer fields
        first, second = second, {model: first.get(model, []) for model in second}
    base, theirs = rendered(declaration(first)), rendered(declaration(second))
    ours = {name: edited(draw, name, text) for name, text in base.items()}
    return Example(base, theirs, ours, f"{declaration(first)}\n{declaration(second)}")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """The same 75 examples every time, or ROUNDS=200 new ones; ruff formats the edits, as owners do."""
    found: list[Example] = []

    @settings(
        max_examples=3 * ROUNDS,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(examples())
    def draw(example: Example) -> None:
        found.append(example)

    (seed(1)(draw) if ROUNDS == 25 else draw)()
    folder = tmp_path_factory.mktemp("ours")
    for number, example in enumerate(found):
        write(folder / str(number), example.ours)
    ruff(folder, "check", "--select=I", "--fix", "--quiet")
    ruff(folder, "format", "--quiet")
    for number, example in enumerate(found):
        for name in example.ours:
            example.ours[name] = (folder / str(number) / name).read_text()
    check_clean(folder)
    return found


def write(folder: Path, files: Files) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def ruff(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    (folder / "pyproject.toml").write_text(
        '[tool.ruff]\nline-length = 100\ntarget-version = "py311"\n[tool.ruff.lint]\n'
        'select = ["E4", "E7", "E9", "F", "I"]\nisort.known-first-party = ["app", "plumbing"]\n'
    )
    return subprocess.run(
        [str(TOOLS / "ruff"), *command, "--no-cache", "."], cwd=folder, capture_output=True, text=True
    )


def check_clean(folder: Path) -> None:
    for command in (["check"], ["format", "--diff"]):
        result = ruff(folder, *command)
        assert result.returncode == 0, result.stdout + result.stderr


def test_edits_and_a_longer_declaration(drawn: list[Example], tmp_path: Path) -> None:
    for number, example in enumerate(drawn):
        for name, ours in example.ours.items():
            if name in example.theirs:
                base, theirs = example.base[name], example.theirs[name]
                merged = merging.merge(name, base, ours, theirs)
                assert not merged.has_conflicts, f"{example.text}\n{merged.text}"
                write(tmp_path / str(number), {name: merged.text})
                check_statements(base, ours, theirs, merged.text)
                if name == SEEDS:
                    check_rows(base, ours, theirs, merged.text, MODEL_NAMES)
    check_clean(tmp_path)


def test_what_the_owner_left_is_the_templates(drawn: list[Example]) -> None:
    """Without the edit, the result is byte for byte the template's file."""
    edits = (add_module_docstring, add_method, add_docstring)
    for example in drawn:
        for edit, (name, base) in product(edits, example.base.items()):
            if name in example.theirs and name not in (INIT, SEEDS):
                merged = merging.merge(name, base, edit(base), example.theirs[name])
                assert merged.text == edit(example.theirs[name]), example.text


def test_one_side_only(drawn: list[Example]) -> None:
    """If one side has changed nothing, the result is byte for byte the other side's file."""
    for example in drawn:
        for name, ours in example.ours.items():
            base, theirs = example.base[name], example.theirs[name]
            assert merging.merge(name, base, base, theirs) == (theirs, False)
            assert merging.merge(name, base, ours, base) == (ours, False)
