# A type map on a base, Annotated types, and timestamps set only by annotations.
# app/models/memo.py
"""A model."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from sqlalchemy import DateTime, ForeignKey, Numeric, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel

Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, 50]
Money = Annotated[Decimal, mapped_column(Numeric(12, 2))]
Parent = Annotated[int | None, mapped_column(ForeignKey("memos.id"))]
Now = Annotated[dt.datetime, mapped_column(server_default=func.now())]


class MappedBase(BaseModel):
    """A row whose annotations determine its types."""

    __abstract__ = True

    type_annotation_map: ClassVar[Any] = {
        dt.datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(String),
        Name: String(50),
    }


class Memo(MappedBase):
    """A memo."""

    __tablename__ = "memos"

    name: Mapped[Name]
    price: Mapped[Money]
    seen_at: Mapped[Now]
    due_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[Literal["open", "done"]] = mapped_column(String, server_default="open")
    parent_id: Mapped[Parent]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator
from decimal import Decimal

from app.models.base import BaseModel
from app.models.memo import Memo


def rows() -> Iterator[BaseModel]:
    yield Memo(name="a", price=Decimal("1.00"))
    yield Memo(name="b", price=Decimal("2.50"), status="done")
