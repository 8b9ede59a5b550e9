# Two classes in two tables that share a key.
# app/models/staff.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Employee(BaseModel):
    """An employee."""

    __tablename__ = "employees"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}

    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)


class Engineer(Employee):
    """An engineer."""

    __tablename__ = "engineers"
    __mapper_args__ = {"polymorphic_identity": "engineer"}

    id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    language: Mapped[str] = mapped_column(unique=True)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.staff import Employee, Engineer


def rows() -> Iterator[BaseModel]:
    yield Employee(name="Ann")
    yield Engineer(name="Bob", language="C")
    yield Engineer(name="Cid", language="D")
