"""Test clients that send slowly or incompletely: others are served, complete requests are answered."""

import http.client
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.support.bake import Project
from tests.support.commands import edit
from tests.support.load import Server, add_pages, served

THREADS = 10
CLIENTS = 4 * THREADS
ANSWERED_WITHIN = 120  # seconds, on the busiest machine
LATER = 600  # seconds, for limits that must not be the reason for an answer
LIMITS = ("RECEIVE_WITHIN = 30", "CLIENT_TIMEOUT = 60")
PAGES = """
from pathlib import Path

from flask import Blueprint, request, send_file

blueprint = Blueprint("pages", __name__)


@blueprint.get("/page")
def page():
    return "page"


@blueprint.post("/body")
def body():
    return str(len(request.get_data()))


@blueprint.post("/unread")
def unread():
    return "unread"


@blueprint.get("/large")
def large():
    return 30_000_000 * "x"


@blueprint.get("/file")
def file():
    Path("file").write_bytes(30_000_000 * b"x")
    return send_file(Path("file").resolve())
"""
HOST = "Host: localhost\r\n"
POST = f"POST /body HTTP/1.1\r\n{HOST}"
READ_LARGE = f"GET /large HTTP/1.1\r\n{HOST}\r\n"
UNREAD = f"POST /unread HTTP/1.1\r\n{HOST}"
PARTS = {
    "nothing": "",
    "half a request line": "GET /pa",
    "no headers": "GET /page HTTP/1.1\r\n",
    "half a header": "GET /page HTTP/1.1\r\nHost: loc",
    "no end of the headers": f"GET /page HTTP/1.1\r\n{HOST}",
    "a very long header": "GET /page HTTP/1.1\r\nX: " + 100_000 * "x",
    "no body": f"{POST}Content-Length: 1000\r\n\r\n",
    "half a body": f"{POST}Content-Length: 1000\r\n\r\n" + 500 * "x",
    "half a large body": f"{POST}Content-Length: 1000000\r\n\r\n" + 500_000 * "x",
    "half a body that nobody reads": f"{UNREAD}Content-Length: 1000\r\n\r\n" + 500 * "x",
    "half a body after a 100": f"{POST}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n" + 500 * "x",
    "half of a second request": f"GET /page HTTP/1.1\r\n{HOST}\r\nGET /pa",
    "another protocol": "\x16\x03\x01\x02\x00\x01\x00\x01",
    # These are answered, but then the clients neither send the rest nor close the connection.
    "half of too large a body": f"{POST}Content-Length: 9000000\r\n\r\n" + 500_000 * "x",
    "half of too large a body that nobody reads": f"{UNREAD}Content-Length: 9000000\r\n\r\n" + 500 * "x",
    "half a chunk": f"{POST}Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + 500 * "x",
    "an error": "GET\r\n\r\n",
    "a whole request": f"GET /page HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",
}


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=300)


def send(client: socket.socket, text: str) -> None:
    """Send a text, unless the server answers before it has received everything and closes the connection."""
    with suppress(ConnectionError):
        client.sendall(text.encode("latin-1"))


@contextmanager
def stuck(server: Server, part: str, count: int) -> Iterator[list[socket.socket]]:
    """Send part of a request many times, and nothing more."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(count)]
        for client in clients:
            send(client, part)
        yield clients


def status(server: Server, path: str) -> int:
    """Return the status of a page, or 0 if there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWERED_WITHIN)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except TimeoutError:
        return 0
    finally:
        connection.close()


@pytest.fixture
def paged(ready: Project) -> Project:
    add_pages(ready, PAGES)
    return ready


@pytest.fixture
def patient(paged: Project) -> Project:
    """A server that never gives up on a client while a test runs."""
    for limit in LIMITS:
        edit(paged, "plumbing/worker.py", limit, f"{limit.partition('=')[0]}= {LATER}")
    return paged


def test_others_are_served(patient: Project) -> None:
    """Others are answered while four times as many clients as threads hold back part of a request."""
    with served(patient, workers=1) as server:
        for name, part in PARTS.items():
            with stuck(server, part, CLIENTS):
                assert (status(server, "/healthz"), status(server, "/page")) == (200, 200), name


def test_health_checks_have_threads_of_their_own(patient: Project) -> None:
    """Health checks are answered while clients that never read their answers occupy all other threads."""
    with served(patient, workers=1) as server, stuck(server, READ_LARGE, THREADS):
        assert status(server, "/healthz") == 200
        assert status(server, "/readyz") == 200


