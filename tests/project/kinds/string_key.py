# A meaningful string as the key.
# app/models/country.py
"""A model."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Country(Base):
    """A country."""

    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str]


class City(Base):
    """A city."""

    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("countries.code"), index=True)
    country: Mapped[Country] = relationship()
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.country import City, Country


def rows() -> Iterator[Base]:
    france = Country(code="fr", name="France")
    yield france
    yield Country(code="it", name="Italy")
    yield City(country=france)
    yield City(country_code="it")
