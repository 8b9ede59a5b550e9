"""Test migrations while the application uses their table: those of docs/database.md, and careless ones."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from lessons.replay import blocks, commands
from tests.support.bake import Project
from tests.support.commands import applying, edit
from tests.support.load import Load, served, steady, until
from tests.support.sessions import assert_one_error, session
from tests.support.shop import FILL, ROWS, UPGRADE, add_orders, ask, chapter, recipes, step, write

LIMIT = 5  # seconds; the value of MIGRATION_LOCK_TIMEOUT


@pytest.fixture
def shop(ready: Project) -> Project:
    add_orders(ready)
    return ready


@pytest.mark.parametrize("rows", [ROWS, pytest.param(1_000_000, marks=pytest.mark.deep)])
def test_recipes(shop: Project, rows: int) -> None:
    """No request fails or waits for a lock longer than a migration may, and the models match the result."""
    assert rows == ROWS or shop.sql(FILL.format(rows - ROWS)) == ""
    assert f'MIGRATION_LOCK_TIMEOUT = "{LIMIT}s"' in (shop.path / "app/config.py").read_text()
    names = write(shop, recipes(shop))
    assert "NOT VALID" in shop.ok(*UPGRADE, "--sql")
    name = shop.sql("SELECT current_database()")
    shop.sql(f"ALTER DATABASE {name} SET lock_timeout = '{LIMIT}s'")  # a request that waits longer fails
    with served(shop, workers=4) as server, steady(server, 8, ask) as load:
        until(lambda: len({reply.text for reply in load.replies if reply.method == "GET"}) == 4)
        assert shop.ok(*UPGRADE).splitlines() == applying(names)
        load.more(200)
    assert load.failed() == []
    with (shop.path / "app/models/order.py").open("a") as file:
        file.write('    state: Mapped[str] = mapped_column(Text, server_default="new", index=True)\n')
    constraint = '(CheckConstraint("amount >= 0", name="amount"), {"schema": "shop"})'
    edit(shop, "app/models/order.py", '{"schema": "shop"}', constraint)
    shop.ok("python", "db_manage.py", "diagram")
    assert "models and diagram match" in shop.ok("python", "db_manage.py", "check")
    assert int(shop.sql("SELECT count(*) FROM shop.orders WHERE state = 'new'")) > rows


CARELESS_INDEX = """
def upgrade():
    op.create_index("ix_orders_customer", "orders", ["customer"], schema="shop")
"""
CARELESS_CONSTRAINT = """
def upgrade():
    op.create_check_constraint("customer", "orders", "customer <> ''", schema="shop")
"""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query {} '^(CREATE|ALTER) '"
)
CLIENTS = 5  # as many as one worker has connections, so that all of them can wait for a lock


@contextmanager
def lasting(project: Project, revision: str) -> Iterator[float]:
    """Apply a migration, prolonged by a lock like VACUUM's; yield the time when it began to wait.

    Such a lock blocks only migrations.
    """
    with session(project, "BEGIN; LOCK TABLE shop.orders IN SHARE UPDATE EXCLUSIVE MODE"):
        run = project.start(*UPGRADE, revision)
        until(lambda: project.sql(WAITING.format("~")) == "1")
        yield time.monotonic()
        assert run.poll() is None
    output = run.communicate()[0]
    assert run.returncode == 0, output


def answered(load: Load, since: float) -> set[str]:
    """Return the methods of requests that began after a time and were answered."""
    return {reply.method for reply in load.replies if reply.start > since and reply.status == 200}


def all_pass(load: Load, since: float) -> bool:
    return answered(load, since) == {"GET", "POST"}


def test_long_revisions(shop: Project) -> None:
    """Long migrations from docs/database.md block no request; careless ones block writes, or all."""
    edit(shop, "app/config.py", f'MIGRATION_LOCK_TIMEOUT = "{LIMIT}s"', 'MIGRATION_LOCK_TIMEOUT = "300s"')
    write(shop, [*recipes(shop), CARELESS_INDEX, CARELESS_CONSTRAINT])
    with served(shop, workers=2) as server, steady(server, CLIENTS, ask) as load:

        def all_clients_wait() -> bool:
            return shop.sql(WAITING.format("!~")) == str(CLIENTS)

        load.more(50)
        for first, careful in ((step(3), step(4)), (step(5), step(6))):
            shop.ok(*UPGRADE, first)
            with lasting(shop, careful) as since:
                until(partial(all_pass, load, since))
        with lasting(shop, step(7)) as since:
            until(all_clients_wait)
            assert "POST" not in answered(load, since)
        with lasting(shop, step(8)) as since:
            until(all_clients_wait)
            assert answered(load, since) == set()
    assert load.failed() == []


def test_table_in_use(shop: Project) -> None:
    """A migration gives up, requests behind it proceed, and even one that builds an index can rerun."""
    edit(shop, "app/config.py", f'MIGRATION_LOCK_TIMEOUT = "{LIMIT}s"', 'MIGRATION_LOCK_TIMEOUT = "1s"')
    names = write(shop, recipes(shop)[:2])
    ((invalid, *_),) = [commands(b.body)[0] for b in blocks(chapter(shop)) if b.language == "console"]
    gives_up = "canceling statement due to lock timeout. Another session uses the table. Try again later."
    with served(shop, workers=2) as server, steady(server, 6, ask) as load:
        with session(shop, "BEGIN; SELECT amount FROM shop.orders WHERE id = 1"):
            assert_one_error(shop, " ".join(UPGRADE), gives_up)
            load.more(50)
        assert shop.ok(*UPGRADE, step(3)) == f"Applying: {names[0]}\n"
        with session(shop, "BEGIN; UPDATE shop.orders SET amount = 0 WHERE id = 0"):
            assert_one_error(shop, " ".join(UPGRADE), gives_up)
            load.more(50)
        assert shop.ok("sh", "-c", invalid) == "shop.ix_orders_state\n"
        assert shop.ok(*UPGRADE) == f"Applying: {names[1]}\n"
        assert shop.ok("sh", "-c", invalid) == ""
    assert load.failed() == []
