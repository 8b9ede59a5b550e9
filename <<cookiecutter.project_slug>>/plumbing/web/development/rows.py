"""Pages in development that show the rows of every table of the models: /_rows/"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.datastructures import MultiDict

from plumbing.current import metadata
from plumbing.errors import UserError, sqlstate
from plumbing.explanations import EXPECTED, UPGRADE, explain
from plumbing.migrations.history import pending
from plumbing.web.development import queries
from plumbing.web.development.hosts import refuse_foreign_names
from plumbing.web.development.queries import OPERATORS, ROWS, Filter, Source, View
from plumbing.web.development.values import (
    Row,
    read_row,
    referring_url,
    referring_values,
    table_url,
    texts_of,
)

MONOSPACE = ("uuid", "bytea", "json", "jsonb", "xml", "blob", "inet", "cidr", "macaddr")

MIGRATE = "Run: python db_manage.py migrate"
QUERY_CANCELED = "57014"
SLOW = "Filter or sort by a column that has an index."
# After these the address is at fault: data exceptions, and what some types raise for bad input.
BAD_VALUES = ("22", "42601", "42883")
# What is shown on the page; a text that is not in the encoding of its database is a UnicodeError.
PROBLEMS = (*EXPECTED, UserError, UnicodeError)

blueprint = Blueprint("plumbing_rows", __name__, url_prefix="/_rows")
blueprint.before_request(refuse_foreign_names)


@dataclass
class Header:
    """The head of a column."""

    name: str
    type: str
    style: str
    url: str  # sorts by the column
    order: str  # how it is sorted now: ascending, descending, or not at all


@dataclass
class Page:
    """A page of a table."""

    headers: list[Header]
    rows: list[Row]
    number: str  # of all rows, in words
    has_next: bool


@dataclass
class Referring:
    """A link to the rows that refer to a row by one foreign key."""

    name: str
    url: str
    number: str


@blueprint.after_request
def no_store(response: Response) -> Response:
    """Keep rows out of caches."""
    response.headers["Cache-Control"] = "no-store"
    return response


# Pages


@blueprint.get("/")
def index() -> str:
    """List the tables."""
    return render_template("plumbing/rows_index.html", schemas=tables_by_schema())


@blueprint.get("/<path:key>")
def table(key: str) -> ResponseReturnValue:
    """Show the rows of a table, twenty at a time."""
    found = find_table(key)
    view = view_of(request.args)
    page, problem, status = None, "", 200
    try:
        page = read_page(found, view)
    except PROBLEMS as error:
        problem, status = explanation(error), status_of(error)
    text = render_template(
        "plumbing/rows.html",
        table=found,
        view=view,
        page=page,
        problem=problem,
        operators=OPERATORS,
        filters=[(each, without(found, view, each)) for each in view.filters],
        first=(view.page - 1) * ROWS + 1,
        previous=table_url(found, replace(view, page=view.page - 1)),
        next=table_url(found, replace(view, page=view.page + 1)),
        start=table_url(found, replace(view, page=1)),
    )
    return text, status


@blueprint.get("/<path:key>/row")
def row(key: str) -> ResponseReturnValue:
    """Show one row: each value as a whole, and links to the rows that refer to it."""
    found = find_table(key)
    identity = [Filter(name, "is", value) for name, value in request.args.items(multi=True)]
    source, shown, problem, status = None, None, "", 200
    links: list[Referring] = []
    try:
        with queries.read_only() as connection:
            source = queries.find(connection, found)
            mapping = queries.row(connection, source, identity)
            if mapping:
                shown = read_row(source, mapping, whole=True)
                links = links_to(connection, source, texts_of(source, mapping))
            else:
                problem, status = f"{found.key} has no such row.", 404
    except PROBLEMS as error:
        problem, status = explanation(error), status_of(error)
    text = render_template(
        "plumbing/row.html",
        table=found,
        headers=headers(source, View()) if source else [],
        row=shown,
        links=links,
        problem=problem,
    )
    return text, status


# What they show


def tables_by_schema() -> dict[str, list[Table]]:
    """Return the tables of each schema; no schema is an empty string."""
    found: dict[str, list[Table]] = {}
    for each in sorted(metadata().tables.values(), key=lambda each: (each.schema or "", each.name)):
        found.setdefault(each.schema or "", []).append(each)
    return found


def find_table(key: str) -> Table:
    """Return the table of the models that SQLAlchemy has under a key, or answer 404."""
    found = metadata().tables.get(key)
    if found is None:
        abort(404, f"No model has a table {key}.")
    return found


def view_of(arguments: MultiDict[str, str]) -> View:
    """Return what the address of a page asks for."""
    parts = [arguments.getlist(name) for name in ("column", "operator", "value")]
    filters = [Filter(*given) for given in zip(*parts, strict=False) if given[0]]
    return View(
        filters=tuple(filters),
        sort=arguments.get("sort", ""),
        descending=arguments.get("order") == "desc",
        page=page_number(arguments.get("page", "")),
    )


def page_number(given: str) -> int:
    """Return the number of a page that exists at least in principle."""
    try:
        return min(max(1, int(given)), queries.LAST_PAGE)
    except ValueError:
        return 1


def read_page(table: Table, view: View) -> Page:
    """Return a page of a table."""
    with queries.read_only() as connection:
        source = queries.find(connection, table)
        found = queries.rows(connection, source, view)
        count = queries.count(connection, source, view.filters)
        estimate = 0
        if count > queries.COUNTED and not view.filters:
            estimate = queries.estimate(connection, source)
    return Page(
        headers=headers(source, view),
        rows=[read_row(source, each) for each in found[:ROWS]],
        number=in_words(count, queries.COUNTED, estimate),
        has_next=len(found) > ROWS,
    )


def in_words(count: int, counted: int, estimate: int = 0) -> str:
    """Return a number of rows, which may only be known to be larger than what was counted."""
    if count <= counted:
        return "1 row" if count == 1 else f"{count:,} rows"
    if estimate <= counted:
        return f"more than {counted:,} rows"
    rounded = round(estimate, 2 - len(str(estimate)))
    return f"about {rounded:,} rows"


def headers(source: Source, view: View) -> list[Header]:
    """Return the heads of the columns."""
    first = next(iter(source.sorted_by(view)), "")
    found = []
    for name in source.names:
        field = source.field(name)
        order = ""
        if name == first:
            order = "descending" if view.descending else "ascending"
        reverse = replace(view, sort=name, descending=order == "ascending", page=1)
        url = table_url(source.table, reverse)
        found.append(Header(name, field.type, style_of(source, name), url, order))
    return found


def style_of(source: Source, name: str) -> str:
    """Return the class of a column's cells."""
    field = source.field(name)
    refers = any(reference.pairs[-1][0] == name for reference in source.references)
    if field.is_number and not refers:  # a label beside a number would push it out of line
        return "number"
    return "mono" if field.type.removesuffix("[]") in MONOSPACE else ""


