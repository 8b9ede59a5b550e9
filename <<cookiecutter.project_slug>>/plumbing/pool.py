"""The connection pool of the application: it waits for a busy database, not for a silent one."""

import time
from contextlib import closing, suppress
from threading import Lock, Thread
from typing import Any

from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

LOOK_EVERY = 0.2  # seconds that a request waits before it looks whether the database is silent
ASK_EVERY = 1.0  # seconds
ANSWER_WITHIN = 0.8  # seconds, then the database counts as silent
THREAD = "pool"


class FailFastPool(QueuePool):
    """A pool in which requests give up early when all connections are in use and the database hangs.

    Statements that wait for a lock keep the connections for seconds.  A request that needs one had
    better wait, up to `pool_timeout`.  But if the server hangs, it would keep a thread for nothing.
    So while requests wait, a thread asks the server on a connection outside of the pool.  Once that
    has no answer for most of a second, they fail, and so does every other that finds none free.
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
                raise TimeoutError("The database does not answer, and no connection to it is free")
            try:
                return super().connect()
            except TimeoutError:
                if time.monotonic() >= deadline:
                    raise
            self.ask()

    def is_silent(self) -> bool:
        """Return whether the database has been asked, and should have answered by now."""
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
        """Wait for an answer of the database.  An error is one, too."""
        with suppress(Exception), closing(self.open()) as connection:
            connection.cursor().execute("SELECT 1")
