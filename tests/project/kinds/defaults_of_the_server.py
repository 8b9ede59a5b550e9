# Defaults with expressions that PostgreSQL prints differently.
# app/models/session.py
"""A model."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Double, Interval, Numeric, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Session(BaseModel):
    """A session."""

    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(server_default=text("gen_random_uuid()::text"))
    key: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    ends: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp() + '1 day'")
    )
    starts: Mapped[dt.datetime] = mapped_column(
        DateTime, server_default=text("(now() at time zone 'utc')")
    )
    day: Mapped[dt.date] = mapped_column(server_default=func.current_date())
    zone: Mapped[str] = mapped_column(Text, server_default=text("current_setting('TimeZone')"))
    role: Mapped[str] = mapped_column(String(63), server_default=text("current_user"))
    data: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text('\'{"b": 1, "a": []}\'')
    )
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    built: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("jsonb_build_object('a', 1)")
    )
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("ARRAY[]::text[]"))
    numbers: Mapped[list[int]] = mapped_column(ARRAY(Numeric), server_default="{1,2}")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    hidden: Mapped[bool] = mapped_column(server_default="f")
    balance: Mapped[int] = mapped_column(server_default=text("-1"))
    rate: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="-0.50")
    ratio: Mapped[float] = mapped_column(Double, server_default=text("1e-3"))
    length: Mapped[dt.timedelta] = mapped_column(Interval, server_default="90 minutes")
    address: Mapped[str] = mapped_column(INET, server_default="127.0.0.1")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.session import Session


def rows() -> Iterator[BaseModel]:
    yield Session()
    yield Session(token="x", data={"a": [1]}, tags=["one"])
