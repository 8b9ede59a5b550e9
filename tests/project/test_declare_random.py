"""Test random edits followed by a longer random declaration: nothing is lost, and everything works."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from generator import answers, seeds
from generator.model import Model
from tests.support import edits
from tests.support.bake import ROOT, Baker, Project
from tests.support.random_declarations import declarations, thinned, varied
from tests.support.servers import drop_database
from tests.support.shared import once
from tests.support.template import commit, committed, is_kept

set_hypothesis_home_dir(ROOT / "build" / "hypothesis")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
INIT, SEEDS, OWN = "app/models/__init__.py", "app/seeds.py", "app/models/own.py"


@dataclass
class Round:
    """Two declarations, and the edits that the owner makes between them."""

    first: str
    second: str
    edits: dict[str, list[str]]
    """The names of the edits, by model class."""

    def models(self) -> list[Model]:
        """Return the models that stay in the second declaration, as the first one has them.

        These are the ones the owner edits: removing a model that the owner has changed must be a conflict.
        """
        staying = {model.name for model in answers.declared(self.second)}
        return [model for model in answers.declared(self.first) if model.name in staying]

    def features(self) -> set[str]:
        """Return the features that occur in this round."""
        first, second = (answers.declared(text) for text in (self.first, self.second))
        before, after = ({model.name: words_of(model) for model in models} for models in (first, second))
        both = before.keys() & after.keys()
        found = {edit for names in self.edits.values() for edit in names}
        found |= {"a new model"} if after.keys() - before.keys() else set()
        found |= {"a removed model"} if before.keys() - after.keys() else set()
        found |= {"new fields"} if any(after[name] - before[name] for name in both) else set()
        found |= {"removed fields"} if any(before[name] - after[name] for name in both) else set()
        return found


def words_of(model: Model) -> set[str]:
    words = [field.word for field in model.fields] + [group.word for group in model.groups]
    return {word.text for word in words}


FEATURES = {*edits.MODEL_EDITS, "a new model", "a removed model", "new fields", "removed fields"}


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    longest = draw(declarations(models=(3, 5), words=(4, 9)))
    first = draw(thinned(longest))
    second = draw(thinned(longest)) if draw(st.booleans()) else longest
    result = Round(first, second, {})
    names = st.lists(st.sampled_from(list(edits.MODEL_EDITS)), min_size=2, max_size=6, unique=True)
    for model in result.models():
        result.edits[model.name] = draw(names)
    return result


@pytest.fixture(scope="session")
def drawn() -> list[Round]:
    """The same 5 rounds every time, or ROUNDS=200 new ones."""

    def make(place: Path) -> None:
        found: list[Round] = []

        @settings(
            max_examples=4 * ROUNDS,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(rounds())
        def draw(example: Round) -> None:
            found.append(example)

        (seed(1)(draw) if ROUNDS == 5 else draw)()
        chosen = varied(found, Round.features)[:ROUNDS]
        (place / "rounds.json").write_text(json.dumps([asdict(example) for example in chosen]))

    text = (once("rounds", make) / "rounds.json").read_text()
    return [Round(**content) for content in json.loads(text)]


# The owner


def edit_files(project: Project, example: Round) -> None:
    """Make the edits, add the owner's own model, and format the files as owners do."""
    models = example.models()
    (project.path / OWN).write_text(own_model(models))
    for model in models:
        for name in example.edits[model.name]:
            change(project, f"app/models/{model.module}.py", edits.MODEL_EDITS[name])
    for edit in (edits.add_export, edits.add_constant_to_init):
        change(project, INIT, edit)
    change(project, SEEDS, edits.add_seed_lines)
    change(project, SEEDS, lambda text: with_own_rows(text, example))
    project.ok("ruff", "check", "--no-cache", "--quiet", "--select=I", "--fix", ".")
    project.ok("ruff", "format", "--no-cache", "--quiet", ".")


def change(project: Project, name: str, edit: edits.Edit) -> None:
    path = project.path / name
    path.write_text(edit(path.read_text()))


OWN_MODEL = """\
from app.models.base import BaseModel


class Own(BaseModel):
    __tablename__ = "own_things"

    words: Mapped[str] = mapped_column(Text)
"""


def own_model(models: list[Model]) -> str:
    """Return a model that refers to others; `add_relationship` gives these the other side."""
    if not models:
        return f"from sqlalchemy import Text\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n{OWN_MODEL}"
    targets = "".join(
        f'    target_{number}_id: Mapped[int | None] = mapped_column(ForeignKey("{model.key}.id"), index=True)\n'
        for number, model in enumerate(models)
    )
    return (
        "from sqlalchemy import ForeignKey, Text\n"
        f"from sqlalchemy.orm import Mapped, mapped_column\n\n{OWN_MODEL}{targets}"
    )


