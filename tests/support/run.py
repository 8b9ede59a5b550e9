"""Plug into pytest for the run as a whole: what workers share, signs of life and a clean end."""

import os
import signal
import threading
import time
from types import FrameType

import pytest

from tests.support.servers import stop_shared_server
from tests.support.shared import free_memory

QUIET = 15  # seconds without a sign of life


class Run:
    """The run, in the process that all workers report to."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.interrupted = False
        self.heard = time.monotonic()
        self.running: dict[str, float] = {}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.show_life, daemon=True)

    def pytest_sessionstart(self) -> None:
        self.thread.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Handle Ctrl-C from now on: before this, there is nothing to summarize."""
        signal.signal(signal.SIGINT, self.interrupt)

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """End the run with its summary, but without a traceback."""
        self.interrupted = True
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pytest.exit("Interrupted", returncode=130)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.running[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.running.pop(nodeid, None)
        self.heard = time.monotonic()

    def show_life(self) -> None:
        """Print which tests are running whenever nothing has been printed for a while."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        while reporter and not self.ended.wait(1):
            now = time.monotonic()
            if now - self.heard > QUIET:
                self.heard = now
                slowest = min(self.running.items(), key=lambda item: item[1], default=("collecting", now))
                reporter.write_line(f"Running: {slowest[0]}, {now - slowest[1]:.0f} s")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.ended.set()

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Stop the server that the workers shared, unless tests/support/supervise.py does."""
        if not (self.interrupted and "SUPERVISED" in os.environ):
            base = self.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
            stop_shared_server(base)
            free_memory(base)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_configure(config: pytest.Config) -> None:
    # A shell makes its background commands ignore Ctrl-C, and everything the tests start would inherit that.
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(config))
