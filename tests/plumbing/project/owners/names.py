"""Define classes with the same name: in two schemas, in two modules, and in another database."""

from collections.abc import Iterator

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


def person(module: str, schema: str, table: str) -> type[Base]:
    """Return a class, as its own file would define it."""

    class Person(Base):
        __module__ = module
        __tablename__ = table
        __table_args__ = {"schema": schema}

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(unique=True)
        boss_id: Mapped[int | None] = mapped_column(ForeignKey("crew.people.id"))

    return Person


Crew = person("app.models.crew", "crew", "people")
Guest = person("app.models.guests", "guests", "people")
Visitor = person("app.models.visitors", "guests", "visitors")
MODELS = [Crew, Guest, Visitor]


class Elsewhere(Base):
    """Flask-SQLAlchemy gives a model with a __bind_key__ its own metadata."""

    __tablename__ = "people"
    __table_args__ = {"schema": "crew"}
    metadata = MetaData()

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str]


EXTENSIONS: list[str] = []
NOT_TRIED: dict[str, str] = {}

ALWAYS_ENFORCED: list[str] = []


def rows() -> Iterator[Base]:
    for model in MODELS:
        yield from (model(name="a"), model(name="b"))
