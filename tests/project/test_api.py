"""Test the API of a project with `api=yes`: it answers whatever is sent, and never with a 500."""

import base64
import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from openapi_spec_validator import OpenAPIV31SpecValidator

from generator.scalars import TYPES
from tests.support.bake import PROJECT_ENVIRONMENT, ROOT, Baker, environment
from tests.support.servers import drop_database

set_hypothesis_home_dir(ROOT / "build" / "hypothesis")
ROUNDS = int(os.environ.get("ROUNDS", "25"))
NO_ARRAY = ("enum", "json")


def declaration() -> str:
    """Return models that have every type: plain, nullable, and as an array."""
    types = {name: f"{name}(a|b|'c d')" if name == "enum" else name for name in TYPES}
    arrays = [name for name in TYPES if name not in NO_ARRAY]
    models = [
        "every.Required " + " ".join(f"a_{name}:{kind}" for name, kind in types.items()),
        "every.Nullable " + " ".join(f"a_{name}:{kind}?" for name, kind in types.items()),
        "every.Array " + " ".join(f"a_{name}:{name}[] b_{name}:{name}[]?" for name in arrays),
        "Limited short:string(3) code:string(8):unique shorts:string(3)[] price:numeric(9,2) prices:numeric(9,2)[]"
        " long:text:index wide:numeric(60,30) since:datetime=now unique(short,price)",
        "blog.Post title:string limited:Limited? one:Limited?:unique needs:every.Nullable:restrict tags:Limited[]"
        " friends:Post[] parent:Post?",
    ]
    return ";".join(models)


BY_HAND = '''"""Models as no declaration makes them: other keys, types and names."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, column, func, select, table
from sqlalchemy.dialects.postgresql import BIT, INT4RANGE, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.extensions import Base
from app.models.base import BaseModel


class Account(Base):
    __tablename__ = "accounts"

    key: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    password_hash: Mapped[str] = mapped_column(server_default="secret")
    bits: Mapped[str | None] = mapped_column(BIT(3))
    words: Mapped[str | None] = mapped_column(TSVECTOR)
    range: Mapped[object | None] = mapped_column(INT4RANGE)


class Country(Base):
    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(primary_key=True)
    length: Mapped[int] = mapped_column(Computed("length(code)"))

    @validates("code")
    def is_short(self, _: str, code: str) -> str:
        if len(code) > 5:
            raise ValueError("too long")
        return code


class Price(Base):
    __tablename__ = "prices"

    country: Mapped[str] = mapped_column(ForeignKey("countries.code"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)


class Array(BaseModel):
    """Of the same name as another model."""

    __tablename__ = "letters"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "letter"}

    kind: Mapped[str]


class Parcel(Array):
    __mapper_args__ = {"polymorphic_identity": "parcel"}


class Latest(Base):
    """Of no table."""

    __table__ = select(table("countries", column("code"))).subquery()
    __mapper_args__ = {"primary_key": [__table__.c.code]}
'''


class Server:
    """The application of a project, in its own process."""

    def __init__(self, folder: str, url: str) -> None:
        self.process = subprocess.Popen(
            [PROJECT_ENVIRONMENT / "bin/python", ROOT / "tests/support/api.py", folder, url],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout and self.process.stdout.readline() == "ready\n"

    def ask(
        self, method: str, path: str, body: bytes = b"", query: Any = None, **headers: str
    ) -> tuple[int, str]:
        """Return the status and the text of a response."""
        assert self.process.stdin and self.process.stdout
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        encoded = base64.b64encode(body).decode()
        request = {"method": method, "path": path, "body": encoded, "query": query, "headers": names}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        status, text = json.loads(self.process.stdout.readline())
        return status, text

    def send(self, method: str, path: str, value: Any) -> tuple[int, Any]:
        """Send JSON; return the status and the JSON of the response."""
        body = json.dumps(value).encode()
        status, text = self.ask(method, path, body, Content_Type="application/json")
        assert status < 500, f"{method} {path} {body[:2000]!r} {text}"
        return status, json.loads(text) if text else None

    def get(self, path: str) -> Any:
        status, text = self.ask("GET", path)
        assert status == 200, text
        return json.loads(text, parse_constant=pytest.fail)

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, database: Callable[[], str]) -> Iterator[Server]:
    """The application whose models have every type, on a database with its seed rows."""
    project = Baker(tmp_path_factory.mktemp("api") / "out").bake(models=declaration(), api="yes")
    (project.path / "app/models/hand.py").write_text(BY_HAND)
    url = database()
    with contextlib.closing(Server(str(project.path), url)) as api:
        yield api
    drop_database(url)


