# A table that others refer to is renamed.
# app/models/planet.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Planet(BaseModel):
    """A planet."""

    __tablename__ = "planets"

    name: Mapped[str] = mapped_column(unique=True)


class Moon(BaseModel):
    """A moon of a planet."""

    __tablename__ = "moons"

    planet_id: Mapped[int | None] = mapped_column(ForeignKey("planets.id"), index=True)
    planet: Mapped[Planet | None] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.planet import Moon, Planet


def rows() -> Iterator[BaseModel]:
    mars = Planet(name="Mars")
    yield mars
    yield Moon()
    yield Planet(name="Venus")
# then: app/models/planet.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Planet(BaseModel):
    """A planet."""

    __tablename__ = "worlds"

    name: Mapped[str] = mapped_column(unique=True)


class Moon(BaseModel):
    """A moon of a planet."""

    __tablename__ = "moons"

    planet_id: Mapped[int | None] = mapped_column(ForeignKey("worlds.id"), index=True)
    planet: Mapped[Planet | None] = relationship()
