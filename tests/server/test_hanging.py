"""Test a database that hangs or restarts under load: pages fail only if they must, and then recover."""

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.support.bake import Baker, Project
from tests.support.commands import edit
from tests.support.hanging import paused
from tests.support.load import Server, add_pages, served, steady, until
from tests.support.servers import local_server
from tests.support.sessions import session

POOL_SIZE = 5
LOCK = "BEGIN; LOCK TABLE users.users"
PAGES = """
import os

from flask import Blueprint
from sqlalchemy import text

from app.extensions import db

blueprint = Blueprint("pages", __name__)


@blueprint.get("/page")
def page():
    return str(os.getpid() * db.session.scalar(text("SELECT 1")))


@blueprint.get("/users")
def users():
    return str(db.session.scalar(text("SELECT count(*) FROM users.users")))


@blueprint.get("/plain")
def plain():
    return "plain"
"""


@dataclass(eq=False)
class Answer:
    status: int = 0
    text: str = ""


def ask(server: Server, path: str, answer: Answer) -> Answer:
    """Request a page on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.request("GET", path)
    response = connection.getresponse()
    answer.text = response.read().decode()
    answer.status = response.status
    connection.close()
    return answer


@contextmanager
def clients(server: Server, count: int, path: str) -> Iterator[list[Answer]]:
    """Request a page many times concurrently; when the block ends, all requests have been answered."""
    answers = [Answer() for _ in range(count)]
    threads = [threading.Thread(target=ask, args=(server, path, answer)) for answer in answers]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join()


def answered(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status]


def fill_pools(server: Server, workers: int) -> None:
    """Send requests until each worker has opened connections to the database."""
    seen: set[str] = set()
    while len(seen) < workers:
        with clients(server, 40, "/page") as answers:
            pass
        assert {answer.status for answer in answers} == {200}
        seen |= {answer.text for answer in answers}


@pytest.fixture
def hanging(baker: Baker) -> Iterator[Project]:
    """A project with its own server."""
    project = baker.bake()
    with local_server(project):
        project.ok("python", "db_manage.py", "setup")
        project.variables["DATABASE_URL"] = project.ok("python", "db_manage.py", "url").strip()
        add_pages(project, PAGES)
        yield project


@pytest.mark.long
@pytest.mark.parametrize(("workers", "count"), [(1, 100), (2, 300)])
def test_paused_server(hanging: Project, workers: int, count: int) -> None:
    """Pages that need a connection get a 503; those that already hold one succeed when the server resumes."""
    with served(hanging, workers) as server:
        fill_pools(server, workers)
        with paused(hanging) as resume, clients(server, count, "/page") as answers:
            for path, status in (("/healthz", 200), ("/readyz", 503), ("/plain", 200)) * 5:
                assert ask(server, path, Answer()).status == status, path
            until(lambda: len(answered(answers)) >= count - POOL_SIZE * workers)
            refused = answered(answers)
            resume()
        assert {answer.status for answer in refused} == {503}
        assert {answer.status for answer in answers if answer not in refused} == {200}
        assert ask(server, "/page", Answer()).status == 200
        assert ask(server, "/readyz", Answer()).status == 200


@pytest.mark.long
def test_paused_before_the_first_page(hanging: Project) -> None:
    """Pages that need a connection get a 503 while connections are being opened."""
    hanging.variables["DATABASE_URL"] += "&connect_timeout=600"
    with served(hanging, 1) as server, paused(hanging) as resume:
        with clients(server, 40, "/page") as answers:
            until(lambda: len(answered(answers)) >= 40 - POOL_SIZE)
            refused = answered(answers)
            assert ask(server, "/healthz", Answer()).status == 200
            resume()
        assert {answer.status for answer in refused} == {503}
        assert {answer.status for answer in answers if answer not in refused} == {200}


def test_opening_a_connection_has_an_end(hanging: Project) -> None:
    """Opening a connection gives up while the server still hangs."""
    with served(hanging, 1) as server, paused(hanging):
        assert ask(server, "/page", Answer()).status == 503


def test_restarted_server(hanging: Project) -> None:
    """Under load, a restart fails only the pages that it interrupts, which may be none."""

    def restart() -> tuple[float, float]:
        start = time.monotonic()
        hanging.ok("python", "db_manage.py", "stop")
        hanging.ok("python", "db_manage.py", "start")
        return start, time.monotonic()

    with served(hanging, 1) as server:
        with steady(server, 16, lambda _: ("GET", "/page")) as load:
            load.more(100)
            start, end = restart()
            load.more(200)
        restart()  # every connection in the pool is lost
        with steady(server, 16, lambda _: ("GET", "/page")) as later:
            later.more(200)
    assert [reply for reply in load.failed() if reply.end < start or reply.start > end] == []
    assert later.failed() == []


def test_locked_table(ready: Project) -> None:
    """Pages wait for a locked table, whether they have a connection or not."""
    edit(ready, "app/config.py", '"pool_timeout": 6,', '"pool_timeout": 300,')
    add_pages(ready, PAGES)
    with served(ready, 1) as server:
        with ExitStack() as waiting, session(ready, LOCK):
            answers = waiting.enter_context(clients(server, 40, "/users"))
            time.sleep(2)  # meanwhile the pool checks the server
            assert ask(server, "/healthz", Answer()).status == 200
            assert answered(answers) == []
        assert {answer.status for answer in answers} == {200}


def test_locked_for_longer(ready: Project) -> None:
    """A page without a connection gives up, but not before a migration that waits for the same lock would."""
    config = (ready.path / "app/config.py").read_text()
    waits = [re.findall(rf"{name}\W+(\d+)", config) for name in ("pool_timeout", "MIGRATION_LOCK_TIMEOUT")]
    (page,), (migration,) = waits
    assert int(page) > int(migration)
    add_pages(ready, PAGES)
    with served(ready, 1) as server:
        with ExitStack() as waiting, session(ready, LOCK):
            answers = waiting.enter_context(clients(server, POOL_SIZE + 1, "/users"))
            until(lambda: answered(answers))
            (refused,) = answered(answers)
            assert refused.status == 503
        assert sorted(answer.status for answer in answers) == [200] * POOL_SIZE + [503]
