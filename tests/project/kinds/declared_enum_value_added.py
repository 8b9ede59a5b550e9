# A declared model's enum gets a value.
# models: Parcel size:enum(small|large)=small
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.parcel import Parcel


def rows() -> Iterator[BaseModel]:
    yield Parcel(size="small")
# then: app/models/parcel.py
"""A model."""

from typing import Literal, get_args

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel

ParcelSize = Literal["small", "large", "huge"]


class Parcel(BaseModel):
    """A parcel."""

    __tablename__ = "parcels"

    size: Mapped[ParcelSize] = mapped_column(
        Enum(
            *get_args(ParcelSize),
            name="size",
            native_enum=False,
            create_constraint=True,
            length=32,
        ),
        server_default="small",
    )
# then: app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.parcel import Parcel


def rows() -> Iterator[BaseModel]:
    yield Parcel(size="small")
    yield Parcel(size="huge")
