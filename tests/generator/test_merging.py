"""The merge of model files: random declarations, longer ones, and edits of the owner in between."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
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

sys.path.append(str(TEMPLATE))
sys.dont_write_bytecode = True  # in the template's folder it would go into every bake
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
"""The models of random declarations, each with fields in an order in which any of them may be missing."""
MODEL_NAMES = {name.split(".")[-1] for name in MODELS}


def rendered(declaration: str) -> Files:
    """Return the files of the models, of their package, and the rows."""
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


# What owners do


def class_of(text: str) -> ast.ClassDef:
    return next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))


def insert(text: str, line: int, new: str) -> str:
    lines = text.splitlines()
    lines[line:line] = new.splitlines()
    return "\n".join(lines) + "\n"


def last_line(text: str, function: str) -> int:
    """Return the last line of the columns or relationships, or of the settings before them."""
    body = class_of(text).body
    calls = [node for node in body if f" = {function}(" in ast.unparse(node)]
    settings = [node for node in body if ast.unparse(node).startswith("__")]
    columns = [node for node in body if " = mapped_column(" in ast.unparse(node)]
    return (calls or columns or settings)[-1].end_lineno or 0


def with_imports(text: str, *lines: str) -> str:
    """Put imports above the first one; ruff sorts them."""
    first = next(n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom))
    return insert(text, first.lineno - 1, "\n".join(lines))


def add_column(text: str) -> str:
    gap = "" if " = mapped_column(" in text else "\n"
    text = insert(
        text, last_line(text, "mapped_column"), f"{gap}    own: Mapped[str | None] = mapped_column(Text)"
    )
    return with_imports(
        text, "from sqlalchemy import Text", "from sqlalchemy.orm import Mapped, mapped_column"
    )


def add_commented_column(text: str) -> str:
    column = "    # In grams.\n    own_weight: Mapped[int] = mapped_column(SmallInteger, index=True)"
    gap = "" if " = mapped_column(" in text else "\n"
    text = insert(text, last_line(text, "mapped_column"), gap + column)
    return with_imports(
        text, "from sqlalchemy import SmallInteger", "from sqlalchemy.orm import Mapped, mapped_column"
    )


def add_method(text: str) -> str:
    method = '\n    @property\n    def shout(self) -> str:\n        """Say\n\n    it\n        loudly."""\n        return "!"'
    return text + f"{method}\n"


def add_validator(text: str) -> str:
    method = '\n    @validates("name")\n    def check(self, key: str, value: str) -> str:\n        return re.sub(" ", "", value)'
    return with_imports(text + f"{method}\n", "import re", "from sqlalchemy.orm import validates")


def add_relationship(text: str) -> str:
    line = '    own_posts: Mapped[list["Own"]] = relationship(viewonly=True)'
    gap = "" if " = relationship(" in text else "\n"
    text = insert(text, last_line(text, "relationship"), gap + line)
    text = with_imports(
        text, "from typing import TYPE_CHECKING", "from sqlalchemy.orm import Mapped, relationship"
    )
    guard = "if TYPE_CHECKING:"
    if guard in text:
        return text.replace(guard, f"{guard}\n    from app.models.own import Own")
    last = max(n.end_lineno or 0 for n in ast.parse(text).body if isinstance(n, ast.ImportFrom))
    return insert(text, last, f"\n{guard}\n    from app.models.own import Own\n")


def add_import(text: str) -> str:
    text = with_imports(text, "from app.extensions import db", "import os")
    return text + "\n    def save(self) -> None:\n        db.session.add(os.getcwd())\n"


def add_docstring(text: str) -> str:
    node = class_of(text)
    return insert(text, node.lineno, '    """What it is for."""\n')


def add_module_docstring(text: str) -> str:
    return '"""What is in it."""\n\n' + text


def add_constant(text: str) -> str:
    node = class_of(text)
    return insert(
        text,
        node.lineno - 1,
        "# The largest.\nLIMIT = 3\n\n\ndef double(x: int) -> int:\n    return 2 * x\n\n",
    )


def add_table_arguments(text: str) -> str:
    node = class_of(text)
    new = 'CheckConstraint("id > 0", name="own")'
    for statement in node.body:
        if ast.unparse(statement).startswith("__table_args__"):
            assert isinstance(statement, ast.Assign)
            lines = text.splitlines()
            value = ast.unparse(statement.value).replace("'", '"')
            value = f"({new}, {value})" if value.startswith("{") else f"({new}, {value[1:]}"
            lines[statement.lineno - 1 : statement.end_lineno] = [f"    __table_args__ = {value}"]
            text = "\n".join(lines) + "\n"
            break
    else:
        text = insert(text, node.body[0].end_lineno or 0, f"    __table_args__ = ({new},)")
    return with_imports(text, "from sqlalchemy import CheckConstraint")


MODEL_EDITS = (
    add_column,
    add_commented_column,
    add_method,
    add_validator,
    add_relationship,
    add_import,
    add_docstring,
    add_module_docstring,
    add_constant,
    add_table_arguments,
)


def add_seed_lines(text: str) -> str:
    return with_imports(text, "import os") + "    if os.environ:\n        yield from ()\n"


def add_row(text: str) -> str:
    """Add a row at the end of the first list, on the lines of the last one."""
    function = ast.parse(text).body[-1]
    assert isinstance(function, ast.FunctionDef)
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.List):
            row = ast.unparse(statement.value.elts[-1]).replace("'", '"')
            value = ast.unparse(statement).replace("'", '"')
            lines = text.splitlines()
            lines[statement.lineno - 1 : statement.end_lineno] = [f"    {value[:-1]}, {row}]"]
            return "\n".join(lines) + "\n"
    return text


def add_export(text: str) -> str:
    text = with_imports(text, "from app.models.own import Own")
    return text.replace("__all__ = [", '__all__ = ["Own", ') + "\nDEFAULT = Own\n"


# Random examples


@dataclass
class Example:
    """A declaration, another one, and the edits of the owner in each file."""

    base: Files
    theirs: Files
    ours: Files
    text: str


def edited(draw: st.DrawFn, name: str, text: str) -> str:
    if name == SEEDS:
        edits = draw(st.lists(st.sampled_from([add_seed_lines, add_row]), unique=True))
    elif name == INIT:
        edits = draw(st.lists(st.sampled_from([add_export, add_constant_to_init]), unique=True))
    else:
        edits = draw(st.lists(st.sampled_from(MODEL_EDITS), max_size=5, unique=True))
    for edit in edits:
        text = edit(text)
    return text


def add_constant_to_init(text: str) -> str:
    return text + "\nCOUNT = len(__all__)\n"


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
    """75 examples, always the same ones, with ROUNDS=200 others each time; the edits are formatted by ruff, as owners do it."""
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
                    check_rows(base, ours, theirs, merged.text)
    check_clean(tmp_path)


def check_statements(base: str, ours: str, theirs: str, merged: str) -> None:
    """Nothing is lost, and nothing is there that neither side has."""
    before, own, new, found = (set(parts(ast.parse(text))) for text in (base, ours, theirs, merged))
    assert own - before <= found, merged
    assert new - before <= found, merged
    assert found <= own | new, merged
    assert not (before - new) & found, merged


def check_rows(base: str, ours: str, theirs: str, merged: str) -> None:
    """There are as many rows as the template has and the owner has added, all with the template's fields."""
    before, own, new, found = (rows_of(text) for text in (base, ours, theirs, merged))
    for model, rows in new.items():
        added = len(own.get(model, [])) - len(before.get(model, []))
        assert len(found[model]) == len(rows) + added, merged
        assert {frozenset(row) for row in found[model]} == {frozenset(row) for row in rows}, merged


