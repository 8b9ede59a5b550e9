"""Put an observer or a connection pooler between a program and its PostgreSQL server.

Both listen on a Unix socket in a folder, under the name that libpq looks for, and speak as much of
PostgreSQL's protocol as they need: https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
Forward = Callable[[bytes], bool]


def listen(folder: Path, serve: Callable[[socket.socket], None]) -> socket.socket:
    """Serve each client that connects to the folder in its own thread, until the socket is closed."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / SOCKET))
    listener.listen(100)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


def upstream(folder: str) -> socket.socket:
    """Return a connection to the server whose socket is in a folder."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{folder}/{SOCKET}")
    return connection


def messages(connection: socket.socket, first: bool = False) -> Iterator[bytes]:
    """Yield each message of a connection, complete; only a client's first message has no type."""
    with contextlib.suppress(OSError), connection.makefile("rb") as stream:
        while head := stream.read(4 if first else 5):
            (length,) = struct.unpack("!I", head[-4:])
            yield head + stream.read(length - 4)
            first = False


@contextlib.contextmanager
def observed(server: str, folder: Path, forward: Forward) -> Iterator[None]:
    """Let clients reach a server through a folder; `forward` sees each message that they send.

    If it returns False, the message is withheld and both sides are disconnected.
    """

    def serve(client: socket.socket) -> None:
        with client, upstream(server) as connection:

            def back() -> None:
                with contextlib.suppress(OSError):
                    while data := connection.recv(65536):
                        client.sendall(data)
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)

            threading.Thread(target=back, daemon=True).start()
            with contextlib.suppress(OSError):
                for message in messages(client, first=True):
                    if not forward(message):
                        break
                    connection.sendall(message)
                for side in (client, connection):
                    side.shutdown(socket.SHUT_RDWR)

    with listen(folder, serve):
        yield


@contextlib.contextmanager
def pooled(server: str, folder: Path) -> Iterator[None]:
    """Let clients reach a server through a folder, sharing a pool of sessions among their transactions.

    Like PgBouncer with `pool_mode = transaction`, it assigns a session for the length of a transaction,
    reuses the most recent one first, and gives clients a process id that belongs to no one.
    """
    idle: dict[bytes, list[tuple[socket.socket, Iterator[bytes], list[bytes]]]] = {}

    def session(startup: bytes) -> tuple[socket.socket, Iterator[bytes], list[bytes]]:
        """Return an idle session for such a client, or a new one, with the server's greeting."""
        if idle.setdefault(startup, []):
            return idle[startup].pop()
        connection = upstream(server)
        connection.sendall(startup)
        replies, greeting = messages(connection), []
        for reply in replies:
            greeting.append(reply if reply[:1] != b"K" else reply[:5] + struct.pack("!II", 2**31 - 1, 1))
            if reply[:1] == b"Z":
                break
        return connection, replies, greeting

    def serve(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, StopIteration):
            requests = messages(client, first=True)
            startup = next(requests)
            held = session(startup)
            client.sendall(b"".join(held[2]))
            idle[startup].append(held)
            batch = b""
            current = None
            for message in requests:
                if message[:1] == b"X":
                    return
                batch += message
                if message[:1] not in (b"Q", b"S"):  # a batch ends with a query or a sync
                    continue
                current = current or session(startup)
                current[0].sendall(batch)
                batch = b""
                for reply in current[1]:
                    client.sendall(reply)
                    if reply[:1] == b"Z":
                        break
                if reply[5:6] == b"I":  # no transaction is open
                    idle[startup].append(current)
                    current = None

    with listen(folder, serve):
        yield
