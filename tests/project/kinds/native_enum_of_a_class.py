# A Python enum, stored by its names through an annotation, and by its values.
# app/models/parcel.py
"""A model."""

import enum

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Size(enum.Enum):
    """How large a parcel is."""

    SMALL = "s"
    LARGE = "l"


class Speed(enum.StrEnum):
    """How fast a parcel is."""

    SLOW = "slow"
    FAST = "fast"


class Parcel(BaseModel):
    """A parcel."""

    __tablename__ = "parcels"

    size: Mapped[Size]
    former: Mapped[Size | None]
    speed: Mapped[Speed] = mapped_column(
        Enum(Speed, name="speeds", values_callable=lambda speeds: [speed.value for speed in speeds])
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.parcel import Parcel, Size, Speed


def rows() -> Iterator[BaseModel]:
    yield Parcel(size=Size.SMALL, speed=Speed.SLOW)
    yield Parcel(size=Size.LARGE, former=Size.SMALL, speed=Speed.FAST)
