"""Whatever is declared, everything that is generated from it agrees."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from openapi_spec_validator import OpenAPIV31SpecValidator

from generator import answers
from generator.model import DELETE_RULES, Field, Model
from generator.scalars import TYPES
from tests.support.bake import ROOT, Baker, Project
from tests.support.declarations import DECLARATIONS
from tests.support.judge import Judge
from tests.support.shared import once

set_hypothesis_home_dir(ROOT / "build" / "hypothesis")
ROUNDS = int(os.environ.get("ROUNDS", "25"))


@pytest.mark.parametrize("text", DECLARATIONS.values(), ids=DECLARATIONS)
def test_named_declarations(baker: Baker, judge: Judge, text: str) -> None:
    """With the API, whose tests pass, and whose description is valid."""
    project = baker.bake(models=text, api="yes")
    judge(project)
    description = json.loads((project.path / "openapi.json").read_text())
    OpenAPIV31SpecValidator(description).validate()


# Random declarations

WORDS = ["date", "time", "uuid", "text", "order", "user", "group", "select", "name", "type", "parent", "pk"]
NAMES = st.one_of(
    st.sampled_from(WORDS),
    st.from_regex(r"[a-z](_?[a-z0-9]){0,8}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9]{40,58}(_[a-z0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9]{62}", fullmatch=True),
)
MODEL_NAMES = st.one_of(
    st.sampled_from(["User", "Order", "Item2", "Item10", "Category", "Box", "HTTPLog"]),
    st.from_regex(r"[A-Z][A-Za-z0-9]{0,6}", fullmatch=True),
    st.from_regex(r"[A-Z][a-z0-9]{40,50}[A-Z][a-z]{3}", fullmatch=True),
)
TEXTS = st.text("aZ0 _'\"\\%:;#|?=(){}[],<>&äß東\N{PARTY POPPER}", max_size=12).filter(
    lambda text: not re.search("<[<%#]", text)  # which cookiecutter would take for its own
)
NUMBERS = st.integers(-32768, 32767).map(str)
ARGUMENTS = {
    "string": st.integers(1, 200).map(lambda n: f"({n})"),
    "numeric": st.sampled_from(["(5)", "(10,2)", "(3, 3)", "(1000,500)", "(1)"]),
}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


DEFAULT_TEXTS = {
    "string": TEXTS.map(quoted) | st.sampled_from(["new", "now", "true", "-1"]),
    "text": TEXTS.map(quoted),
    "smallint": NUMBERS,
    "integer": NUMBERS,
    "bigint": st.integers(-(2**63), 2**63 - 1).map(str),
    "float": st.sampled_from(["0", "-0.5", "1e-9", "123456789.125", "1E300"]),
    "numeric": st.sampled_from(["0", "0.5", "-1", "0.125", "7"]),
    "boolean": st.sampled_from(["true", "false"]),
    "date": st.just("now") | st.dates().map(str).filter(lambda text: text[0] in "12"),
    "time": st.just("now") | st.times().map(lambda time: quoted(time.isoformat())),
    "datetime": st.sampled_from(["now", "'2026-01-31 23:59Z'", "'2026-01-31T23:59:59.5-03:30'"]),
    "interval": st.sampled_from(["'1 day'", "'2 hours 30 minutes'", "'3 months'", "'90 seconds'"]),
    "uuid": st.just("uuid") | st.uuids().map(str),
    "json": st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ).map(lambda value: quoted(json.dumps(value, ensure_ascii=False))),
    "bytes": st.sampled_from(["abc", r"'\x00ff'", "'a ''b'' 100%'", "''"]),
}
ELEMENTS = {
    **{"string": "red,Green", "text": "1,now", "smallint": "1,-2", "integer": "7", "bigint": "8,9"},
    **{"float": "0.5,1e9", "numeric": "1,-2", "boolean": "true,false", "date": "2026-01-31"},
    **{"uuid": "01234567-89ab-cdef-0123-456789abcdef", "bytes": "abc,d"},
}
ARRAYS = [f"{kind}[]" for kind in TYPES if kind not in ("enum", "json")]
FLAGS = st.sampled_from(["", "", ":unique", ":index", ":unique:index"])


@st.composite
def scalars(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from([*TYPES, *ARRAYS]))
    scalar = kind.removesuffix("[]")
    text, default = scalar, DEFAULT_TEXTS.get(kind, st.nothing())
    if kind == "enum":
        values = draw(st.lists(TEXTS.map(quoted) | st.sampled_from("abc"), min_size=1, max_size=4))
        text, default = f"enum({'|'.join(values)})", st.sampled_from(values)
    elif scalar in ARGUMENTS and draw(st.booleans()):
        text += draw(ARGUMENTS[scalar])
    if kind in ARRAYS:
        text, default = f"{text}[]", st.sampled_from(["'{}'", f"'{{{ELEMENTS.get(scalar, '')}}}'"])
    text += draw(st.sampled_from(["", "", "?"]))
    text += f"={draw(default)}" if draw(st.sampled_from([True, True, False])) else ""
    return text + draw(FLAGS)


@st.composite
def fields(draw: st.DrawFn, models: list[str]) -> str:
    """Return a field, a reference to one of the models, or a group."""
    kind = draw(st.sampled_from(["scalar", "scalar", "scalar", "reference", "link", "group"]))
    name = draw(NAMES)
    if kind == "reference":
        rules = st.sampled_from(["", *(f":{rule}" for rule in DELETE_RULES)])
        target = draw(st.sampled_from(models))
        return f"{name}:{target}{draw(st.sampled_from(['', '?']))}{draw(FLAGS)}{draw(rules)}"
    if kind == "link":
        return f"{name}:{draw(st.sampled_from(models))}[]"
    if kind == "group":
        return draw(st.sampled_from(["unique", "index"])) + "(*)"
    return f"{name}:{draw(scalars())}"


def extended(text: str, addition: str) -> str:
    """Return the longer text where it is a declaration, else the text."""
    try:
        answers.declared(text + addition)
    except FailedHookException:
        return text
    return text + addition


@st.composite
def declarations(draw: st.DrawFn) -> str:
    """Return a declaration; what would be no part of one is left out."""
    text = ""
    for _ in range(draw(st.integers(3, 6))):
        schema = draw(st.sampled_from(["", "", "shop.", "users.", f"{'s' * 63}."]))
        table = draw(st.just("") | NAMES.map(lambda name: f"({name})"))
        text = extended(text, f";\n{schema}{draw(MODEL_NAMES)}{table}")
        for _ in range(draw(st.integers(10, 22)) if text else 0):
            models = answers.declared(text)
            columns = [field.name for field in models[-1].columns]
            word = draw(fields([model.name for model in models]))
            if word.endswith("(*)") and columns:
                chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True))
                word = word.replace("*", ",".join(chosen))
            text = extended(text, f" {word}")
    return text


def features(models: list[Model]) -> set[str]:
    """Return what occurs in a declaration."""
    found = set()
    for model in models:
        found |= {f"{group.flag}()" for group in model.groups}
        found.add("schema" if model.schema else "no schema")
        found.add("table" if "(" in model.word.text else "plural")
        for field in model.fields:
            found |= {f"name of {len(name)} bytes" for name in field.attributes if len(name) > 62}
            found |= feature_of(field)
    return found


def feature_of(field: Field) -> set[str]:
    null = "?" if field.nullable else ""
    if not field.target:
        kind = field.type + ("[]" if field.array else "")
        found = {kind, f"scalar{null}", *(f"scalar:{flag}" for flag in field.flags)}
        if field.default is None:
            return found
        form = "function" if field.function else "quoted" if "='" in field.word.text else "bare"
        return found | {f"{kind} with a default", f"{form} default"}
    if field.is_link:
        across = "across schemas" if field.target.schema != field.model.schema else "in a schema"
        return {"link to itself" if field.target is field.model else f"link {across}"}
    rivals = [f for f in field.model.references if f.target is field.target]
    found = {f"reference{null}", *(f"reference:{flag}" for flag in field.flags)}
    found |= {"reference to itself"} if field.target is field.model else set()
    return found | ({"two references to one target"} if len(rivals) > 1 else set())


FEATURES = {
    *TYPES,
    *ARRAYS,
    *(f"{kind} with a default" for kind in TYPES),
    *("text[] with a default", "bare default", "quoted default", "function default"),
    *("scalar", "scalar?", "scalar:unique", "scalar:index", "unique()", "index()"),
    *("reference", "reference?", "reference:unique", "reference:index"),
    *(f"reference:{rule}" for rule in DELETE_RULES),
    *("reference to itself", "two references to one target"),
    *("link to itself", "link across schemas", "link in a schema"),
    *("schema", "no schema", "table", "plural", "name of 63 bytes"),
}


@pytest.fixture(scope="session")
def random_declarations() -> list[str]:
    """25 declarations, always the same ones; with ROUNDS=200, 200 others each time."""

    def make(place: Path) -> None:
        found: list[str] = []

        @settings(
            max_examples=ROUNDS,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(declarations())
        def draw(text: str) -> None:
            found.append(text)

        (seed(2)(draw) if ROUNDS == 25 else draw)()
        (place / "declarations.json").write_text(json.dumps(found))

    drawn: list[str] = json.loads((once("random", make) / "declarations.json").read_text())
    return drawn


@pytest.mark.parametrize("number", range(ROUNDS))
def test_random_declaration(baker: Baker, judge: Judge, random_declarations: list[str], number: int) -> None:
    text = random_declarations[number]
    print(text)  # pytest shows it if the test fails
    judge(baker.bake(models=text))


def test_random_declarations_have_everything(random_declarations: list[str]) -> None:
    assert len(random_declarations) == ROUNDS
    assert set().union(*(features(answers.declared(text)) for text in random_declarations)) >= FEATURES


# What is planted here must be found

EVERYTHING = (
    "users.User size:float name:string(64):unique born:date?=now since:datetime boss:User?:setnull friends:User[];"
    " blog.Tag on:boolean?=true:unique rank:enum(low|high)?:unique;"
    " blog.Post title:string(200)='a ''b'' c':index kind:enum(a|b)?:unique tags:Tag[] author:users.User:cascade"
    " editor:users.User? unique(title,author) index(kind,title)"
)
FAULTS = [
    ("migration_file.py", "sorted(constraints(model))", "constraints(model)"),
    ("migration_file.py", "sorted(model.indexes, key=", "(lambda i, key: i)(model.indexes, key="),
    ("migration_file.py", "f\", ondelete='{delete_rule}'\"", '""'),
    ("model_file.py", 'arguments.append("create_constraint=True")', "pass"),
    ("migration_file.py", ', "create_constraint=True"', ""),
    ("model_file.py", "primary_key=True, index=True", "primary_key=True"),
    ("migration_file.py", "nullable={field.nullable}", "nullable=False"),
    ("scalars.py", '"double_precision"', '"double"'),
    ("scalars.py", 'fixed=("timezone=True",)', "fixed=()"),
    ("model.py", '"_".join([prefix, self.table', '"_".join([prefix, self.module'),
    ("diagram.py", '"|o"', '"||"'),
    ("seeds.py", "return min([ROWS, *limits])", "return ROWS"),
    ("layout.py", "WIDTH = 100", "WIDTH = 90"),
]


def test_nothing_is_found_where_nothing_is_planted(baker: Baker, judge: Judge) -> None:
    judge(baker.bake(models=EVERYTHING))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_found(tmp_path: Path, judge: Judge, fault: tuple[str, str, str]) -> None:
    name, old, new = fault
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns("build", ".git", "*cache*"))
    text = (copy / "generator" / name).read_text()
    assert old in text
    (copy / "generator" / name).write_text(text.replace(old, new))
    baker = Baker(tmp_path / "out")
    result = baker.run(str(copy), "--no-input", f"models={EVERYTHING}")
    assert result.returncode == 0, result.stderr
    with pytest.raises(AssertionError):
        judge(Project(baker.only()))
