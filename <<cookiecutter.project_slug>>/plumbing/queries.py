"""`User.query`, as in the documentation of Flask and Flask-SQLAlchemy.

Flask-SQLAlchemy gives it to models on `db.Model`.  Those on a base class of your own need it from
here.  For new code, SQLAlchemy recommends `db.session.scalars(db.select(User))`.
"""

from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import orm

from plumbing.current import db

Model = TypeVar("Model")

if TYPE_CHECKING:

    class Query(orm.Query[Model]):
        """Flask-SQLAlchemy's Query, which itself says nothing of the type of its rows."""

        def get_or_404(self, ident: Any, description: str | None = None) -> Model: ...

        def first_or_404(self, description: str | None = None) -> Model: ...

        def one_or_404(self, description: str | None = None) -> Model: ...

        def paginate(
            self,
            *,
            page: int | None = None,
            per_page: int | None = None,
            max_per_page: int | None = None,
            error_out: bool = True,
            count: bool = True,
        ) -> Pagination: ...


class QueryProperty:
    """The attribute `query` of a model: a new query in the session of the active application."""

    def __get__(self, row: Model | None, model: type[Model]) -> "Query[Model]":
        query: Any = db().Query(model, session=db().session())
        return cast("Query[Model]", query)


def query_property() -> QueryProperty | Any:
    """Return the attribute `query`.

    Its type includes Any, so that a model may have a column of that name instead.
    """
    return QueryProperty()
