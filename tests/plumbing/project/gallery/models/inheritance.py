"""Define models with inheritance, on views, and with names that need quotes."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from gallery.extensions import Base


class Animal(Base):
    __tablename__ = "animals"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]


class Cat(Animal):
    """A subclass without a table of its own."""

    __mapper_args__ = {"polymorphic_identity": "cat"}

    lives: Mapped[int | None]


class Dog(Animal):
    __tablename__ = "dogs"
    __mapper_args__ = {"polymorphic_identity": "dog"}

    id: Mapped[int] = mapped_column(ForeignKey("animals.id"), primary_key=True)
    tricks: Mapped[str]


class Order(Base):
    __tablename__ = "order"
    __table_args__ = {"schema": "select"}

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str]


class Odd(Base):
    __tablename__ = 'a/b "c" 100%'

    id: Mapped[int] = mapped_column(primary_key=True)


class Person(Base):
    """Another schema has a model with the same name."""

    __tablename__ = "people"
    __table_args__ = {"schema": "crew"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Kennel(Base):
    """A model on a view, whose key only the model knows."""

    __table__ = Table(
        "kennels",
        Base.metadata,
        Column("kind", Text),
        Column("animals", BigInteger),
        info={"is_view": True},
    )
    __mapper_args__ = {"primary_key": [__table__.c.kind]}
