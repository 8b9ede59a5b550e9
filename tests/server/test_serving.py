"""Test the generated gunicorn.conf.py under load: a reload and a stop lose no request."""

import http.client
import json
import os
import random
import re
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.bake import Project
from tests.support.commands import edit
from tests.support.load import Load, Server, add_pages, served, steady, until
from tests.support.sessions import SESSIONS

POOL_SIZE = 5
PAGES = """
import os
import time
from pathlib import Path

from flask import Blueprint
from sqlalchemy import text

from app.extensions import db

blueprint = Blueprint("pages", __name__)
RELEASE = 1


@blueprint.get("/sleep/<int:ms>")
def sleep(ms):
    time.sleep(ms / 1000)
    return f"{RELEASE} {os.getpid()}"


@blueprint.get("/begin")
def begin():
    Path("begun").touch()
    time.sleep(4)
    return "ended"


@blueprint.get("/query/<int:ms>")
def query(ms):
    sleeping = text("SELECT pg_backend_pid() FROM pg_sleep(:ms / 1000.0)")
    return f"{RELEASE} {os.getpid()} {db.session.scalar(sleeping, {'ms': ms})}"
"""


def ask(chance: random.Random) -> tuple[str, str]:
    return "GET", f"/{chance.choice(['sleep', 'query'])}/{chance.choice([50, 100, 200])}"


def workers(load: Load, release: int) -> set[str]:
    """Return the processes that have answered with a release's code."""
    found = [re.match(rf"{release} (\d+)", reply.text) for reply in load.replies]
    return {match[1] for match in found if match}


def reload(project: Project, server: Server, load: Load, release: int) -> None:
    """Change the code and reload it; return once all new workers have answered."""
    edit(project, "app/pages.py", f"RELEASE = {release - 1}\n", f"RELEASE = {release}\n")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: len(workers(load, release)) == 2)


@pytest.fixture
def paged(ready: Project) -> Project:
    add_pages(ready, PAGES)
    return ready


def test_signals(paged: Project) -> None:
    """A reload switches the code without failing a request; a stop answers all that could connect."""
    with served(paged, workers=2) as server, steady(server, 16, ask) as load:
        until(lambda: len(workers(load, 1)) == 2)
        reload(paged, server, load, 2)
        reload(paged, server, load, 3)
        load.more(50)
        assert load.failed() == []
        assert len({*workers(load, 1), *workers(load, 2), *workers(load, 3)}) == 6
        stopped = time.monotonic()
        server.process.terminate()
        assert server.process.wait(300) == 0
        load.join()
    assert [reply.fault for reply in load.failed()] == ["refused"] * 16
    assert min(reply.end for reply in load.failed()) > stopped


def test_connections(paged: Project) -> None:
    """Connections are opened on demand; each belongs to one worker, which never exceeds its pool."""
    with served(paged, workers=2) as server:
        with steady(server, 8, lambda _: ("GET", "/sleep/5")) as load:
            until(lambda: len(workers(load, 1)) == 2)
        assert paged.sql(SESSIONS) == ""
        with steady(server, 16, lambda _: ("GET", "/query/50")) as load:
            load.more(200)
        sessions = re.findall(r"^(\d+)\|", paged.sql(SESSIONS), re.MULTILINE)
    assert load.failed() == []
    users = {tuple(reply.text.split()[1:]) for reply in load.replies}
    assert sorted(backend for _, backend in users) == sorted(sessions)
    assert max(Counter(worker for worker, _ in users).values()) <= POOL_SIZE
    assert len(workers(load, 1)) == 2


