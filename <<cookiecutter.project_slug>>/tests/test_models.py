"""The models, with the rows of app/seeds.py: a new model is tested as soon as it has rows there.

Write tests of your own in the same way.  What a test writes to the database is rolled back.
"""

import pytest
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import Base
from plumbing import diagram
from plumbing.testing import check_constraints, check_times


def test_rows_can_be_read(session: Session, rows: list[Base]) -> None:
    """What has been inserted can be loaded again."""
    session.commit()
    for row in rows:
        session.refresh(row)
        assert row in session


def test_constraints(session: Session, rows: list[Base]) -> None:
    """The database refuses rows that break a constraint of the models."""
    check_constraints(session, rows)


def test_times(session: Session, rows: list[Base]) -> None:
    """An update of a row sets updated_at, and leaves created_at as it is."""
    check_times(session, rows)


def test_diagram() -> None:
    """docs/models.md shows the models as they are."""
    with create_app("testing").app_context():
        for difference in diagram.differences():
            pytest.fail(difference, pytrace=False)
