"""The worker class of gunicorn.conf.py: gunicorn's threads, kept free of clients that send slowly.

In gunicorn's own worker, a thread reads the request, so ten clients that each send half a request block
ten threads.  Here the main loop reads, and a thread gets a request once it is complete.

gunicorn's master loads this module once, so it imports nothing else of this package: after a
`kill -HUP` the new workers then load new code.
"""

import gc
import os
import re
import select
import selectors
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# The methods of gunicorn's worker that BufferingWorker overrides or calls.
METHODS = (
    "accept",
    "enqueue_req",
    "finish_request",
    "handle",
    "handle_request",
    "init_process",
    "load_wsgi",
    "murder_pending",
    "set_accept_enabled",
)

# Threads that answer only this path, so that it never queues behind pages.
HEALTH_THREADS = {b"/healthz": 1, b"/readyz": 5}

BUFFER = 2**20  # bytes; the thread of a view reads a body that is longer
CHUNK = 2**16  # bytes
RECEIVE_WITHIN = 30  # seconds for a whole request
RECEIVE_WITHIN_AT_STOP = 5  # seconds, once the worker has been told to stop
CLOSE_WITHIN = 2  # seconds for a client to read the end of an answer, and close
CLIENT_TIMEOUT = 60  # seconds for a client to read some of an answer, or send some of a long body

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})", re.IGNORECASE)
TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue(?=\r\n)", re.IGNORECASE)
PATH = re.compile(rb"[A-Z]+ ([^ ?]{1,100})")


