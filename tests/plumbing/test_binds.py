"""Test models in another database: `check` says that they are left alone."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plumbing import binds

LOG = """\
from sqlalchemy.orm import Mapped, mapped_column

from draft.extensions import Base, db


class Log({base}):
    __bind_key__ = "logs"
    __tablename__ = "logs"

    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize(
    ("base", "line"),
    [
        (
            "db.Model",
            "Not checked: logs in the database 'logs'."
            " Migrations, seeds and tests use only the main database.",
        ),
        (
            "Base",
            "Ignored: the __bind_key__ of Log, whose table is in the main database."
            " It has an effect only in models on db.Model: class Log(db.Model)",
        ),
    ],
)
def test_left_alone(draft: Callable[..., Path], base: str, line: str) -> None:
    draft({"models/log.py": LOG.format(base=base)})
    package: Any = import_module("draft")
    with package.create_app().app_context():
        assert list(binds.left_alone()) == [line]


def test_one_database(draft: Callable[..., Path]) -> None:
    draft()
    package: Any = import_module("draft")
    with package.create_app().app_context():
        assert list(binds.left_alone()) == []
