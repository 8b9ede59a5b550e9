"""Define single-table, joined and concrete inheritance, with columns that only some classes have."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.ext.declarative import ConcreteBase
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Animal(Base):
    __tablename__ = "animals"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}
    __table_args__: Any = (CheckConstraint("kind <> 'cat' OR lives IS NOT NULL", name="lives"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)


class Cat(Animal):
    """Has no table of its own."""

    __mapper_args__ = {"polymorphic_identity": "cat"}

    lives: Mapped[int | None] = mapped_column(use_existing_column=True)
    mother_id: Mapped[int | None] = mapped_column(ForeignKey("animals.id"))

    mother: Mapped[Animal | None] = relationship(remote_side=Animal.id)


class Lion(Animal):
    """Shares a column with the cats."""

    __mapper_args__ = {"polymorphic_identity": "lion"}

    lives: Mapped[int | None] = mapped_column(use_existing_column=True)


class Dog(Animal):
    """Has its own table next to that of its base class, with its own constraint."""

    __tablename__ = "dogs"
    __mapper_args__ = {"polymorphic_identity": "dog"}
    __table_args__ = (UniqueConstraint("trick", "place"),)

    id: Mapped[int] = mapped_column(ForeignKey("animals.id"), primary_key=True)
    trick: Mapped[str]
    place: Mapped[str]


class Guide(Dog):
    __tablename__ = "guides"
    __mapper_args__ = {"polymorphic_identity": "guide"}

    dog_id: Mapped[int] = mapped_column("guide", ForeignKey("dogs.id"), primary_key=True)
    licence: Mapped[str] = mapped_column(unique=True)


class Employee(ConcreteBase, Base):
    __tablename__ = "employees"
    __mapper_args__ = {"polymorphic_identity": "employee", "concrete": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Manager(Employee):
    """Has all its columns in its own table."""

    __tablename__ = "managers"
    __mapper_args__ = {"polymorphic_identity": "manager", "concrete": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    office: Mapped[str] = mapped_column(unique=True)


EXTENSIONS: list[str] = []
NOT_TRIED: dict[str, str] = {}

ALWAYS_ENFORCED: list[str] = []


def rows() -> Iterator[Base]:
    tom = Cat(name="Tom", lives=9)
    yield from (tom, Cat(name="Kit", lives=1, mother=tom), Lion(name="Leo", lives=1), Animal(name="Elk"))
    yield from (Dog(name="Rex", trick="sit", place="Rome"), Dog(name="Pax", trick="sit", place="Bern"))
    yield Guide(name="Max", trick="lead", place="Bern", licence="1")
    yield Guide(name="Mia", trick="lead", place="Rome", licence="2")
    yield from (Employee(name="a"), Employee(name="a"))
    yield from (Manager(name="a", office="1"), Manager(name="a", office="2"))
