# Names that the naming convention makes longer than 63 bytes.
# app/models/long.py
"""A model."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Long(BaseModel):
    """A row of a table with a long name."""

    __tablename__ = "a_table_whose_name_is_nearly_as_long_as_postgresql_allows_it"
    __table_args__ = (
        CheckConstraint("a_number_with_a_name_that_is_long_enough > 0", name="positive"),
    )

    a_number_with_a_name_that_is_long_enough: Mapped[int] = mapped_column(unique=True)
    another_number_with_a_long_name: Mapped[int] = mapped_column(index=True)
    a_reference_to_another_row_of_this_table_id: Mapped[int | None] = mapped_column(
        ForeignKey("a_table_whose_name_is_nearly_as_long_as_postgresql_allows_it.id"), index=True
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.long import Long


def rows() -> Iterator[BaseModel]:
    yield Long(a_number_with_a_name_that_is_long_enough=1, another_number_with_a_long_name=1)
    yield Long(a_number_with_a_name_that_is_long_enough=2, another_number_with_a_long_name=1)
