"""The page at / in development, until the application has one of its own."""

from dataclasses import dataclass
from importlib.metadata import version
from inspect import getsourcefile
from pathlib import Path
from platform import python_version
from typing import Any

from flask import current_app, render_template, request, url_for

from plumbing.current import mappers, metadata, root
from plumbing.diagram.picture import picture
from plumbing.web.development.hosts import refuse_foreign_names
from plumbing.web.development.overview import overview
from plumbing.web.development.rows import tables_by_schema
from plumbing.web.errors import JSON_PATH

FIRST_PAGE = '''\
@blueprint.get("/")
def home() -> str:
    """Show the first page."""
    return render_template("home.html")
'''
FIRST_TEMPLATE = """\
{% extends "base.html" %}
{% block content %}
<p>This is my first page.</p>
{% endblock %}
"""
FIRST_MODEL = """\
from sqlalchemy.orm import Mapped, mapped_column

from {package}.models.base import BaseModel


class Note(BaseModel):
    __tablename__ = "notes"

    content: Mapped[str] = mapped_column()
"""
NEW_COLUMNS = ("notes", "remarks", "description", "extra")
OURS = {"health", "plumbing", "plumbing_rows"}  # blueprints


@dataclass
class Change:
    """An example of a first change of the models."""

    file: str
    model: str  # to which a column is added; empty if the file is a new model
    name: str
    code: str


def welcome() -> str | None:
    """Return the page for requests to / that no view of the application answers."""
    reads = request.method in ("GET", "HEAD")
    if request.path != "/" or not reads or request.url_rule is not None:
        return None
    refuse_foreign_names()
    return render_template(
        "plumbing/welcome.html",
        database=overview(),
        versions=versions(),
        schemas=tables_by_schema(),
        models=models_by_table(),
        picture=picture(metadata()),
        rows_url=rows_url,
        pages=pages(),
        package=current_app.import_name,
        first_page=FIRST_PAGE,
        first_template=FIRST_TEMPLATE,
        change=first_change(),
    )


def versions() -> dict[str, str]:
    """Return the versions of Python and of the main packages."""
    packages = ("Flask", "SQLAlchemy")
    return {"Python": python_version()} | {name: version(name) for name in packages}


def models_by_table() -> dict[str, list[str]]:
    """Return the names of the models by the key of their table; a table between two has none."""
    models: dict[str, list[str]] = {}
    for mapper in mappers():
        key = getattr(mapper.local_table, "key", "")
        models.setdefault(key, []).append(mapper.class_.__name__)
    return models


def rows_url(key: str) -> str:
    """Return the address of the page that shows the rows of a table."""
    return url_for("plumbing_rows.table", key=key)


def pages() -> list[str]:
    """Return the addresses of the application's own pages, without those that need arguments.

    Of a JSON API that is the page that describes it.
    """
    rules = [rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    own = [rule for rule in rules if rule.endpoint.partition(".")[0] not in OURS]
    addresses = [rule.rule for rule in own if "GET" in (rule.methods or ())]
    return sorted(
        each for each in addresses if not each.startswith(JSON_PATH) or each == f"{JSON_PATH}docs"
    )


def first_change() -> Change:
    """Return a column to add to a model, or, if there is no model, one to write."""
    for mapper in mappers():
        file = source_file(mapper.class_)
        free = [name for name in NEW_COLUMNS if name not in mapper.all_orm_descriptors]
        if file and free:
            code = f"    {free[0]}: Mapped[str | None]"
            return Change(file, mapper.class_.__name__, free[0], code)
    package = current_app.import_name
    return Change(f"{package}/models/note.py", "", "notes", FIRST_MODEL.format(package=package))


def source_file(model: type[Any]) -> str | None:
    """Return the file of a model, from the project's folder; none if it is not in there."""
    path = Path(getsourcefile(model) or "")
    return path.relative_to(root()).as_posix() if path.is_relative_to(root()) else None