@pytest.mark.parametrize("path", ["/large", "/file"])
def test_slow_readers(paged: Project, path: str) -> None:
    """The server gives up on clients that do not read their answers."""
    edit(paged, "plumbing/worker.py", "CLIENT_TIMEOUT = 60", "CLIENT_TIMEOUT = 3")
    request = READ_LARGE.replace("/large", path)
    with served(paged, workers=1) as server, stuck(server, request, THREADS):
        assert status(server, "/page") == 200


def drip(client: socket.socket, server_closed: threading.Event) -> None:
    """Send endless headers, a byte at a time."""
    with suppress(OSError):
        for byte in "GET /page HTTP/1.1\r\nX: " + 100_000 * "x":
            client.sendall(byte.encode())
            if select.select([client], [], [], 0.5)[0]:
                break
    server_closed.set()


@pytest.mark.long
def test_the_server_closes(paged: Project) -> None:
    """A request gets half a minute to arrive, even if bytes keep coming."""
    closed = threading.Event()
    with served(paged, workers=1) as server, ExitStack() as stack:
        dripping = stack.enter_context(connect(server))
        threading.Thread(target=drip, args=(dripping, closed), daemon=True).start()
        clients = [stack.enter_context(stuck(server, part, 1))[0] for part in PARTS.values()]
        for client in clients:
            while client.recv(65536):
                pass
        assert closed.wait(300)


def test_stop(patient: Project) -> None:
    """An incomplete request does not delay a stop as long as one that is being answered may."""
    edit(patient, "gunicorn.conf.py", "graceful_timeout = 30", f"graceful_timeout = {LATER}")
    with served(patient, workers=1) as server, stuck(server, "GET /pa", CLIENTS):
        assert status(server, "/page") == 200  # these clients have been accepted
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LATER / 2) == 0


def answers(client: socket.socket) -> list[tuple[str, str]]:
    """Return the status and body of each answer until the server closes the connection."""
    text = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    return re.findall(r"HTTP/1\.[01] (\d+) [^\r]*\r\n(?:[^\r]+\r\n)*\r\n((?:(?!HTTP/1)[^<])*)", text)


CLOSE = "Connection: close\r\n"
REQUESTS = {
    "a page": (f"GET /page HTTP/1.1\r\n{HOST}{CLOSE}\r\n", [("200", "page")]),
    "HTTP/1.0": ("GET /page HTTP/1.0\r\n\r\n", [("200", "page")]),
    "a body": (f"{POST}{CLOSE}content-length:\t5\r\n\r\nabcde", [("200", "5")]),
    "an empty body": (f"{POST}{CLOSE}Content-Length: 0\r\n\r\n", [("200", "0")]),
    "a body that nobody reads": (f"{UNREAD}{CLOSE}Content-Length: 3\r\n\r\nabc", [("200", "unread")]),
    "two requests": (
        f"{UNREAD}Content-Length: 3\r\n\r\nabc{POST}Content-Length: 2\r\n{CLOSE}\r\nab",
        [("200", "unread"), ("200", "2")],
    ),
    "a 100": (
        f"{POST}Expect: 100-continue\r\nContent-Length: 4\r\n{CLOSE}\r\nabcd",
        [("100", ""), ("200", "4")],
    ),
    "two lengths": (f"{POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", [("400", "")]),
    "no number": (f"{POST}Content-Length: 1x\r\n\r\na", [("400", "")]),
    "no request": ("hello\r\n\r\n", [("400", "")]),
}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces(paged: Project, size: int) -> None:
    """Requests that arrive in pieces are answered like any others."""
    found = {}
    with served(paged, workers=1) as server:
        for name, (request, _) in REQUESTS.items():
            with connect(server) as client:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for start in range(0, len(request), size):
                    send(client, request[start : start + size])
                    time.sleep(0.001)  # otherwise the kernel would join them
                found[name] = answers(client)
    assert found == {name: expected for name, (_, expected) in REQUESTS.items()}


def test_upload(paged: Project) -> None:
    """A body of any length that the application allows arrives in full."""
    edit(paged, "app/config.py", "MAX_CONTENT_LENGTH = 2**20", "MAX_CONTENT_LENGTH = 2**24")
    with served(paged, workers=1) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        for size in (1, 2**16, 2**20, 2**20 + 1, 2**23, 0):
            connection.request("POST", "/body", body=size * b"x")
            assert connection.getresponse().read() == str(size).encode()
        connection.close()
