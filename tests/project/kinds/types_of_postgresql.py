# PostgreSQL's own types: inet, bits, money, xml, OID, CHAR, time zones.
# app/models/packet.py
"""A model."""

import datetime as dt
from typing import Any

from sqlalchemy import CHAR, LargeBinary, SmallInteger, Time, Unicode
from sqlalchemy.dialects.postgresql import BIT, CIDR, INTERVAL, MACADDR, MONEY, OID, REAL, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Packet(BaseModel):
    """A packet."""

    __tablename__ = "packets"

    network: Mapped[str | None] = mapped_column(CIDR)
    mac: Mapped[str | None] = mapped_column(MACADDR)
    flags: Mapped[Any | None] = mapped_column(BIT(3))
    bits: Mapped[Any | None] = mapped_column(BIT(varying=True, length=8))
    cost: Mapped[str | None] = mapped_column(MONEY)
    code: Mapped[str] = mapped_column(CHAR(3))
    small: Mapped[int] = mapped_column(SmallInteger)
    real: Mapped[float] = mapped_column(REAL)
    object: Mapped[int | None] = mapped_column(OID)
    time: Mapped[dt.time] = mapped_column(Time(timezone=True))
    precise: Mapped[dt.datetime | None] = mapped_column(TIMESTAMP(timezone=True, precision=3))
    days: Mapped[dt.timedelta | None] = mapped_column(INTERVAL(fields="DAY TO SECOND"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    title: Mapped[str] = mapped_column(Unicode(20))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.packet import Packet


def rows() -> Iterator[BaseModel]:
    yield Packet(
        network="10.0.0.0/8",
        code="abc",
        small=1,
        real=0.5,
        time=dt.time(12, tzinfo=dt.UTC),
        body=b"\x00",
        title="Zoë",
        flags="101",
    )
