"""Classes of one name: in two schemas, and in two modules with tables in one schema."""

from collections.abc import Iterator

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


def person(module: str, schema: str, table: str) -> type[Base]:
    """Return a class, as a file of its own would define it."""

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

EXTENSIONS: list[str] = []
NOT_TRIED: dict[str, str] = {}

ALWAYS_ENFORCED: list[str] = []


def rows() -> Iterator[Base]:
    for model in MODELS:
        yield from (model(name="a"), model(name="b"))