def without(table: Table, view: View, given: Filter) -> str:
    """Return the address of the same rows and those that a filter hides."""
    filters = tuple(each for each in view.filters if each is not given)
    return table_url(table, replace(view, filters=filters, page=1))


def links_to(
    connection: Connection, source: Source, texts: dict[str, str | None]
) -> list[Referring]:
    """Return links to the rows that refer to a row, without numbers if these cannot be counted."""
    found = list(referring_values(queries.referring(source.table), texts))
    counts: Sequence[int | None]
    try:
        counts = queries.count_referring(connection, found)
    except SQLAlchemyError:  # another table is locked, missing or slow
        counts = [None] * len(found)
    links = []
    for (reference, values), count in zip(found, counts, strict=True):
        columns = ", ".join(there for _, there in reference.pairs)
        number = "" if count is None else in_words(count, queries.REFERRING_COUNTED)
        name = f"{reference.table.key} by {columns}"
        links.append(Referring(name, referring_url(reference, values), number))
    return links


# Problems


def status_of(error: Exception) -> int:
    """Return the status of a page without rows: 400 if what was typed is at fault."""
    is_known = isinstance(error, (DataError, queries.BadAddress))
    return 400 if is_known or sqlstate(error).startswith(BAD_VALUES) else 503


def explanation(error: Exception) -> str:
    """Return one line: what is wrong, and the command that helps."""
    line = explain(error)
    if sqlstate(error) == QUERY_CANCELED:
        return f"{line}. {SLOW}"
    if UPGRADE in line and not is_pending():
        return line.replace(UPGRADE, MIGRATE)
    return line


def is_pending() -> bool:
    """Return whether the database lacks migrations, or cannot be asked."""
    try:
        with queries.read_only() as connection:
            return bool(pending(connection))
    except PROBLEMS:
        return True