# Values at, or just beyond, a limit of PostgreSQL, Python or JSON
NUMBERS = [
    0,
    -1,
    1.5,
    *(sign * 2**bits + more for bits in (15, 31, 53, 63, 64) for sign in (1, -1) for more in (-1, 0, 1)),
    10**40,
    -(10**400),
    1e308,
    5e-324,
    86400 * 10**9,
    float("inf"),
    float("nan"),
]
WORDS = [
    "",
    " ",
    "a",
    "abcd",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\N{PARTY POPPER}",
    "x" * 300,
    "null",
    "c d",
    "true",
    *("1", "007", "1_000", "1e5", "1e400", "1e131072", "-1e999999999", "9" * 5000, "0." + "1" * 500),
    *("NaN", "sNaN", "-Infinity", "0x1F", "\N{ARABIC-INDIC DIGIT FIVE}"),
    *(
        "2026-01-31",
        "0001-01-01",
        "9999-12-31",
        "0000-01-01",
        "10000-01-01",
        "-0044-03-15",
        "2026-W05",
        "now",
    ),
    *("00:00", "24:00", "23:59:60", "12:00+25:00", "12:00:00.1234567", "12:00+02:00"),
    *("2026-01-31T12:00Z", "2026-01-31T12:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59.999999-14:00"),
    *("2026-03-29T02:30+24:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "infinity"),
    *("00000000-0000-0000-0000-000000000000", "{12345678-1234-1234-1234-123456789abc}", "urn:uuid:x"),
    *("AA==", "A", "AAAA\n", "====", "_-8="),
]
LIMITS = st.sampled_from([None, True, False, *NUMBERS, *WORDS])
SCALARS = LIMITS | st.text(max_size=9) | st.integers() | st.floats() | st.datetimes().map(str)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS[:8]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)
RESOURCES = ["every/requireds", "every/nullables", "every/arrays", "limiteds", "blog/posts"]
GIVEN = ("id", "created_at", "updated_at")


