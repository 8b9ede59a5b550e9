# A model with db.Column and no annotations, as older tutorials write it.
# app/models/page.py
"""A model."""

from app.extensions import db


class Page(db.Model):  # type: ignore[name-defined,misc]
    """A page."""

    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), unique=True, nullable=False)
    views = db.Column(db.Integer, nullable=False, default=0)
    notes = db.relationship("Note", backref="page", lazy=True)


class Note(db.Model):  # type: ignore[name-defined,misc]
    """A note on a page."""

    id = db.Column(db.Integer, primary_key=True)
    page_id = db.Column(db.Integer, db.ForeignKey("page.id"), nullable=False)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.page import Note, Page


def rows() -> Iterator[Base]:
    page = Page(title="One")
    yield page
    yield Page(title="Two")
    yield Note(page=page)
