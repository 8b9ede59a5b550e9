"""A pytest plugin: the end of a run."""

import pytest

from tests.support.servers import stop_shared_server


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that the workers have shared."""
    if not is_worker(config):
        stop_shared_server(config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