def ask_once(server: Server, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_database_restarted(paged: Project) -> None:
    """No page is lost: a connection that the server has ended is replaced before it is used."""
    sessions = (
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database()"
    )
    with served(paged, workers=1) as server:
        with steady(server, 8, lambda _: ("GET", "/query/50")) as load:
            load.more(50)
        assert paged.sql(f"{sessions} AND pid <> pg_backend_pid()").count("t") == POOL_SIZE
        for _ in range(2 * POOL_SIZE):
            assert ask_once(server, "/query/1")[0] == 200


HANG = """
import os
from pathlib import Path

if Path("hang").exists():
    Path("hangs").write_text(str(os.getpid()))
    time.sleep(6000)
"""


def test_stop_during_a_reload(paged: Project) -> None:
    """The check of the new code ends immediately; requests that take seconds are answered first."""
    with (paged.path / "wsgi.py").open("a") as file:
        file.write(f"import time\n{HANG}")
    edit(paged, "plumbing/serving.py", "CHECK_WITHIN = 60 ", "CHECK_WITHIN = 6000 ")
    checking = paged.path / "hangs"
    with served(paged, workers=1) as server:
        assert ask_once(server, "/sleep/1")[0] == 200  # the worker has loaded the old code
        (paged.path / "hang").touch()
        server.process.send_signal(signal.SIGHUP)
        until(lambda: checking.exists() and checking.read_text())
        with ThreadPoolExecutor() as client:
            answer = client.submit(ask_once, server, "/begin")
            until((paged.path / "begun").exists)
            server.process.terminate()
            assert server.process.wait(300) == 0
            assert answer.result() == (200, "ended")
        with pytest.raises(ProcessLookupError):
            os.kill(int(checking.read_text()), 0)


FORGED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Host": "evil.example",
    "REMOTE_USER": "anna",
}
WHO = """
from flask import Blueprint, request

blueprint = Blueprint("pages", __name__)


@blueprint.get("/who")
def who():
    return " ".join([request.scheme, request.remote_addr, request.host, request.script_root, str(request.remote_user)])
"""


def test_forged_headers(ready: Project) -> None:
    """Without a proxy none is trusted, not even from the same machine."""
    add_pages(ready, WHO)
    with served(ready, workers=1) as server:
        honest = (200, f"http 127.0.0.1 127.0.0.1:{server.port}  None")
        assert ask_once(server, "/who") == honest
        for name, value in FORGED.items():
            assert ask_once(server, "/who", **{name: value}) == honest, name
        assert ask_once(server, "/evil/who", SCRIPT_NAME="/evil")[0] == 404
        assert ask_once(server, "/nowhere", PATH_INFO="/who")[0] == 404


FAULTS = """
import logging

from flask import Blueprint, request
from sqlalchemy import text

from app.extensions import db
from app.models import User

blueprint = Blueprint("pages", __name__)


@blueprint.get("/twice")
def twice():
    for _ in range(2):
        db.session.add(User(username=request.args["name"], email="e"))
    db.session.commit()


@blueprint.get("/wrong")
def wrong():
    db.session.scalar(text("SELECT CAST(:value AS uuid)"), {"value": request.args["name"]})


@blueprint.get("/column")
def column():
    db.session.execute(text("SELECT nothing FROM users.users WHERE email = :e"), {"e": request.args["name"]})


@blueprint.get("/handling")
def handling():
    try:
        db.session.scalar(text("SELECT CAST(:value AS integer)"), {"value": request.args["name"]})
    except Exception:
        return {}["on the way"]


@blueprint.get("/bug")
def bug():
    logging.getLogger("some.library").warning("said on the way")
    return 1 / 0
"""
SAID = {
    "/twice": r'UniqueViolation: .*constraint "uq_users_(username|email)"$',
    "/wrong": r"DataError:?$",
    "/column": r'UndefinedColumn: column "nothing"$',
    "/handling": r"^KeyError: 'on the way'$",
    "/bug": r"^ZeroDivisionError: division by zero$",
}


def test_log(ready: Project) -> None:
    """Each line is JSON, whoever wrote it, and contains no value of a row."""
    add_pages(ready, FAULTS)
    with served(ready, workers=1) as server:
        for path in (*SAID, "/healthz"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("GET", f"{path}?name=anna", headers={"X-Request-ID": f"id-{path[1:4]}"})
            assert connection.getresponse().status == (200 if "health" in path else 500)
            connection.close()
    text = server.log.read_text()
    assert "anna" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert {line["logger"] for line in lines} == {"access", "app", "gunicorn.error", "some.library"}
    answers = [line for line in lines if line["logger"] == "access"]
    assert [line["path"] for line in answers] == [*SAID, "/healthz"]
    assert [line["status"] for line in answers] == [500, 500, 500, 500, 500, 200]
    assert all(line["method"] == "GET" and line["ms"] > 0 for line in answers)
    assert all(line["request_id"] == f"id-{line['path'][1:4]}" for line in lines if "path" in line)
    faults = {line["path"]: line["exception"] for line in lines if "exception" in line}
    assert faults.keys() == SAID.keys()
    for path, said in SAID.items():
        assert re.search(said, faults[path], re.MULTILINE), faults[path]
        assert "pages.py" in faults[path]
    (library,) = [line for line in lines if line["logger"] == "some.library"]
    assert (library["level"], library["path"]) == ("warning", "/bug")