@dataclass
class Arriving:
    """A request of which a part has been received.

    Only gunicorn's parser decides what the request is: this only finds out how much to wait for.
    """

    data: bytearray
    searched: int = 0  # bytes in which the headers do not end
    length: int = 0  # bytes to wait for, as soon as that is known
    is_whole: bool = False  # whether these include the body

    def is_complete(self) -> bool:
        """Return whether a thread can take the request."""
        if not self.length:
            self.find_length()
        return 0 < self.length <= len(self.data)

    def find_length(self) -> None:
        """Find out how much to wait for, once the headers have arrived or are too long."""
        found = self.data.find(b"\r\n\r\n", max(0, self.searched - 3))
        self.searched = len(self.data)
        if found < 0:
            self.length = self.searched if self.searched > BUFFER else 0
            return
        self.length = found + 4
        declared = CONTENT_LENGTH.search(self.data, 0, self.length)
        body = int(declared[1]) if declared else 0
        is_chunked = TRANSFER_ENCODING.search(self.data, 0, self.length)
        self.is_whole = body <= BUFFER and not is_chunked
        if self.is_whole:
            self.length += body

    def take_expectation(self) -> bool:
        """Return, once, whether the client waits for a 100 before it sends the body."""
        expectation = EXPECT.search(self.data, 0, self.length)
        if not expectation:
            return False
        start, end = expectation.span()
        del self.data[start:end]
        self.length -= end - start
        return True


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose threads never wait for a request, and that stops without losing one."""

    def init_process(self) -> None:
        self.receiving: dict[Any, Arriving] = {}  # by connection, the oldest first
        self.closing: dict[Any, None] = {}
        self.health = {path: ThreadPoolExecutor(n) for path, n in HEALTH_THREADS.items()}
        is_http = self.cfg.protocol == "http" and "h2" not in self.cfg.http_protocols
        self.buffers = is_http and not self.cfg.is_ssl  # everything else is left to gunicorn
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, and keep its objects out of the garbage collection."""
        super().load_wsgi()
        gc.collect()
        gc.freeze()

    # Receive a request

    def enqueue_req(self, conn: Any) -> None:
        """Receive a request on a connection that is new, or kept open."""
        if not self.buffers:
            super().enqueue_req(conn)
            return
        if not conn.initialized:
            conn.init()  # makes its parser
            limit_waiting(conn.sock)
        if conn.sock.gettimeout() != 0:
            conn.sock.setblocking(False)
        request = Arriving(bytearray(conn.parser.unreader.take_buffered()))
        if request.is_complete() or self.receive(conn, request):
            self.hand_over(conn, request)
            return
        conn.timeout = time.monotonic() + (RECEIVE_WITHIN if self.alive else RECEIVE_WITHIN_AT_STOP)
        self.receiving[conn] = request
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_data, conn))

    def on_data(self, conn: Any, _socket: Any) -> None:
        """Receive more of a request."""
        request = self.receiving[conn]
        if self.receive(conn, request):
            del self.receiving[conn]
            self.poller.unregister(conn.sock)
            self.hand_over(conn, request)

    def receive(self, conn: Any, request: Arriving) -> bool:
        """Take what has arrived.  Returns whether that is all, or the client has left."""
        try:
            data = conn.sock.recv(CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        request.data += data
        if not data or request.is_complete():
            return True
        if request.take_expectation():
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return False

    def hand_over(self, conn: Any, request: Arriving) -> None:
        """Let a thread answer a request."""
        conn.parser.unreader.unread(bytes(request.data))
        conn.data_ready = True
        conn.is_whole = request.is_whole
        path = PATH.match(request.data)
        threads: Any = self.health.get(path[1] if path else b"", self.tpool)
        answer = threads.submit(self.handle, conn)
        answer.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    # Answer it

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer, and close the connection if the client may still send the body.

        Otherwise a thread would wait for the rest of a body that no view reads.
        """
        if self.buffers and not conn.is_whole:
            req.force_close()
        return super().handle_request(req, conn)

    # Close the connection

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep the connection, or close it; gunicorn's own waits for the client meanwhile."""
        is_kept = not fs.cancelled() and not fs.exception() and fs.result()
        if is_kept or not self.buffers:
            super().finish_request(conn, fs)
            return
        self.closing[conn] = None
        conn.timeout = time.monotonic() + CLOSE_WITHIN
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_rest, conn))
        except (OSError, ValueError):  # it is closed already
            self.drop(conn)

    def on_rest(self, conn: Any, _socket: Any) -> None:
        """Discard what the client still sends.  Once it closes, so does the server."""
        try:
            data = conn.sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(conn)

    def drop(self, conn: Any) -> None:
        """Close a connection for good."""
        self.receiving.pop(conn, None)
        self.closing.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):  # it is not registered
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Drop the connections whose time is over; gunicorn calls this at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for waiting in (self.receiving, self.closing):
            for conn in list(takewhile(lambda conn: conn.timeout < now, waiting)):
                self.drop(conn)

    # Stop

    def set_accept_enabled(self, enabled: bool) -> None:
        """Told to stop, accept the clients that are connected, and refuse others.

        gunicorn's own resets the connections that it has not accepted yet.  Its pull request
        https://github.com/benoitc/gunicorn/pull/3612 would replace this method.
        """
        super().set_accept_enabled(enabled)
        is_serving = self.alive and self.ppid == os.getppid()
        if enabled or is_serving:
            return
        for listener in self.sockets:
            while is_readable(listener):
                self.accept(listener)
            listener.close()
        latest = time.monotonic() + RECEIVE_WITHIN_AT_STOP
        for conn in self.receiving:
            conn.timeout = min(conn.timeout, latest)


def missing_methods() -> list[str]:
    """Return the methods that the installed gunicorn lacks: without them the worker would be gunicorn's own."""
    return [name for name in METHODS if not hasattr(ThreadWorker, name)]


def limit_waiting(client: Any) -> None:
    """Let the kernel end a thread's wait for a client that neither reads nor sends.

    Unlike `settimeout`, this costs nothing for each request.  It has no effect on `sendfile`.
    """
    timeout = struct.pack("@ll", CLIENT_TIMEOUT, 0)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)


def is_readable(listener: Any) -> bool:
    """Return whether a connection waits to be accepted."""
    readable, _, _ = select.select([listener], [], [], 0)
    return bool(readable)
