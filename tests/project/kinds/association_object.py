# An association object whose primary key is its two foreign keys.
# app/models/membership.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.base import BaseModel


class Person(BaseModel):
    """A person."""

    __tablename__ = "people"

    name: Mapped[str]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")
    teams: AssociationProxy[list["Team"]] = association_proxy("memberships", "team")


class Team(BaseModel):
    """A team."""

    __tablename__ = "teams"

    name: Mapped[str]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="team")


class Membership(Base):
    """A person in a team."""

    __tablename__ = "memberships"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    role: Mapped[str]
    person: Mapped[Person] = relationship(back_populates="memberships")
    team: Mapped[Team] = relationship(back_populates="memberships")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.membership import Membership, Person, Team


def rows() -> Iterator[Base]:
    ann = Person(name="Ann")
    red, blue = Team(name="Red"), Team(name="Blue")
    yield ann
    yield red
    yield blue
    yield Membership(person=ann, team=red, role="captain")
    yield Membership(person=ann, team=blue, role="guest")