def rounds(count: int) -> Callable[[Any], Any]:
    """Return a hypothesis decorator: the same examples every time, or more and others in `make test-deep`."""
    options = settings(
        max_examples=count * ROUNDS // 25,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: options(seed(1)(test) if ROUNDS == 25 else test)


@pytest.mark.long
@rounds(500)
@given(data=st.data())
def test_bodies(api: Server, data: st.DataObject) -> None:
    """In a seed row with some values replaced, whatever is stored can be read, and the rest is refused."""
    name = data.draw(st.sampled_from(RESOURCES))
    row = api.get(f"/api/{name}/1")
    fields = sorted(set(row) - set(GIVEN))
    chosen = data.draw(st.sets(st.sampled_from(fields), min_size=1, max_size=3))
    changes = {field: data.draw(VALUES) for field in chosen}
    is_new = data.draw(st.booleans())
    if is_new:
        status, answer = api.send("POST", f"/api/{name}", {field: row[field] for field in fields} | changes)
    else:
        status, answer = api.send("PATCH", f"/api/{name}/1", changes)
    assert status in (200, 201, 409, 422), answer
    if status >= 400:
        assert answer["status"] == status and answer["message"]
        return
    assert api.get(f"/api/{name}/{answer['id']}") == answer
    assert api.get(f"/api/{name}?sort=-id&per_page=3")["total"] >= 3
    if is_new:
        assert api.send("DELETE", f"/api/{name}/{answer['id']}", None)[0] in (204, 409)
    else:
        assert api.send("PATCH", f"/api/{name}/1", {field: row[field] for field in fields})[0] == 200


@rounds(150)
@given(
    method=st.sampled_from(["POST", "PATCH", "DELETE", "PUT"]),
    path=st.sampled_from(["/api/blog/posts", "/api/blog/posts/1", "/api/nothing"]),
    body=st.binary(max_size=20)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.sampled_from([b"[" * 900, b"[" * 100_000, b'{"title":' * 900, b"9" * 5000, b'{"title": 1e999}']),
    kind=st.sampled_from(["application/json", "application/json; charset=x", "text/plain", "a/b+json", ""]),
)
def test_any_body(api: Server, method: str, path: str, body: bytes, kind: str) -> None:
    status, text = api.ask(method, path, body, Content_Type=kind)
    if not (method == "DELETE" and status == 204):
        assert status in (200, 400, 404, 405, 409, 415, 422), text
        assert "status" in json.loads(text) or status == 200


@rounds(150)
@given(
    name=st.sampled_from(RESOURCES),
    key=SCALARS.map(str) | st.integers(),
    query=st.dictionaries(
        st.sampled_from(["page", "per_page", "sort", "x"]),
        SCALARS.map(str) | st.sampled_from(["id", "-id", "-a_bytes", "a_json", "-created_at"]),
    ),
)
def test_any_key_and_query(api: Server, name: str, key: str, query: dict[str, str]) -> None:
    encoded = quote(str(key).encode("utf-8", "surrogatepass"), safe="")
    status, text = api.ask("GET", f"/api/{name}/{encoded}")
    assert status in (200, 308, 404), text
    plain = {field: value.encode("utf-8", "replace").decode() for field, value in query.items()}
    status, text = api.ask("GET", f"/api/{name}", query=plain)
    assert status in (200, 422), text


REFUSED: dict[str, tuple[str, dict[str, Any], int]] = {
    "too long": ("limiteds", {"short": "abcd"}, 422),
    "an element too long": ("limiteds", {"shorts": ["a", "abcd"]}, 422),
    "a number for a text": ("limiteds", {"code": 5}, 422),
    "too many digits": ("limiteds", {"price": "12345678.00"}, 422),
    "an element with too many digits": ("limiteds", {"prices": ["12345678.00"]}, 422),
    "year 0 in UTC": ("limiteds", {"since": "0001-01-01T00:00:00+14:00"}, 422),
    "year 10000 in UTC": ("limiteds", {"since": "9999-12-31T23:59:59-14:00"}, 422),
    "a time without a zone": ("limiteds", {"since": "2026-01-31T12:00:00"}, 422),
    "smallint": ("every/requireds", {"a_smallint": 2**15}, 422),
    "integer": ("every/requireds", {"a_integer": 2**31}, 422),
    "bigint": ("every/requireds", {"a_bigint": 2**63}, 422),
    "beyond every integer": ("every/requireds", {"a_bigint": 10**400}, 422),
    "a fraction": ("every/requireds", {"a_integer": 1.5}, 422),
    "infinity": ("every/requireds", {"a_float": float("inf")}, 422),
    "NUL": ("every/requireds", {"a_text": "a\0b"}, 422),
    "half a surrogate pair": ("every/requireds", {"a_text": "\ud800"}, 422),
    "NUL in JSON": ("every/requireds", {"a_json": {"a": ["\0"]}}, 422),
    "infinity in JSON": ("every/requireds", {"a_json": [float("inf")]}, 422),
    "no JSON": ("every/requireds", {"a_json": None}, 422),
    "NULL": ("every/requireds", {"a_uuid": None}, 422),
    "not one of the enum": ("every/requireds", {"a_enum": "c"}, 422),
    "no base 64": ("every/requireds", {"a_bytes": "a"}, 422),
    "an interval too large": ("every/requireds", {"a_interval": 1e300}, 422),
    "no uuid": ("every/requireds", {"a_uuid": "x"}, 422),
    "an element of NULL": ("every/arrays", {"a_integer": [1, None]}, 422),
    "no array": ("every/arrays", {"a_integer": 1}, 422),
    "not a field": ("blog/posts", {"color": "red"}, 422),
    "read only": ("blog/posts", {"id": 5}, 422),
    "not unique": ("limiteds", {"code": "code-2"}, 409),
    "no such row": ("blog/posts", {"limited_id": 99}, 409),
    "no such link": ("blog/posts", {"tags": [1, 99]}, 422),
    "too many links": ("blog/posts", {"tags": list(range(2000))}, 422),
    "a link beyond every integer": ("blog/posts", {"tags": [2**70]}, 422),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_field_is_named(api: Server, case: str) -> None:
    name, changes, expected = REFUSED[case]
    before = api.get(f"/api/{name}/1")
    status, answer = api.send("PATCH", f"/api/{name}/1", changes)
    assert (status, sorted(answer["errors"])) == (expected, sorted(changes)), answer
    assert api.get(f"/api/{name}/1") == before


def test_refused_without_a_field(api: Server) -> None:
    """Several columns together, an index entry that is too large, or a row that another needs is refused."""
    row = api.get("/api/limiteds/1")
    same = {"short": row["short"], "price": row["price"]}
    status, answer = api.send("PATCH", "/api/limiteds/2", same)
    assert (status, sorted(answer["errors"])) == (409, sorted(same))
    long = base64.b85encode(os.urandom(40_000)).decode()
    assert api.send("PATCH", "/api/limiteds/1", {"long": long})[0] == 422
    assert api.send("PATCH", "/api/limiteds/1", {"long": long * 30})[0] == 413
    status, answer = api.send("DELETE", "/api/every/nullables/1", None)
    assert status == 409 and "posts" in answer["message"]


def test_nested_json(api: Server) -> None:
    """JSON is accepted as deep as Python and PostgreSQL allow; a little deeper, it is refused."""
    found = set()
    for depth in [*range(900, 1000, 5), 10_000, 100_000]:
        body = b'{"a_json": %s%s}' % (b"[" * depth, b"]" * depth)
        status, text = api.ask("PATCH", "/api/every/nullables/1", body, Content_Type="application/json")
        assert status in (200, 400, 422), f"{depth} {text}"
        assert (
            api.ask("GET", "/api/every/nullables")[0] == 200
        )  # not parsed: it may be too deep for this process
        found.add(status)
    assert len(found) > 1
    assert api.send("PATCH", "/api/every/nullables/1", {"a_json": None})[0] == 200


def test_exact_values(api: Server) -> None:
    """No digit is lost, and links are replaced as a whole."""
    wide = "123456789012345678901234567890.123456789012345678901234567890"
    assert api.send("PATCH", "/api/limiteds/1", {"wide": wide})[1]["wide"] == wide
    assert api.send("PATCH", "/api/limiteds/1", {"price": 0.125})[1]["price"] == "0.13"
    for tags in ([1, 3], [], [2]):
        assert sorted(api.send("PATCH", "/api/blog/posts/1", {"tags": tags})[1]["tags"]) == tags
        assert sorted(api.get("/api/blog/posts/1")["tags"]) == tags


def test_pages(api: Server) -> None:
    ids = [row["id"] for row in api.get("/api/every/arrays?per_page=2&page=1&sort=-id")["items"]]
    page = api.get("/api/every/arrays?per_page=2&page=2&sort=-id")
    assert ids == sorted(ids, reverse=True) and page["total"] == page["pages"] + 1 == 3
    status, text = api.ask("GET", "/api/every/arrays?sort=-nothing")
    assert status == 422 and list(json.loads(text)["errors"]) == ["sort"]


def test_models_written_by_hand(api: Server) -> None:
    account = api.send("POST", "/api/accounts", {"bits": "101", "words": "a b", "range": "[1,3)"})[1]
    assert account == api.get(f"/api/accounts/{account['key']}")
    assert set(account) == {"key", "bits", "words", "range"}
    assert api.send("POST", "/api/accounts", {"password_hash": "x"})[0] == 422
    assert api.ask("GET", "/api/accounts?sort=password_hash")[0] == 422
    assert api.ask("GET", "/api/accounts/1")[0] == 404
    assert api.send("PATCH", f"/api/accounts/{account['key']}", {"bits": 5})[0] == 422

    assert api.send("POST", "/api/countries", {"code": "de"})[1] == {"code": "de", "length": 2}
    assert api.send("POST", "/api/countries", {"code": "fr", "length": 3})[0] == 422
    assert api.send("POST", "/api/countries", {"code": "germany"})[0] == 422

    price = {"country": "de", "day": "2026-01-31"}
    assert api.send("POST", "/api/prices", price) == (201, price)
    assert api.get("/api/prices/de/2026-01-31") == price
    assert api.ask("GET", "/api/prices/de/soon")[0] == 404
    assert api.send("POST", "/api/prices", price)[1]["errors"].keys() == price.keys()
    assert api.send("DELETE", "/api/countries/de", None)[0] == 409
    assert api.send("DELETE", "/api/prices/de/2026-01-31", None)[0] == 204
    assert api.send("POST", "/api/letters", {"kind": "parcel"})[0] == 201


def test_description(api: Server) -> None:
    """The OpenAPI description is valid, and has a page."""
    spec = api.get("/api/openapi.json")
    OpenAPIV31SpecValidator(spec).validate()
    assert spec["components"]["schemas"]["limiteds"]["properties"]["short"] == {
        "type": "string",
        "maxLength": 3,
    }
    assert "password_hash" not in json.dumps(spec)
    page = api.ask("GET", "/api/docs")[1]
    for path in spec["paths"]:
        assert path in page
