"""`User.query`, as in the documentation of Flask and Flask-SQLAlchemy.

Flask-SQLAlchemy adds it to models on `db.Model` only.  New code can do without: SQLAlchemy
recommends `db.session.scalars(db.select(User))`.
"""

from typing import Any, TypeVar

from flask import abort
from flask_sqlalchemy.pagination import Pagination, QueryPagination
from sqlalchemy import orm
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from plumbing.current import db

Model = TypeVar("Model")


class Query(orm.Query[Model]):
    """Flask-SQLAlchemy's Query, with types, and without the deprecated Query.get()."""

    def get_or_404(self, ident: Any, description: str | None = None) -> Model:
        """Return the row with a primary key, or answer 404."""
        model: Any = self.column_descriptions[0]["entity"]
        row: Model | None = self.session.get(model, ident)
        return found(row, description)

    def first_or_404(self, description: str | None = None) -> Model:
        """Return the first row, or answer 404 if there is none."""
        return found(self.first(), description)

    def one_or_404(self, description: str | None = None) -> Model:
        """Return the only row, or answer 404 if there is none or several."""
        try:
            return self.one()
        except (NoResultFound, MultipleResultsFound):
            abort(404, description=description)

    def paginate(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        max_per_page: int | None = 100,
        error_out: bool = True,
        count: bool = True,
    ) -> Pagination:
        """Return a page of the rows: the one that the request names in ?page= and ?per_page=."""
        return QueryPagination(
            query=self,
            page=page,
            per_page=per_page,
            max_per_page=max_per_page,
            error_out=error_out,
            count=count,
        )


def found(row: Model | None, description: str | None) -> Model:
    """Return a row, or answer 404 if there is none."""
    if row is None:
        abort(404, description=description)
    return row


class QueryProperty:
    """The attribute `query` of a model: a new query in the session of the active application."""

    def __get__(self, row: Model | None, model: type[Model]) -> Query[Model]:
        return Query(model, session=db().session())


def query_property() -> QueryProperty | Any:
    """Return the attribute `query`.

    Its type includes Any, so that a model may have a column of that name instead.
    """
    return QueryProperty()
