"""The connection pool of the application.

It waits for a busy database, but not for one that does not respond.  It never hands out a connection
that the server has closed, and pings the server only if a connection has been idle.
"""

import select
import time
from contextlib import closing, suppress
from threading import Lock, Thread
from typing import Any

from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

LOOK_EVERY = 0.2  # seconds that a request waits before the database is asked
ASK_EVERY = 1.0  # seconds
ANSWER_WITHIN = 0.8  # seconds without an answer, after which the database counts as hanging
THREAD = "pool"
IDLE = 3.0  # seconds since a connection was last taken, after which the server is asked
TAKEN = "taken"  # the key of that time among what is known of a connection


class FailFastPool(QueuePool):
    """A pool in which requests give up early when all connections are in use and the database hangs.

    Statements that wait for a lock keep their connections for seconds.  A request that needs one should
    then wait, up to `pool_timeout`.  But if the server hangs, waiting would only occupy a thread.  So
    while requests wait, a thread asks the server on a connection outside the pool.  If there is no
    answer for most of a second, they fail, and so does every other request that finds none free.
    """

    def __init__(self, creator: Any, timeout: float = 30.0, **options: Any) -> None:
        super().__init__(creator, timeout=min(timeout, LOOK_EVERY), **options)
        self.open = creator
        self.patience = timeout
        self.one_at_a_time = Lock()
        self.asker: Thread | None = None
        self.asked = 0.0

    def recreate(self) -> QueuePool:
        """Return a new pool with the same options."""
        pool = super().recreate()
        assert isinstance(pool, FailFastPool)
        pool.patience = self.patience
        return pool

    def connect(self) -> PoolProxiedConnection:
        """Return a connection.  Raises TimeoutError if none becomes free, or the database is silent."""
        deadline = time.monotonic() + self.patience
        while True:
            if self.checkedin() == 0 and self.is_silent():
                raise TimeoutError("The database does not respond, and no connection is free")
            try:
                connection = super().connect()
            except TimeoutError:
                if time.monotonic() >= deadline:
                    raise
                self.ask()
            else:
                if is_usable(connection):
                    return connection
                connection.invalidate()

    def is_silent(self) -> bool:
        """Return whether the database was asked, and has not answered in time."""
        return self.is_asking() and time.monotonic() - self.asked > ANSWER_WITHIN

    def is_asking(self) -> bool:
        """Return whether the database still owes an answer."""
        return self.asker is not None and self.asker.is_alive()

    def ask(self) -> None:
        """Ask the database in a daemon thread, one at a time."""
        with self.one_at_a_time:
            if self.is_asking() or time.monotonic() - self.asked < ASK_EVERY:
                return
            self.asked = time.monotonic()
            self.asker = Thread(name=THREAD, target=self.query, daemon=True)
            self.asker.start()

    def query(self) -> None:
        """Wait for an answer from the database; an error is an answer too."""
        with suppress(Exception), closing(self.open()) as connection:
            connection.cursor().execute("SELECT 1")


def is_usable(connection: PoolProxiedConnection) -> bool:
    """Return whether the server still has a connection.

    A server that stops, or ends a session, closes the socket.  Only a connection that has been idle
    can be lost silently, in the network.
    """
    now = time.monotonic()
    taken = connection.info.get(TAKEN, now)
    connection.info[TAKEN] = now
    if now - taken < IDLE and not has_news(connection):
        return True
    return answers(connection)


def has_news(connection: PoolProxiedConnection) -> bool:
    """Return whether the server has closed the socket, or sent something unasked."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def answers(connection: PoolProxiedConnection) -> bool:
    """Return whether the server answers."""
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except Exception:
        return False
    return True
