"""Test a declaration's seed rows without a database: their number, and that no constraint refuses them."""

import datetime as dt
import itertools
import random
from decimal import Decimal
from uuid import UUID

import pytest

from generator import answers, layout, samples, seeds
from generator.circles import ordered
from generator.scalars import TYPES, is_decimal

Row = tuple[int, ...]


def chosen(text: str) -> dict[str, list[dict[str, int]]]:
    """Return the numbers of the values in each model's rows."""
    counts: dict[str, int] = {}
    rows = {}
    for model in ordered(answers.declared(text)):
        rows[model.name] = seeds.value_numbers(model, counts)
        counts[model.name] = len(rows[model.name])
    return rows


EXPECTED = """
    teams = [Team(), Team(), Team()]
    yield from teams
    users = [User(team=teams[0]), User(team=teams[0]), User(team=teams[1])]
    yield from users
    teams[0].owner = users[0]
    teams[0].members = [users[0]]
    users[-1].boss = users[0]
    users[-1].friends = [users[0]]
    flags = [Flag(a="x")]
    yield from flags
    teams[0].flags = [flags[0]]
"""
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
T a:text unique(created_at)  =>  1
T a:text unique(created_at,updated_at)  =>  1
T a:boolean unique(a,created_at)  =>  2
T a:text unique(created_at,a)  =>  3
T a:enum(x) unique(a,id)  =>  3
T id:uuid=uuid a:enum(x) unique(a,id)  =>  3
T id:string(1) a:enum(x) unique(a,id)  =>  3
T a:T? b:enum(x) unique(a,b)  =>  3
T f:F b:enum(x) unique(f,b); F a:boolean:unique  =>  2 2
T f:F(xs)?:unique b:boolean unique(f,b); F t:T(ys)?:unique c:enum(x):unique  =>  3 1
""".replace("TRIANGLE", TRIANGLE)


@pytest.mark.parametrize("line", COUNTS.strip().splitlines())
def test_number_of_rows(line: str) -> None:
    """There are as many rows as unique values allow, and at most three."""
    text, counts = line.split("  =>  ")
    assert [len(rows) for rows in chosen(text).values()] == [int(count) for count in counts.split()]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("a:Three", [(0,), (0,), (1,)]),
        ("a:Two", [(0,), (0,), (1,)]),
        ("a:One", [(0,), (0,), (0,)]),
        ("a:Three?:unique", [(0,), (1,), (2,)]),
        ("a:Three b:Two", [(0, 0), (0, 1), (1, 1)]),
        ("a:Three b:Two c:Four", [(0, 0, 0), (0, 1, 0), (1, 1, 1)]),
        ("a:Three b:Two unique(a,b)", [(0, 0), (0, 1), (1, 1)]),
        ("a:Three b:Three", [(0, 1), (0, 1), (1, 2)]),
        ("a:Three b:Three unique(a,b)", [(0, 1), (0, 2), (1, 0)]),
        ("a:Three b:Three:unique", [(0, 1), (0, 2), (1, 0)]),
        ("a:Two b:Two", [(0, 1), (0, 1), (1, 0)]),
        ("a:Two b:Two unique(a,b)", [(0, 1), (1, 0)]),
        ("a:Three b:Three c:Three", [(0, 1, 2), (0, 1, 2), (1, 2, 0)]),
        ("a:Three b:Two c:Three", [(0, 0, 1), (0, 1, 1), (1, 1, 2)]),
    ],
)
def test_references(fields: str, expected: list[Row]) -> None:
    """Two rows share a reference if they may, and no row refers to the same row twice."""
    declared = f"One a:enum(x):unique; Two a:boolean:unique; Three a:text; Four a:text; T {fields}"
    assert [tuple(row.values()) for row in chosen(declared)["T"]] == expected


# Compared with the rule itself: value n in row n, without the rows that a constraint refuses

KINDS = {  # a type, and the number of its values
    **{
        "boolean": 2,
        "enum(x)": 1,
        "enum(x|y)": 2,
        "enum(x|y|z)": 3,
        "text": 3,
        "One": 1,
        "Two": 2,
        "Three": 3,
    },
    **{"boolean?": 2, "enum(x)?": 1, "One?": 1, "Two?": 2, "Three?": 3, "boolean=true": 2, "enum(x)?=x": 1},
}


def random_model(seed: int) -> tuple[str, list[str], list[list[int]]]:
    """Return a declaration, the kinds of the last model's fields, and the positions of its unique fields."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), k=chance.randint(1, 4))
    places = range(len(kinds))
    flagged = [place for place in places if chance.random() < 0.2]
    sizes = [chance.randint(2, len(kinds)) for _ in range(chance.randint(0, 4) if len(kinds) > 1 else 0)]
    groups = sorted({tuple(chance.sample(places, size)) for size in sizes})
    text = "One a:enum(x):unique; Two a:boolean:unique; Three a:text; T"
    for place in places:
        text += f" {'abcd'[place]}:{kinds[place]}{':unique' * (place in flagged)}"
    for group in groups:
        text += f" unique({','.join('abcd'[place] for place in group)})"
    return text, kinds, [[place] for place in flagged] + [list(group) for group in groups]