def rows_of(text: str) -> dict[str, list[list[str]]]:
    """Return the keywords of every row, by its model."""
    found: dict[str, list[list[str]]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MODEL_NAMES:
            found.setdefault(node.func.id, []).append([word.arg or "" for word in node.keywords])
    return found


def parts(tree: ast.Module) -> Iterator[str]:
    """Yield the statements of a module and its classes that are not imports, and elements of lists."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.If):
            continue
        inner = node.body if isinstance(node, ast.ClassDef | ast.FunctionDef) else [node]
        for statement in inner:
            value = statement.value if isinstance(statement, ast.Assign) else None
            if isinstance(value, ast.List | ast.Tuple):
                # Those of rows() are what check_rows is about.
                is_row = isinstance(node, ast.FunctionDef)
                yield from () if is_row else map(ast.unparse, value.elts)
            elif isinstance(value, ast.Dict):
                yield ast.unparse(value)
            else:
                yield ast.unparse(statement)


def test_what_the_owner_left_is_the_templates(drawn: list[Example]) -> None:
    """Without the edit, the result is the template's file to the byte."""
    edits = (add_module_docstring, add_method, add_docstring)
    for example in drawn:
        for edit, (name, base) in product(edits, example.base.items()):
            if name in example.theirs and name not in (INIT, SEEDS):
                merged = merging.merge(name, base, edit(base), example.theirs[name])
                assert merged.text == edit(example.theirs[name]), example.text


def test_one_side_only(drawn: list[Example]) -> None:
    """What one side has left as it was is the other side's to the byte."""
    for example in drawn:
        for name, ours in example.ours.items():
            base, theirs = example.base[name], example.theirs[name]
            assert merging.merge(name, base, base, theirs) == (theirs, False)
            assert merging.merge(name, base, ours, base) == (ours, False)
