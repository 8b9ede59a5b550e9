"""Measure how many requests per second a generated project answers, next to bare Flask and plain psycopg.

    python benchmarks/serving.py [PAIRS [SECONDS [WORKERS...]]]

All servers run at the same time, on Unix sockets, under gunicorn with the settings of the project's
gunicorn.conf.py, except for its log.  The client asks them in turn, each for SECONDS (half a second by default),
on connections that stay open if the server allows it.  Every response must be a 200 with the right body.
"""

import json
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from operator import call
from pathlib import Path

import plots
from migrations import Project, projects
from pairs import compare

WORKERS = (1, 2, 4)
CONNECTIONS = 16
SECONDS = 0.5  # for which one side is asked
PATIENCE = 60  # seconds to wait for an answer, or for a server to start or to stop
HEALTH = ("/healthz", {"status": "ok"})
USER = ("/users/1", {"id": 1, "username": "ada", "email": "ada@example.org"})
COMPARED = (  # a request, the two servers, and what the second one represents
    (HEALTH, "project", "bare-with-log", "bare Flask with a log"),
    (HEALTH, "project", "bare", "bare Flask without"),
    (USER, "project", "stock", "Flask-SQLAlchemy"),
    (USER, "project", "bare", "plain psycopg"),
)
INSERT = "INSERT INTO {} (id, username, email) VALUES (1, 'ada', 'ada@example.org')"

OURS = """

from app.extensions import db
from app.models import User
"""
STOCK = """\
from app import User, create_app, db

app = create_app()
"""
ORM_VIEW = """

@app.get("/users/<int:key>")
def user(key):
    found = db.session.get(User, key)
    return {"id": found.id, "username": found.username, "email": found.email}
"""
LOADED = "a worker has loaded this"
TELL = f"""

if __name__ != "__main__":
    import sys

    print("{LOADED}", file=sys.stderr, flush=True)
"""
CONFIG = """\
import runpy
import sys

sys.path.append({folder!r})  # plumbing is there
settings = runpy.run_path({folder!r} + "/gunicorn.conf.py")
globals().update((name, settings[name]) for name in settings if not name.startswith(("__", "log", "access")))
"""
BARE = """\
import os
import threading

import psycopg
from flask import Flask

app = Flask(__name__)
local = threading.local()
QUERY = "SELECT id, username, email, created_at, updated_at FROM users.users WHERE id = %s"


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/users/<int:key>")
def user(key):
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    found = local.connection.execute(QUERY, [key]).fetchone()
    return {"id": found[0], "username": found[1], "email": found[2]}
"""


def rate(address: Path, question: tuple[str, object], seconds: float) -> float:
    """Return how many answers a second come from the server on a socket to a question: its path, and the JSON."""
    path, answer = question
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    body = json.dumps(answer, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    received: dict[socket.socket, bytes] = {}  # parts of incomplete answers
    count = 0
    with selectors.DefaultSelector() as selector:

        def connect() -> None:
            connection = socket.socket(socket.AF_UNIX)
            selector.register(connection, selectors.EVENT_READ)
            received[connection] = b""
            connection.connect(str(address))
            connection.sendall(request)

        try:
            for _ in range(CONNECTIONS):
                connect()
            started = time.perf_counter()
            while (spent := time.perf_counter() - started) < seconds:
                ready = selector.select(PATIENCE)
                assert ready, f"{path}: no answer in {PATIENCE} seconds"
                for key, _ in ready:
                    connection = key.fileobj
                    assert isinstance(connection, socket.socket)
                    chunk = connection.recv(1 << 16)
                    received[connection] += chunk
                    head, _, rest = received[connection].partition(b"\r\n\r\n")
                    if chunk and len(rest) < len(body):
                        continue
                    right = head.startswith(b"HTTP/1.1 200 ") and rest == body
                    assert right, f"{path}: {received[connection]!r}"
                    count += 1
                    if b"\r\nconnection: close" in head.lower():
                        selector.unregister(connection)
                        received.pop(connection)
                        connection.close()
                        connect()
                    else:
                        received[connection] = b""
                        connection.sendall(request)
        finally:
            for connection in received:
                connection.close()
    return count / spent


@contextmanager
def served(project: Project, name: str, *options: str) -> Iterator[Path]:
    """Yield the socket of a project's application under gunicorn; its log is next to it."""
    place, log = project.path.parent / f"{name}.sock", project.path.parent / f"{name}.log"
    command = ["gunicorn", "wsgi:app", "--bind", f"unix:{place}", "--no-control-socket", *options]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=project.path, env=project.environment(), stdout=output, stderr=output
        )
    deadline = time.monotonic() + PATIENCE
    try:
        while log.read_text().count(LOADED) < int(project.variables["WEB_CONCURRENCY"]):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield place
    finally:
        process.terminate()
        process.wait(PATIENCE)


def prepare(ours: Project, stock: Project) -> Project:
    """Give both projects a view and a row; return a third without ORM.  All use our gunicorn settings."""
    with (ours.path / "wsgi.py").open("a") as file:
        file.write(OURS + ORM_VIEW + TELL)
    (stock.path / "wsgi.py").write_text(STOCK + ORM_VIEW + TELL)
    ours.sql(INSERT.format("users.users"))
    stock.sql(INSERT.format("users"))
    ours.variables |= {"FLASK_ENV": "production", "SECRET_KEY": "for a benchmark only: " + 32 * "x"}
    bare = Project(stock.path.parent / "bare", ours.variables)
    bare.path.mkdir()
    (bare.path / "wsgi.py").write_text(BARE + TELL)
    for other in (bare, stock):
        (other.path / "gunicorn.conf.py").write_text(CONFIG.format(folder=str(ours.path)))
    return bare


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    counts = [int(count) for count in sys.argv[3:]] or WORKERS
    with tempfile.TemporaryDirectory() as temporary, projects(Path(temporary)) as (ours, stock):
        bare = prepare(ours, stock)
        print(f"{pairs} pairs of {seconds:g} s; median, minimum and maximum")
        shown: dict[str, float] = {}
        started, busy = time.perf_counter(), time.process_time()
        for workers in counts:
            for project in (ours, stock, bare):
                project.variables["WEB_CONCURRENCY"] = str(workers)
            with ExitStack() as stack:
                servers = {
                    "project": served(ours, "project"),
                    "bare": served(bare, "bare"),
                    "bare-with-log": served(bare, "logged", "--access-logfile", "-"),
                    "stock": served(stock, "stock"),
                }
                place = {name: stack.enter_context(server) for name, server in servers.items()}
                print(f"\n{workers} worker{'s' if workers > 1 else ''}")
                for question, name, other, what in COMPARED[: None if workers == 1 else 2]:
                    first = (f"{question[0]}, {name}", partial(rate, place[name], question, seconds))
                    second = (what, partial(rate, place[other], question, seconds))
                    medians = compare(pairs, first, second, call, "1/s", 0)
                    if workers == 1:
                        labels = f"project, {question[0]}", f"{what}, {question[0]}"
                        shown |= dict(zip(labels, medians, strict=True))
        share = (time.process_time() - busy) / (time.perf_counter() - started)
        plots.bars("serving", "Answers a second, one worker", "1/s", shown)
        print(f"\nthe client needs {share:.0%} of a core")


if __name__ == "__main__":
    main()