def refused(one: Row, other: Row, groups: list[list[int]]) -> bool:
    """Return whether a unique constraint refuses two rows together."""
    return any(all(one[place] == other[place] for place in group) for group in groups)


def admitted(kinds: list[str], groups: list[list[int]]) -> int:
    """Return how many of three rows remain without those that a constraint refuses."""
    rows: list[Row] = []
    for number in range(3):
        row = tuple(number % KINDS[kind] for kind in kinds)
        if not any(refused(row, other, groups) for other in rows):
            rows.append(row)
    return len(rows)


def assert_different(row: Row, targets: list[str]) -> None:
    """Assert that no row refers to the same row twice, as long as there are others."""
    for target in set(targets) - {""}:
        values = [value for value, other in zip(row, targets, strict=True) if other == target]
        assert len(set(values)) == min(len(values), KINDS[target])


def shared(rows: list[Row], place: int, targets: list[str]) -> list[Row]:
    """Return three rows with a reference changed so that two of them share it."""
    distinct = list(dict.fromkeys(target for target in targets if target))
    shift = distinct.index(targets[place]) % 2
    values = [(number + shift) // 2 % KINDS[targets[place]] for number in range(3)]
    return [(*row[:place], value, *row[place + 1 :]) for row, value in zip(rows, values, strict=True)]


def test_random_models() -> None:
    """400 small models have the rows that the rule gives, and no constraint refuses any of them."""
    counts = set()
    ways = set()
    for seed in range(400):
        text, kinds, groups = random_model(seed)
        rows = chosen(text)["T"]
        assert len(rows) == admitted(kinds, groups), text
        columns = [field.column for field in answers.declared(text)[-1].columns]
        found = [tuple(row.get(column, 0) for column in columns) for row in rows]  # 0 stands for the default
        targets = [kind.strip("?") if kind[0].isupper() else "" for kind in kinds]
        for row in found:
            assert all(0 <= value < KINDS[kind] for value, kind in zip(row, kinds, strict=True)), text
            assert_different(row, targets)
        assert not any(refused(*pair, groups) for pair in itertools.combinations(found, 2)), text
        counts.add(len(rows))
        for place, target in enumerate(targets):
            if target and targets.count(target) == 1 and len(found) == 3:
                wanted = shared(found, place, targets)
                is_refused = any(refused(*pair, groups) for pair in itertools.combinations(wanted, 2))
                assert is_refused == (wanted != found), text
                ways.add(is_refused)
    assert counts == {1, 2, 3}
    assert ways == {True, False}


# The values

SAMPLES = """
User name:text  =>  Ada Adams|Ben Baker|Cleo Clark
User name:string(5)  =>  Ada|Ben|Cleo
User name:text:unique  =>  User 1|User 2|User 3
OrderItem name:text  =>  Order item 1|Order item 2|Order item 3
Post title:string(6)  =>  Post 1|Post 2|Post 3
Post title:string(5)  =>  T1|T2|T3
Employee title:text  =>  Analyst|Builder|Cook
Order contact_name:text  =>  Ada Adams|Ben Baker|Cleo Clark
Order company_name:text  =>  Company 1|Company 2|Company 3
Post content:text  =>  Content of post 1.|Content of post 2.|Content of post 3.
User first_name:text  =>  Ada|Ben|Cleo
User last_name:text  =>  Adams|Baker|Clark
User first_name:text:unique  =>  First name 1|First name 2|First name 3
User username:string(64):unique  =>  user1|user2|user3
User email:string(120):unique  =>  user1@example.com|user2@example.com|user3@example.com
User billing_email_address:string(14)  =>  u1@example.com|u2@example.com|u3@example.com
User email:string(13)  =>  Email 1|Email 2|Email 3
User emails:text[]  =>  ['user1@example.com']|['user2@example.com']|['user1@example.com', 'user2@example.com']
User website:text?  =>  https://example.com/1|https://example.com/2|https://example.com/3
User avatar_url:text  =>  https://example.com/1.png|https://example.com/2.png|https://example.com/3.png
User home_phone:string(15)  =>  +1 202 555 0101|+1 202 555 0102|+1 202 555 0103
User phone_number:string(10)  =>  2025550101|2025550102|2025550103
User password_hash:string(60)  =>  !|!|!
User password_hash:string(60):unique  =>  !1|!2|!3
User api_token:text:unique  =>  api-token-1|api-token-2|api-token-3
User id:string(26)  =>  user-1|user-2|user-3
Charge customer_id:text  =>  customer-1|customer-2|customer-3
Post slug:text:unique  =>  post-1|post-2|post-3
BlogPost slug:text  =>  blog-post-1|blog-post-2|blog-post-3
Place city:text  =>  Athens|Berlin|Cairo
Place country:text  =>  Austria|Brazil|Canada
Place country:string(2)  =>  AT|BR|CA
Country code:string(2):unique  =>  C1|C2|C3
Country name:text:unique  =>  Country 1|Country 2|Country 3
Place zip_code:string(5)  =>  10001|10002|10003
Place color:string(5)?  =>  red|green|blue
Log ip_address:text  =>  192.0.2.1|192.0.2.2|192.0.2.3
Book isbn:string(13):unique  =>  9780000000019|9780000000026|9780000000033
Badge number:string(12)  =>  0001|0002|0003
Thing tags:text[]  =>  ['Tag 1']|['Tag 2']|['Tag 1', 'Tag 2']
Thing a_b_c:text  =>  A b c 1|A b c 2|A b c 3
Thing first_second_third_fourth:text  =>  First second third 1|First second third 2|First second third 3
Thing a:string(1)  =>  1|2|3
Thing price:numeric(10,2)  =>  9.99|19.99|29.99
Thing price:numeric(3,2)  =>  1|2|3
Thing price:numeric(2,2)  =>  0.1|0.2|0.3
Thing unit_price:float  =>  9.99|19.99|29.99
Thing price:integer  =>  10|20|30
Thing quantity:integer  =>  1|2|3
Thing x:float  =>  1.5|2.5|3.5
User age:smallint  =>  25|35|45
Film release_year:integer  =>  2024|2025|2026
Review rating:integer  =>  3|4|5
Place lat:numeric(9,6)  =>  37.98|52.52|30.04
Book born:date  =>  1990-01-01|1990-01-02|1990-01-03
Loan lent:date  =>  2026-01-01|2026-01-02|2026-01-03
Loan due_back:date  =>  2026-02-01|2026-02-02|2026-02-03
Lesson ends:time  =>  17:00:00|18:00:00|19:00:00
Thing on:boolean  =>  True|False
Thing is_deleted:boolean  =>  False|True
"""


@pytest.mark.parametrize("line", SAMPLES.strip().splitlines())
def test_samples(line: str) -> None:
    """The name of a column determines its values."""
    text, expected = line.split("  =>  ")
    (model,) = answers.declared(text)
    field = model.fields[0] if model.fields else model.id
    values = [eval(source, NAMES) for source in seeds.expressions(field, {}, {})]
    assert "|".join(map(str, values)) == expected


def test_what_few_rows_have_is_left_out() -> None:
    (line, *_) = seeds.statements(
        answers.declared("T deleted_at:datetime? banned_at:datetime locked:boolean?:unique")
    )
    assert "T(banned_at=" in line and "locked=" in line and "deleted_at" not in line


OPEN = [kind for kind in [*TYPES, "boolean[]", "text[]"] if kind not in ("boolean", "enum")]
SIZED = [f"string({length})" for length in [*range(1, 13), 14, 16, 18, 21, 25, 36, 64]]
SIZED += ["numeric(1)", "numeric(1,1)", "numeric(2,2)", "numeric(9,2)", "numeric(1000,1000)"]
NAMES = {"dt": dt, "Decimal": Decimal, "UUID": UUID}
WORDS = [*samples.TEXTS, "name", "title", "price", "a", "a_name_of_63_characters".ljust(63, "x")]
WORDS += [f"{'x' * 62}_{word}"[-63:].lstrip("_") for word in samples.TEXTS]


UNIQUE = [f"{kind}:unique" for kind in [*OPEN, *SIZED] if kind != "json"]


@pytest.mark.parametrize("kind", [*OPEN, *SIZED, *UNIQUE])
def test_values_fit(kind: str) -> None:
    """Whatever a column is called, its values fit its type and the line, and unique values differ."""
    is_text = kind.startswith(("string", "text"))
    for name in WORDS if is_text else [*samples.NUMBERS, "a", "born", "ends"]:
        (model,) = answers.declared(f"{'T' + 'o' * 61} {name}:{kind}")
        (field,) = model.columns
        sources = seeds.expressions(field, {}, {})
        values = [eval(source, NAMES) for source in sources]
        if field.unique:
            assert len(set(map(repr, values))) == 3
        if field.type == "string" and field.arguments:
            assert max(map(len, values)) <= int(field.arguments[0])
        if field.type in ("string", "text") and not field.array:
            assert all(value and "  " not in value and value == value.strip() for value in values)
            assert max(len(f"{' ' * 12}{name}={source},") for source in sources) <= layout.WIDTH
        if field.type == "numeric" and field.arguments:
            assert all(is_decimal(str(value), field.arguments) for value in values)


def lines_of(text: str) -> str:
    return "\n".join(seeds.statements(answers.declared(text)))


def test_models_below_and_circles() -> None:
    """Lists are in an order in which rows can exist, and rows that close a cycle come after both sides."""
    declared = "Team owner:User? members:User(teams_of)[] flags:Flag[]\nUser team:Team boss:User? friends:User[]\nFlag a:enum(x):unique"
    assert lines_of(declared) == EXPECTED.strip("\n")


def test_names_of_lists_in_long_statements() -> None:
    """What cannot be split is short enough, even if two models with long names refer to each other."""
    one, other = f"A{'a' * 51}", f"B{'b' * 51}"
    field = "c" * 55
    for text in (
        f"{one}(a) {field}:{other}? own:{one}? {field[1:]}:{one}(x)[]\n{other}(b) {field}:{one}(z)",
        f"{one}(a) {field}:{other}(x)[]\n{other}(b) {field}:{one}",
        f"{one}(a) {field}:{other}(x)[]\n{other}(b) {field}:{one}(y)[]",
    ):
        assert max(map(len, lines_of(text).splitlines())) <= layout.WIDTH


def test_names_of_lists_stay() -> None:
    """A model that is declared later renames no list, because an owner may have changed its rows."""
    long = f"A{'b' * 50}"
    texts = [f"{long} a:text boss:{long}?", f"Tag; C{'d' * 50}; {long} a:text boss:{long}?"]
    names = [seeds.list_names(answers.declared(text))[long] for text in texts]
    assert names[0] == names[1] != f"{long.lower()}s"
