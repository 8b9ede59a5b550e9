# Three models that refer to each other in a chain are removed together.
# app/models/zine.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Author(BaseModel):
    """An author."""

    __tablename__ = "authors"

    name: Mapped[str]


class Zine(BaseModel):
    """A zine, whose name sorts after its authors'."""

    __tablename__ = "zines"

    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)
    author: Mapped[Author] = relationship()


class Advert(BaseModel):
    """An advert in a zine, whose name sorts before the zine's."""

    __tablename__ = "adverts"

    zine_id: Mapped[int] = mapped_column(ForeignKey("zines.id"), index=True)
    zine: Mapped[Zine] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.zine import Advert, Author, Zine


def rows() -> Iterator[BaseModel]:
    zine = Zine(author=Author(name="Ann"))
    yield zine
    yield Advert(zine=zine)
# then: app/models/zine.py
# then: app/seeds.py
"""No rows."""

from collections.abc import Iterator

from app.models.base import BaseModel


def rows() -> Iterator[BaseModel]:
    yield from ()
