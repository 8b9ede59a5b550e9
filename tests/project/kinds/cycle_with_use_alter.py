# Two tables that refer to each other, one with use_alter.
# app/models/club.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Club(BaseModel):
    """A club, led by one of its members."""

    __tablename__ = "clubs"

    name: Mapped[str]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", use_alter=True))
    leader: Mapped["Member | None"] = relationship(foreign_keys=[leader_id], post_update=True)


class Member(BaseModel):
    """A member of a club."""

    __tablename__ = "members"

    name: Mapped[str] = mapped_column(unique=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id"))
    club: Mapped[Club] = relationship(foreign_keys=[club_id])
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.club import Club, Member


def rows() -> Iterator[BaseModel]:
    club = Club(name="Chess")
    ann = Member(name="Ann", club=club)
    club.leader = ann
    yield ann
    yield Member(name="Bob", club=club)
