"""The API of a project with `api=yes`: it answers whatever is sent, and never with a 500."""

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

from generator.scalars import TYPES
from tests.support.bake import PROJECT_ENVIRONMENT, ROOT, Baker, environment
from tests.support.servers import drop_database

ROUNDS = int(os.environ.get("ROUNDS", "25"))
NO_ARRAY = ("enum", "json")


def declaration() -> str:
    """Return models that have every type: as it is, with NULL, with a default and as an array."""
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


class Server:
    """The application of a project, in a process of its own."""

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
        """Return the status and the text of an answer."""
        assert self.process.stdin and self.process.stdout
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        encoded = base64.b64encode(body).decode()
        request = {"method": method, "path": path, "body": encoded, "query": query, "headers": names}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        status, text = json.loads(self.process.stdout.readline())
        return status, text

    def send(self, method: str, path: str, value: Any) -> tuple[int, Any]:
        """Send JSON; return the status and the JSON of the answer."""
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
    """The application whose models have everything, on a database with the rows of its seeds."""
    project = Baker(tmp_path_factory.mktemp("api") / "out").bake(models=declaration(), api="yes")
    url = database()
    with contextlib.closing(Server(str(project.path), url)) as api:
        yield api
    drop_database(url)


# What is at, or just beyond, some limit of PostgreSQL, of Python or of JSON
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
    *("2026-01-31", "0001-01-01", "9999-12-31", "0000-01-01", "10000-01-01", "-0044-03-15", "2026-W05", "now"),
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
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(WORDS[:8]) | st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
RESOURCES = ["every/requireds", "every/nullables", "every/arrays", "limiteds", "blog/posts"]
GIVEN = ("id", "created_at", "updated_at")


def rounds(count: int) -> Callable[[Any], Any]:
    """Return a decorator of hypothesis's: always the same examples, or with `make test-deep` others and more."""
    options = settings(
        max_examples=count * ROUNDS // 25,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: options(seed(1)(test) if ROUNDS == 25 else test)


@rounds(250)
@given(data=st.data())
def test_bodies(api: Server, data: st.DataObject) -> None:
    """A row of the seeds with a few other values: what is written can be read, the rest is refused."""
    name = data.draw(st.sampled_from(RESOURCES))
    row = api.get(f"/api/{name}/1")
    fields = sorted(set(row) - set(GIVEN))
    changes = {field: data.draw(VALUES) for field in data.draw(st.sets(st.sampled_from(fields), min_size=1, max_size=3))}
    is_new = data.draw(st.booleans())
    if is_new:
        given = {field: row[field] for field in fields} | changes
        status, answer = api.send("POST", f"/api/{name}", given)
    else:
        status, answer = api.send("PATCH", f"/api/{name}/1", changes)
    assert status in (200, 201, 409, 422), answer
    if status < 300:
        assert api.get(f"/api/{name}/{answer['id']}") == answer
        assert api.get(f"/api/{name}?sort=-id&per_page=3")["total"] >= 3
        if is_new:
            assert api.send("DELETE", f"/api/{name}/{answer['id']}", None)[0] in (204, 409)
        else:
            assert api.send("PATCH", f"/api/{name}/1", {f: row[f] for f in fields})[1]["id"] == 1
    else:
        assert answer["status"] == status and answer["message"]
