# Two classes in one table.
# app/models/animal.py
"""A model."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Animal(BaseModel):
    """An animal."""

    __tablename__ = "animals"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)


class Dog(Animal):
    """A dog."""

    __mapper_args__ = {"polymorphic_identity": "dog"}

    tricks: Mapped[str | None]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.animal import Animal, Dog
from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield Animal(name="Kit")
    yield Dog(name="Rex", tricks="sit")
    yield Dog(name="Max")