def with_own_rows(text: str, example: Round) -> str:
    """Add rows: one of the owner's own model, and one of a template model."""
    after = {model.name: model for model in answers.declared(example.second)}
    names = [seeds.list_names(answers.declared(text)) for text in (example.first, example.second)]

    def has_room(model: Model) -> bool:
        # A copied row is refused if values are unique, now or later: the owner would have to choose others.
        is_free = not model.uniques and not after[model.name].uniques
        # A very long name in a first self-reference shortens the name of the list.
        return is_free and names[0][model.name] == names[1][model.name]

    free = [model.name for model in example.models() if has_room(model)]
    lists = edits.lists_of_rows(text)
    if free:
        text = edits.with_row(text, lists[free[0]])
    text = edits.with_imports(text, "from app.models import Own")
    key = answers.declaration(example.first).id
    given = ""
    if key.default is None and not key.is_numbered:
        own_key = edits.OWN_KEYS["U" if key.type == "uuid" else '"']
        given = f", id={own_key}"
    if key.scalar.imports and given:
        text = edits.with_imports(text, key.scalar.imports)
    return text + f'    yield Own(words="Mine"{given})\n'


# What must hold


@pytest.mark.long
@pytest.mark.parametrize("number", range(ROUNDS))
def test_edits_survive(
    baker: Baker, database: Callable[[], str], drawn: list[Round], tmp_path: Path, number: int
) -> None:
    example = drawn[number]
    print(example.first, example.second, example.edits, sep="\n\n")  # pytest shows it if the test fails
    project = committed(baker, models=example.first)
    url, test_url = database(), database()
    project.variables |= {"DATABASE_URL": url, "TEST_DATABASE_URL": test_url}
    project.ok("python", "db_manage.py", "setup")
    base = sources(project)
    edit_files(project, example)
    commit(project, "Edits")
    ours = sources(project)
    declare(project, example.second)
    theirs = sources(Baker(tmp_path / "second").bake(models=example.second))
    check_sources(base, ours, theirs, sources(project))
    project.passes_quality()
    project.ok("python", "db_manage.py", "migrate", "grow")
    project.ok("python", "db_manage.py", "upgrade")
    assert "Checked: " in project.ok("python", "db_manage.py", "check")
    project.ok("pytest", "-q", "-p", "no:cacheprovider")
    drop_database(url)
    drop_database(test_url)


def declare(project: Project, models: str) -> None:
    file = project.path.parent / "models.txt"
    file.write_text(models)
    project.ok("python", "db_manage.py", "declare", "--template", str(ROOT), "--file", str(file))


def sources(project: Project) -> dict[str, str]:
    """Return the files that depend on the declaration."""
    paths = [*project.path.glob("app/models/*.py"), project.path / SEEDS]
    return {path.relative_to(project.path).as_posix(): path.read_text() for path in paths}


def check_sources(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], merged: dict[str, str]
) -> None:
    """Assert that nothing from either side is lost, and that nothing appears that neither has."""
    assert merged.keys() == theirs.keys() | {OWN}
    assert merged[OWN] == ours[OWN]
    models = {name for name in edits.lists_of_rows(theirs[SEEDS])}
    for name in base.keys() & theirs.keys():
        versions = (base[name], ours[name], theirs[name], merged[name])
        edits.check_statements(*versions)
        edits.check_comments(base[name], ours[name], merged[name])
    edits.check_rows(base[SEEDS], ours[SEEDS], theirs[SEEDS], merged[SEEDS], models)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_same_as_declared_at_once(drawn: list[Round], tmp_path: Path, number: int) -> None:
    """Without edits, the result is byte for byte what declaring all models together gives."""
    example = drawn[number]
    print(example.first, example.second, sep="\n\n")
    project = committed(Baker(tmp_path / "first"), models=example.first)
    declare(project, example.second)
    files = project.files()
    at_once = Baker(tmp_path / "second").bake(models=example.second).files()
    for name in files.keys() | at_once.keys():
        assert is_kept(name) or files.get(name) == at_once.get(name), name


def test_rounds_have_everything(drawn: list[Round]) -> None:
    assert len(drawn) == ROUNDS
    assert set().union(*(example.features() for example in drawn)) >= FEATURES
