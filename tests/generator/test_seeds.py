"""The seed rows of a declaration, without a database: how many, and that no constraint refuses them."""

import datetime as dt
import itertools
import random
from decimal import Decimal
from uuid import UUID

import pytest

from generator import answers, seeds
from generator.scalars import TYPES, is_decimal

Row = tuple[int, ...]


def chosen(text: str) -> dict[str, list[dict[str, int]]]:
    """Return the numbers of the values in the rows of each model."""
    counts: dict[str, int] = {}
    rows = {}
    for model in answers.declared(text):
        rows[model.name] = seeds.value_numbers(model, counts)
        counts[model.name] = len(rows[model.name])
    return rows


TRIANGLE = "unique(a,b) unique(b,c) unique(a,c)"
COUNTS = """
T  =>  3
T a:string(1):unique b:text[]:unique d:numeric(1,1):unique  =>  3
T a:boolean  =>  3
T a:boolean:unique  =>  2
T a:boolean=true:unique  =>  2
T a:boolean?:unique  =>  2
T a:boolean b:enum(x|y|z) unique(a,b)  =>  3
T a:boolean?=true:unique  =>  2
T a:boolean[]:unique  =>  3
T a:enum(x)  =>  3
T a:enum(x):unique  =>  1
T a:enum(x|y):unique  =>  2
T a:enum(x|y|z|w):unique  =>  3
T a:enum(x)?:unique  =>  1
T a:enum(x)?=x:unique  =>  1
T a:enum(x) b:enum(y) unique(a,b)  =>  1
T a:enum(x) b:boolean unique(a,b)  =>  2
T a:boolean b:boolean unique(a,b)  =>  2
T a:boolean b:boolean? unique(a,b) unique(b,a)  =>  2
T a:boolean b:text unique(a,b)  =>  3
T a:boolean b:boolean:unique unique(a,b)  =>  2
T a:boolean b:boolean c:boolean TRIANGLE  =>  2
T a:boolean b:boolean c:enum(x) TRIANGLE  =>  2
T a:enum(x) b:boolean? c:enum(y) TRIANGLE  =>  1
T a:T?:unique  =>  3
T a:T?:unique b:boolean unique(a,b)  =>  3
F a:boolean:unique; T f:F  =>  2 3
F a:boolean:unique; T f:F:unique  =>  2 2
F a:boolean:unique; T f:F?:unique  =>  2 2
F a:enum(x):unique; T f:F:unique; U t:T:unique; V u:U  =>  1 1 1 3
F a:enum(x):unique; T f:F g:F unique(f,g)  =>  1 1
F a:boolean:unique; T f:F g:F unique(f,g)  =>  2 2
F a:enum(x):unique; T f:F[] g:F  =>  1 3
""".replace("TRIANGLE", TRIANGLE)


@pytest.mark.parametrize("line", COUNTS.strip().splitlines())
def test_number_of_rows(line: str) -> None:
    """As many rows as have different values where they must, and at most three."""
    text, counts = line.split("  =>  ")
    assert [len(rows) for rows in chosen(text).values()] == [int(count) for count in counts.split()]


def test_a_second_reference_is_one_row_ahead() -> None:
    """Both players of a game are different people, in each row."""
    rows = chosen("Player; Game white:Player black:Player? winner:Player?")["Game"]
    assert [tuple(row.values()) for row in rows] == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]


# Against the rule itself: value n in row n, without the rows that a constraint refuses

KINDS = {  # a type, and how many values it has
    **{"boolean": 2, "enum(x)": 1, "enum(x|y)": 2, "enum(x|y|z)": 3, "text": 3, "One": 1, "Two": 2},
    **{"boolean?": 2, "enum(x)?": 1, "One?": 1, "Two?": 2, "boolean=true": 2, "enum(x)?=x": 1},
}


def random_model(seed: int) -> tuple[str, list[str], list[list[int]]]:
    """Return a declaration, the kinds of the last model's fields, and its unique fields by their place."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), k=chance.randint(1, 4))
    places = range(len(kinds))
    flagged = [place for place in places if chance.random() < 0.2]
    sizes = [chance.randint(2, len(kinds)) for _ in range(chance.randint(0, 4) if len(kinds) > 1 else 0)]
    groups = sorted({tuple(chance.sample(places, size)) for size in sizes})
    text = "One a:enum(x):unique; Two a:boolean:unique; T"
    for place in places:
        text += f" {'abcd'[place]}:{kinds[place]}{':unique' * (place in flagged)}"
    for group in groups:
        text += f" unique({','.join('abcd'[place] for place in group)})"
    return text, kinds, [[place] for place in flagged] + [list(group) for group in groups]


def refused(one: Row, other: Row, groups: list[list[int]]) -> bool:
    """Return whether a unique constraint refuses two rows together."""
    return any(all(one[place] == other[place] for place in group) for group in groups)


def admitted(kinds: list[str], groups: list[list[int]]) -> int:
    """Return how many of three rows are left without those that a constraint refuses."""
    rows: list[Row] = []
    for number in range(3):
        row = tuple(number % KINDS[kind] for kind in kinds)
        if not any(refused(row, other, groups) for other in rows):
            rows.append(row)
    return len(rows)


def test_random_models() -> None:
    """400 small models have the rows that the rule gives, and no constraint refuses one of them."""
    counts = set()
    for seed in range(400):
        text, kinds, groups = random_model(seed)
        rows = chosen(text)["T"]
        assert len(rows) == admitted(kinds, groups), text
        columns = [field.column for field in answers.declared(text)[-1].columns]
        found = [tuple(row.get(column, 0) for column in columns) for row in rows]  # 0: the default
        for row in found:
            assert all(0 <= value < KINDS[kind] for value, kind in zip(row, kinds, strict=True)), text
        assert not any(refused(*pair, groups) for pair in itertools.combinations(found, 2)), text
        counts.add(len(rows))
    assert counts == {1, 2, 3}


# The values

OPEN = [kind for kind in [*TYPES, "boolean[]", "text[]"] if kind not in ("boolean", "enum")]
SIZED = [f"string({length})" for length in range(1, 31)]
SIZED += ["numeric(1)", "numeric(1,1)", "numeric(2,2)", "numeric(9,2)", "numeric(1000,1000)"]
NAMES = {"dt": dt, "Decimal": Decimal, "UUID": UUID}


@pytest.mark.parametrize("kind", [*OPEN, *SIZED])
@pytest.mark.parametrize("name", ["a", "a_name_of_63_characters".ljust(63, "x")])
def test_values_differ_and_fit(name: str, kind: str) -> None:
    """Each of three values is another one, and no longer than the column."""
    (model,) = answers.declared(f"T {name}:{kind}:unique")
    (field,) = model.columns
    values = [eval(seeds.expression(field, number, {}), NAMES) for number in range(3)]
    assert len(set(map(repr, values))) == 3
    if field.type == "string" and field.arguments:
        assert max(map(len, values)) <= int(field.arguments[0])
    if field.type == "numeric" and field.arguments:
        assert all(is_decimal(str(value), field.arguments) for value in values)


def test_names_of_lists_stay() -> None:
    """A model that is declared later renames no list, whose rows an owner may have changed."""
    long = f"A{'b' * 50}"
    texts = [f"{long} a:text boss:{long}?", f"Tag; C{'d' * 50}; {long} a:text boss:{long}?"]
    names = [seeds.list_names(answers.declared(text))[long] for text in texts]
    assert names[0] == names[1] != f"{long.lower()}s"
