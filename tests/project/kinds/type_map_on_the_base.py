# The owner's type map on the base, for dictionaries, lists and times.
# app/models/memo.py
"""A model."""

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import BaseModel

Base.registry.update_type_annotation_map(
    {
        dt.datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }
)


class Memo(BaseModel):
    """A memo."""

    __tablename__ = "memos"

    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    tags: Mapped[list[str]]
    due_at: Mapped[dt.datetime | None]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import datetime as dt
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.memo import Memo


def rows() -> Iterator[BaseModel]:
    yield Memo(tags=["a"])
    yield Memo(tags=[], data={"a": [1]}, due_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
