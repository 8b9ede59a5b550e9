"""Serve a project with gunicorn as in production, and send it a steady stream of requests."""

import http.client
import random
import re
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.bake import Project

PRODUCTION = {"FLASK_ENV": "production", "SECRET_KEY": "not for production: " + "x" * 32}
Ask = Callable[[random.Random], tuple[str, str]]


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds; after 300 seconds, give up."""
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def add_pages(project: Project, code: str) -> None:
    """Add pages to a project; `code` is a module with a blueprint."""
    (project.path / "app" / "pages.py").write_text(code)
    with (project.path / "wsgi.py").open("a") as file:
        file.write("\nfrom app.pages import blueprint\n\napp.register_blueprint(blueprint)\n")


@dataclass
class Server:
    process: "subprocess.Popen[bytes]"
    log: Path
    port: int


def listening(process: "subprocess.Popen[bytes]", log: Path) -> int:
    """Return the port that gunicorn reports."""
    found: list[str] = []
    while not found:
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
        found = re.findall(r"Listening at: http://127.0.0.1:(\d+)", log.read_text())
    return int(found[0])


@contextmanager
def served(project: Project, workers: int) -> Iterator[Server]:
    """Serve a project on a free port; gunicorn has ended when the block ends."""
    log = project.path / "gunicorn.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", "--no-control-socket"],
            cwd=project.path,
            env=project.environment(WEB_CONCURRENCY=str(workers), **PRODUCTION),
            stdout=output,
            stderr=output,
        )
    try:
        yield Server(process, log, listening(process, log))
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(300)
        process.kill()  # its workers notice and end too
        process.wait()


@dataclass
class Reply:
    """The result of a request: a status and a body, or an error."""

    method: str
    start: float
    end: float = 0
    status: int = 0
    text: str = ""
    fault: str = ""


class Load:
    """Clients that send requests until stopped or unable to connect; half keep their connections."""

    def __init__(self, port: int, clients: int, ask: Ask, pause: float) -> None:
        self.port, self.ask, self.pause = port, ask, pause
        self.replies: list[Reply] = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(n,)) for n in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self, number: int) -> None:
        """Send requests; a kept connection is first checked for having been closed, as real clients do."""
        headers = {"Connection": "keep-alive" if number % 2 else "close"}
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        while not self.stopped.is_set():
            method, path = self.ask(chance)
            reply = Reply(method, time.monotonic())
            self.request(connection, path, headers, reply)
            reply.end = time.monotonic()
            self.replies.append(reply)
            if reply.fault == "refused":
                return
            time.sleep(chance.uniform(0, 2 * self.pause))
        connection.close()

    def request(
        self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str], reply: Reply
    ) -> None:
        if connection.sock and select.select([connection.sock], [], [], 0)[0]:
            connection.close()
        try:
            if not connection.sock:
                connection.connect()
        except OSError:
            reply.fault = "refused"  # nothing was sent
            return
        try:
            connection.request(reply.method, path, headers=headers)
            with connection.getresponse() as response:
                reply.text = response.read().decode()
                reply.status = response.status
        except (OSError, http.client.HTTPException) as error:
            reply.fault = repr(error)
            connection.close()

    def failed(self) -> list[Reply]:
        """Return the requests that failed."""
        return [reply for reply in self.replies if reply.status != 200]

    def more(self, count: int) -> None:
        """Wait for this many more replies."""
        goal = len(self.replies) + count
        until(lambda: len(self.replies) >= goal)

    def join(self) -> None:
        for thread in self.threads:
            thread.join()


@contextmanager
def steady(server: Server, clients: int, ask: Ask, pause: float = 0.02) -> Iterator[Load]:
    """Send requests to a server; each client pauses for this many seconds on average."""
    load = Load(server.port, clients, ask, pause)
    try:
        yield load
    finally:
        load.stopped.set()
        load.join()
