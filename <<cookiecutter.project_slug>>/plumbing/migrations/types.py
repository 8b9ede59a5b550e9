"""A type for columns that no Python class describes."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class SqlType(UserDefinedType[Any]):
    """A type by its name in SQL: SqlType("vector(3)").

    Migrations use it to create a column again whose type SQLAlchemy does not know.
    """

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"SqlType({self.name!r})"
