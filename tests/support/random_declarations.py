"""Generate random declarations that use the whole language, and longer versions of them."""

import json
import random
import re
from collections.abc import Callable
from typing import TypeVar

from cookiecutter.exceptions import FailedHookException
from hypothesis import strategies as st

from generator import answers
from generator.model import DELETE_RULES
from generator.scalars import TYPES

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
    lambda text: not re.search("<[<%#]", text)  # cookiecutter would read it as its own
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


KEYS = ["id:integer", "id:bigint", "id:uuid=uuid", "id:uuid", "id:string(26)", "id:string"]
LAYOUTS = [" ", "\n  ", "  # why\n\t", "\n# what; Follows a:b\n    "]
"""The separators that may occur between two words of a model."""


@st.composite
def fields(draw: st.DrawFn, models: list[str]) -> str:
    """Return a field, a reference to one of the models, or a group."""
    kind = draw(st.sampled_from(["scalar", "scalar", "scalar", "reference", "reference", "link", "group"]))
    name = draw(NAMES)
    if kind in ("reference", "link"):
        target = draw(st.sampled_from(models))
        other_side = draw(st.sampled_from(["", "", "*"]))
        if other_side:
            target += f"({draw(NAMES)})"
    if kind == "reference":
        rules = st.sampled_from(["", *(f":{rule}" for rule in DELETE_RULES)])
        return f"{name}:{target}{draw(st.sampled_from(['', '?']))}{draw(FLAGS)}{draw(rules)}"
    if kind == "link":
        return f"{name}:{target}[]"
    if kind == "group":
        return draw(st.sampled_from(["unique", "index"])) + "(*)"
    return f"{name}:{draw(scalars())}"


def is_declaration(text: str) -> bool:
    """Return whether a text is a declaration that can be tested.

    If two references of one model complete cycles, SQLAlchemy 2.1 may find no order for the rows of a flush:
    the order that `post_update` adds is incomplete for them (dependency.py, per_state_dependencies).
    """
    try:
        models = answers.declared(text)
    except FailedHookException:
        return False
    return all(sum(field.closes_circle for field in model.references) < 2 for model in models)


Drawn = TypeVar("Drawn")


def varied(drawn: list[Drawn], features: Callable[[Drawn], set[str]]) -> list[Drawn]:
    """Return the drawn examples, starting with those that have a feature not seen before.

    Hypothesis also draws constants from the loaded modules, so a seed does not determine what is drawn.
    """
    found: set[str] = set()
    first: list[Drawn] = []
    rest: list[Drawn] = []
    for example in drawn:
        new = features(example) - found
        found |= new
        (first if new else rest).append(example)
    return first + rest


def extended(text: str, addition: str) -> str:
    """Return the longer text if it is a declaration, otherwise the text."""
    return text + addition if is_declaration(text + addition) else text


Words = list[list[str]]
"""The words of each model, preceded by those of the line that sets the key of all models."""


def written(words: Words, between: str = " ") -> str:
    return "\n".join(between.join(of_one) for of_one in words)


@st.composite
def declarations(draw: st.DrawFn, models: tuple[int, int] = (3, 6), words: tuple[int, int] = (10, 22)) -> str:
    """Return a declaration, with everything invalid left out."""
    # Hypothesis prefers the first element of a list, but each of the few keys should be equally likely.
    chance = random.Random(draw(st.integers(0, 2**64)))
    found: Words = [[chance.choice(KEYS)]] if chance.random() < 0.6 else []
    start = len(found)
    for _ in range(draw(st.integers(*models))):
        schema = draw(st.sampled_from(["", "", "shop.", "users.", f"{'s' * 63}."]))
        table = draw(st.just("") | NAMES.map(lambda name: f"({name})"))
        head = [f"{schema}{draw(MODEL_NAMES)}{table}"]
        if chance.random() < 0.3:
            head.append(chance.choice(KEYS))
        if is_declaration(written([*found, head])):
            found.append(head)
    for number in range(start, len(found)):
        for _ in range(draw(st.integers(*words))):
            known = answers.declared(written(found))
            columns = ["id", "created_at", "updated_at"]
            columns = [field.name for field in known[number - start].columns] * 3 + columns
            word = draw(fields([model.name for model in known]))
            if word.endswith("(*)"):
                chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True))
                word = word.replace("*", ",".join(chosen))
            found[number].append(word)
            if not is_declaration(written(found)):
                found[number].pop()
    return written(found, draw(st.sampled_from(LAYOUTS)))


@st.composite
def thinned(draw: st.DrawFn, text: str) -> str:
    """Return a declaration without some of its models, fields and groups, and whatever depends on them."""
    declaration = answers.declaration(text)
    shorter = declaration.id.word.text if text.startswith("id:") else ""
    for model in declaration.models:
        key = f" {model.id.word.text}" if model.has_own_id else ""
        longer = extended(shorter, f";\n{model.word.text}{key}") if draw(st.integers(0, 3)) else shorter
        if longer == shorter:
            continue
        shorter = longer
        words = [field.word for field in model.fields] + [group.word for group in model.groups]
        for word in sorted(words, key=lambda word: word.offset):
            shorter = extended(shorter, f" {word.text}") if draw(st.integers(0, 2)) else shorter
    return shorter
